"""Read the lines of corpus files block by block; malformed lines are listed, not fatal."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.download.archives import open_member
from nlpflow.errors import UserError
from nlpflow.settings.registry import CorpusFile
from nlpflow.text.streams import BYTE_ORDER_MARK, LONGEST_LINE, without_marks

BLOCK_BYTES = 32 * 1024**2
SHOWN = 80
"""Characters of a malformed line that are kept."""

TEXT = pa.large_string()
LINES = pa.schema([("text", TEXT), ("problem", TEXT)])
MALFORMED = pa.schema([("file", TEXT), ("line", pa.int64()), ("problem", TEXT), ("text", TEXT)])


def file_lines(file: CorpusFile, path: Path) -> pa.Table:
    """The lines of a file: `text`, and `problem`, which is null for a well-formed line."""
    return pa.concat_tables([LINES.empty_table(), *line_blocks(file, path)])


def line_blocks(file: CorpusFile, path: Path) -> Iterator[pa.Table]:
    """The lines of a file as `file_lines` has them, some megabytes at a time."""
    with open_member(path, file.member) as stream:
        for lines in _blocks_of_lines(stream):
            yield pa.table(_decode(lines), schema=LINES)


def _blocks_of_lines(stream: BinaryIO) -> Iterator[pa.LargeBinaryArray]:
    """The lines of a file, some megabytes at a time.

    LF and CRLF end a line, and CR alone in a file that has it in place of LF. U+2028, U+0085 and
    the like do not: they occur inside sentences. Byte order marks at the start of a line are
    dropped: a concatenation of files may have several.
    """
    end = b""
    rest = stream.read(len(BYTE_ORDER_MARK)).removeprefix(BYTE_ORDER_MARK)
    while block := stream.read(BLOCK_BYTES):
        rest += block
        end = end or _line_end(rest)
        if end:
            whole, found, rest = rest.rpartition(end)
            if found:
                yield _cut_lines(whole, end)
        # What a line has beyond the limit is never needed.
        rest = rest[: max(LONGEST_LINE + 1, BLOCK_BYTES)]
    if rest:
        end = end or b"\n"
        yield _cut_lines(rest.removesuffix(end), end)


def _line_end(start: bytes) -> bytes:
    """The line ending of a file that begins like this; empty if that is not clear yet."""
    if b"\n" in start:
        return b"\n"
    return b"\r" if b"\r" in start[:-1] else b""


def _cut_lines(block: bytes, end: bytes) -> pa.LargeBinaryArray:
    """The lines of a block that begins at the start of a line."""
    block = without_marks(block, end)
    lines = pc.split_pattern(pa.array([block], pa.large_binary()), end).flatten()
    if b"\r\n" in block or block.endswith(b"\r"):
        ended = pc.ends_with(lines, b"\r")
        lines = pc.if_else(ended, pc.binary_slice(lines, 0, -1), lines)
    return lines


def _decode(lines: pa.LargeBinaryArray) -> dict[str, pa.Array]:
    problem = pa.nulls(len(lines), TEXT)
    too_long = pc.greater(pc.binary_length(lines), LONGEST_LINE)
    problem = pc.if_else(too_long, f"longer than {LONGEST_LINE} bytes", problem)
    problem = pc.if_else(pc.match_substring(lines, b"\0"), "has a NUL byte", problem)
    try:
        text = lines.cast(TEXT)
    except pa.ArrowInvalid:  # rare, so the slow way to find the lines at fault is good enough
        decoded = [line.decode(errors="replace") for line in lines.to_pylist()]
        text = pa.array(decoded, TEXT)
        changed = pc.not_equal(text.cast(pa.large_binary()), lines)
        problem = pc.if_else(changed, "is not valid UTF-8", problem)
    return {"text": text, "problem": problem}


def malformed_lines(file: CorpusFile, lines: pa.Table, before: int = 0) -> pa.Table:
    """The lines of a file that have a problem, with the columns of `MALFORMED`.

    Args:
        file: the file
        lines: `text` and `problem` of each line, and `entry` if it is not the number of the row
        before: the number of lines before these
    """
    bad = np.flatnonzero(lines["problem"].is_valid().to_numpy())
    entries = "entry" in lines.column_names
    numbers = lines["entry"].take(bad) if entries else pa.array(before + bad + 1)
    shown = pc.utf8_slice_codeunits(lines["text"].take(bad), 0, SHOWN)
    shown = pc.replace_substring(shown, "\t", "\\t")
    shown = pc.replace_substring_regex(shown, r"\p{Cc}", "\N{REPLACEMENT CHARACTER}")
    name = pa.repeat(pa.scalar(file_name(file), TEXT), len(bad))
    return pa.table([name, numbers, lines["problem"].take(bad), shown], schema=MALFORMED)


def check_mostly_good(
    name: str,
    files: list[CorpusFile],
    good: int,
    read: int,
    bad: list[pa.Table],
    units: tuple[str, str] = ("line", "lines"),
) -> None:
    """Raise UserError if fewer than half of the lines are well-formed.

    Args:
        good: the number of lines that are
        read: the number of lines
        bad: the malformed lines of each file
        units: what a file consists of, in messages
    """
    if 2 * good >= read and good:
        return
    where = f"corpus {name}: {' and '.join(map(file_name, files))}"
    if not read:
        raise UserError(f"{where}: has no {units[1]}; check the corpus's address and member")
    first = pa.concat_tables(bad).slice(0, 1).to_pylist()[0]
    raise UserError(
        f"{where}: only {good} of {read} {units[1]} are well-formed ({units[0]} "
        f"{first['line']} {first['problem']}); check the corpus's reader and member"
    )


def file_name(file: CorpusFile) -> str:
    """The name of a file in messages."""
    return file.address if file.member is None else f"{file.address} ({file.member})"
