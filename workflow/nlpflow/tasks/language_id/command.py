"""`nlpflow identify`: the language of arguments, lines of standard input, or a column of a CSV."""

import csv
import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from nlpflow.errors import UserError
from nlpflow.tasks.language_id.identifier import BATCH, LONGEST, Answer, Identifier, load_identifier
from nlpflow.text.streams import decodable

LINE_BYTES = 4 * LONGEST
"""Of a longer line the rest is skipped: nothing of it would be looked at."""

Item = TypeVar("Item")


def identify(
    run: str,
    texts: Sequence[str],
    top: int,
    threshold: float,
    table: str | None,
    column: str | None,
) -> int:
    """Print the answers; returns the exit status.

    :param table: a CSV file, and :param column: the name of its column; or neither
    """
    if top < 1:
        raise UserError(f"--top {top}: at least one language is needed")
    if not 0 <= threshold <= 1:
        raise UserError(f"--threshold {threshold}: a probability from 0 to 1 is needed")
    if (table is None) != (column is None):
        raise UserError("--csv and --column belong together: give both or neither")
    if table is not None and texts:
        raise UserError("--csv takes the texts from a file: give no others")
    identifier, _ = load_identifier(Path(run))
    gc.freeze()  # else every few thousand answers all that is loaded is searched for garbage
    if table is not None and column is not None:
        _identify_csv(identifier, Path(table), column, top, threshold)
        return 0
    # A terminal gets each line's answer at once; other input is identified many lines at a time.
    size = 1 if not texts and sys.stdin.isatty() else BATCH
    for chunk in _chunks(map(decodable, texts) if texts else lines(sys.stdin.buffer), size):
        answers = identifier.identify(chunk, top, threshold)
        rows = ("\t".join(_cells(answer)) for answer in answers)
        sys.stdout.write("\n".join(rows) + "\n")
        sys.stdout.flush()
    return 0


def lines(stream: BinaryIO) -> Iterator[str]:
    """Lines of a stream; invalid UTF-8 is replaced, and no line fills the memory."""
    while line := stream.readline(LINE_BYTES):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_BYTES)
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def _identify_csv(
    identifier: Identifier, path: Path, column: str, top: int, threshold: float
) -> None:
    """Write the table to standard output, with the answers in columns after its own."""
    csv.field_size_limit(sys.maxsize)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            rows = csv.reader(stream)
            header = next(rows, [])
            if column not in header:
                known = ", ".join(header) or "none"
                raise UserError(f"{path}: there is no column '{column}'; its columns are: {known}")
            place = header.index(column)
            names = [f"{name}_{i + 1}" for i in range(top) for name in ("language", "probability")]
            if top == 1:
                names = ["language", "probability"]
            writer.writerow([*header, *(_free(name, header) for name in names)])
            for chunk in _chunks(rows, BATCH):
                texts = [decodable(row[place]) if place < len(row) else "" for row in chunk]
                answers = identifier.identify(texts, top, threshold)
                for row, answer in zip(chunk, answers, strict=True):
                    filled = row + [""] * (len(header) - len(row))
                    writer.writerow([*filled, *_cells(answer), *[""] * 2 * (top - len(answer))])
    except (OSError, csv.Error) as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise UserError(f"{path}: cannot be read: {error}") from None
    sys.stdout.flush()


def _free(name: str, header: Sequence[str]) -> str:
    """`name`, or with underscores behind it where the table has such a column already."""
    while name in header:
        name += "_"
    return name


def _cells(answers: Iterable[Answer]) -> list[str]:
    return [cell for answer in answers for cell in (answer.language, f"{answer.probability:.4f}")]


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
