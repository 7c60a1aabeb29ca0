"""The subcommand `nlpflow identify`."""

import csv
import gc
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from nlpflow.cli.lines import open_lines, open_output
from nlpflow.cli.options import RunFolder, Source, Target, Texts, best
from nlpflow.errors import UserError
from nlpflow.text.streams import LONGEST_LINE, batches, open_input, read_lines

if TYPE_CHECKING:
    from nlpflow.api import Answer, LanguageRun

MOST = 4096
"""Texts identified at once."""


def identify(
    run: RunFolder,
    texts: Texts = None,
    source: Source = None,
    target: Target = None,
    top: Annotated[int, best("most probable languages")] = 1,
    threshold: Annotated[
        float,
        typer.Option(
            metavar="P",
            min=0,
            max=1,
            help="Leave out languages whose probability is below P, from 0 to 1.",
        ),
    ] = 0.0,
    table: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="Read the texts from a column of a CSV file with a header, and write the table "
            "with additional columns for the answers.",
        ),
    ] = None,
    column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name the column of --csv to read.")
    ] = None,
) -> None:
    """Identify the language of texts with a trained run.

    It prints one line per text: language and probability, separated by a tab. With --top, more
    such pairs follow on the same line. The answer is und (undetermined) if no language reaches the
    threshold, if the text has no letters (an empty line gives und and 0.0000), or if the run was
    not trained on its script.

    Example: nlpflow identify results/language_id/four/seed-1 "Yo creo que sí."
    """
    if (table is None) != (column is None):
        raise typer.BadParameter("--csv and --column belong together", param_hint="--csv")
    if table is not None and (texts or source is not None):
        raise typer.BadParameter(
            "the texts come from the table; give neither TEXT nor --input", param_hint="--csv"
        )
    if table is not None and column is not None:
        _identify_csv(run, table, column, target, top, threshold)
        return
    with open_lines(texts, source, target, MOST) as lines:
        identifier = _loaded(run)
        for chunk in lines.chunks:
            answers = identifier.identify(chunk.lines, top, threshold)
            lines.write("".join(["\t".join(_cells(answer)) + "\n" for answer in answers]))


def _loaded(folder: Path) -> "LanguageRun":
    from nlpflow.api.language_id import LanguageRun

    run = LanguageRun(folder)
    gc.freeze()  # keeps the garbage collector from scanning the loaded modules again and again
    return run


def _identify_csv(
    run: Path, path: Path, column: str, target: Path | None, top: int, threshold: float
) -> None:
    """Write the table with additional columns for the answers."""
    with open_input(path) as (stream, name), open_output(target) as write:
        rows = _rows(stream, name)
        header = next(rows, [])
        if header.count(column) != 1:
            known = ", ".join(header) or "none"
            there = "is no column" if column not in header else "are several columns"
            raise UserError(f"{name}: there {there} '{column}'; the columns are: {known}")
        identifier, at = _loaded(run), header.index(column)
        names = [f"{cell}_{i + 1}" for i in range(top) for cell in ("language", "probability")]
        if top == 1:
            names = ["language", "probability"]
        write(_csv_text([[*header, *(_free(name, header) for name in names)]]))
        for batch in batches(rows, MOST, lambda row: sum(map(len, row))):
            answers = identifier.identify([row[at] for row in batch], top, threshold)
            for row, answer in zip(batch, answers, strict=True):
                row += _cells(answer) + [""] * 2 * (top - len(answer))
            write(_csv_text(batch))


def _rows(stream: BinaryIO, name: str) -> Iterator[list[str]]:
    """The header, then the rows. Short rows are filled with empty cells.

    Raises:
        UserError: a row has too many cells, or cannot be parsed
    """
    csv.field_size_limit(LONGEST_LINE)  # bounds memory if a quotation mark is never closed
    rows = csv.reader((line for line, _ in read_lines(stream, name)), strict=True)
    columns = 0
    try:
        for row in rows:
            columns = columns or len(row)
            if len(row) > columns:
                raise UserError(
                    f"{name}, line {rows.line_num}: {len(row)} cells, and the header has "
                    f"{columns}; put cells that contain a comma between quotation marks"
                )
            yield row + [""] * (columns - len(row))
    except csv.Error as error:
        reason = str(error).partition(" - ")[0]  # the rest is a hint to programmers
        raise UserError(f"{name}, line {rows.line_num}: cannot be read: {reason}") from None


def _csv_text(rows: Iterable[Sequence[str]]) -> str:
    from nlpflow.tables import quoted

    return "".join(",".join(quoted(cell, ",") for cell in row) + "\n" for row in rows)


def _free(name: str, header: Sequence[str]) -> str:
    """`name`, with underscores appended until the table has no such column."""
    while name in header:
        name += "_"
    return name


def _cells(answers: "Iterable[Answer]") -> list[str]:
    return [cell for answer in answers for cell in (answer.language, f"{answer.probability:.4f}")]
