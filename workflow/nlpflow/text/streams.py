"""Lines of a stream in constant memory, and files that appear only when they are complete."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO, TypeVar

from nlpflow.errors import UserError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST_LINE = 1_000_000
"""In bytes; a longer line is neither a sentence nor a word vector."""

CHUNK_BYTES = 2**20
"""The size that ends a chunk even if it has fewer lines than asked for, so memory is bounded."""

Item = TypeVar("Item")

LONGEST_SHOWN = 80
"""The maximum number of characters of a text that a message quotes."""

CONTROLS = {
    code: " " if chr(code).isspace() else "\N{REPLACEMENT CHARACTER}"
    for code in [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029]
}
"""Replacements of characters that end a line, shift a column or control a terminal."""


def without_marks(text: bytes, end: bytes) -> bytes:
    """Remove byte order marks from the starts of lines, which end with `end`.

    A concatenation of files may have several.
    """
    while end + BYTE_ORDER_MARK in text:
        text = text.replace(end + BYTE_ORDER_MARK, end)
    while text.startswith(BYTE_ORDER_MARK):
        text = text.removeprefix(BYTE_ORDER_MARK)
    return text


def printable(text: str) -> str:
    """The text with its control characters replaced, so that it fits one cell of one line."""
    return text if text.isprintable() else text.translate(CONTROLS)


def decodable(text: str) -> str:
    """A text from the command line in which invalid bytes are U+FFFD.

    Python passes bytes that the locale cannot decode as surrogates, which cannot be encoded.
    """
    return text.encode(errors="surrogateescape").decode(errors="replace")


def shortened(text: str) -> str:
    """The text for a message, cut after `LONGEST_SHOWN` characters."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


class Chunk(NamedTuple):
    """Some lines of a stream."""

    first: int
    """Number of the first line, from 1."""
    lines: list[str]
    """The lines, without the characters that end them."""
    size: int
    """The number of bytes in the stream."""


def read_chunks(stream: BinaryIO, name: str, most: int) -> Iterator[Chunk]:
    """The lines of a UTF-8 stream, `most` at a time; LF and CRLF end a line.

    Args:
        stream: read as far as needed for the next chunk.
        name: the stream in error messages.
        most: lines of a chunk.

    Raises:
        UserError: see `read_lines`; the lines before the wrong one have been yielded by then.
    """
    first = 1
    for batch in batches(read_lines(stream, name), most, itemgetter(1)):
        lines = [line.removesuffix("\n").removesuffix("\r") for line, _ in batch]
        yield Chunk(first, lines, sum(size for _, size in batch))
        first += len(lines)


def batches(items: Iterable[Item], most: int, size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Batches of at most `most` items, or fewer where items are large.

    Items before a UserError are yielded before it is raised.
    """
    batch, total = list[Item](), 0
    try:
        for item in items:
            batch.append(item)
            total += size(item)
            if len(batch) == most or total >= CHUNK_BYTES:
                yield batch
                batch, total = [], 0
    except UserError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def read_lines(stream: BinaryIO, name: str) -> Iterator[tuple[str, int]]:
    """The lines of a UTF-8 stream, with their ends, and the bytes of each.

    Raises:
        UserError: a line is not UTF-8 or too long to be a sentence, or cannot be read.
    """
    number = 0
    try:
        while raw := stream.readline(LONGEST_LINE + len(BYTE_ORDER_MARK) + 2):
            number += 1
            content = raw.removeprefix(BYTE_ORDER_MARK)
            if len(content) > LONGEST_LINE and len(content.rstrip(b"\r\n")) > LONGEST_LINE:
                raise UserError(
                    f"{name}, line {number}: is longer than {LONGEST_LINE:,} bytes, so it cannot "
                    "be one sentence; split it into several lines"
                )
            yield content.decode(), len(raw)
    except UnicodeDecodeError as error:
        raise UserError(
            f"{name}, line {number}: is not valid UTF-8 (byte {error.start + 1}); convert the "
            "text, for example with iconv"
        ) from None
    except OSError as error:
        raise UserError(f"{name}: cannot be read: {error.strerror}") from None


@contextmanager
def open_input(path: Path | None) -> Iterator[tuple[BinaryIO, str]]:
    """Open a file, or standard input for None or `-`: the stream and its name in messages.

    Raises:
        UserError: it cannot be read.
    """
    if path is None or str(path) == "-":
        if sys.stdin is None:
            raise UserError("standard input: is closed")
        yield sys.stdin.buffer, "standard input"
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    with stream:
        yield stream, str(path)


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write, which replaces `path` only if the block ends without error.

    Raises:
        UserError: it cannot be written, or `path` is not a regular file (a device, a folder).
    """
    path = path.resolve()  # what a link points to is replaced, not the link
    if path.exists() and not path.is_file():
        raise UserError(
            f"{path}: is not a regular file, so it cannot be replaced; choose another name"
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
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
