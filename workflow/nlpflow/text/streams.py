"""Text line by line in flat memory: chunks of a stream, and a file that appears when complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from nlpflow.errors import UserError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST_LINE = 1_000_000
"""Bytes; a longer line is no sentence."""

CHUNK_BYTES = 2**20
"""A chunk ends here even if it has fewer lines than wanted: long lines must not add up."""

LONGEST_SHOWN = 80
"""Characters of a text that a message repeats."""


def decodable(text: str) -> str:
    """`text` from the command line: bytes that are no UTF-8 become `?`.

    Python hands them over as surrogates, which no encoder takes.
    """
    return text.encode("utf-8", errors="replace").decode()


def shortened(text: str) -> str:
    """`text` for a message: of a long one the beginning."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


class Chunk(NamedTuple):
    """Some lines of a stream."""

    first: int
    """Number of the first line, from 1."""
    lines: list[str]
    """Without their ends."""
    size: int
    """Bytes of the stream."""


def read_chunks(stream: BinaryIO, name: str, most: int) -> Iterator[Chunk]:
    """The lines of a UTF-8 stream, `most` at a time; LF and CRLF end a line.

    Args:
        stream: read as far as needed for the next chunk.
        name: the stream in error messages.
        most: lines of a chunk.

    Raises:
        UserError: a line is not UTF-8 or too long to be a sentence. The lines before it have been
            given out by then.
    """
    number, first, lines, size = 0, 1, list[str](), 0
    try:
        while raw := stream.readline(LONGEST_LINE + 2):
            number += 1
            lines.append(_decode(raw, f"{name}, line {number}", number == 1))
            size += len(raw)
            if len(lines) == most or size >= CHUNK_BYTES:
                yield Chunk(first, lines, size)
                first, lines, size = number + 1, [], 0
    except UserError:
        if lines:
            yield Chunk(first, lines, size)
        raise
    if lines:
        yield Chunk(first, lines, size)


def _decode(raw: bytes, where: str, is_first: bool) -> str:
    if is_first:
        raw = raw.removeprefix(BYTE_ORDER_MARK)
    raw = raw.removesuffix(b"\n").removesuffix(b"\r")
    if len(raw) > LONGEST_LINE:
        raise UserError(f"{where}: longer than {LONGEST_LINE:,} bytes, which is no sentence")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{where}: is not valid UTF-8 (byte {error.start + 1}); convert the text, for example "
            "with iconv"
        ) from None


@contextmanager
def open_input(path: Path) -> Iterator[BinaryIO]:
    """A file for reading; UserError if it cannot be."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    with stream:
        yield stream


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write; it takes the place of `path` only when the block ends without error.

    Raises:
        UserError: it cannot be written, or `path` is no regular file (a device, a folder).
    """
    path = path.resolve()  # what a link points to is replaced, not the link
    if path.exists() and not path.is_file():
        raise UserError(
            f"{path}: is no regular file, so it cannot be replaced; choose another name"
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        stream = temporary.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None
    try:
        with stream:
            yield stream
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
