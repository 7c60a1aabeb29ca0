"""Input and output of the subcommands: reads texts, writes answers, prints messages."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from nlpflow.errors import UserError
from nlpflow.text.streams import Chunk, decodable, open_input, printable, read_chunks, replacing

MOST_WARNINGS = 10
"""Warnings are printed for at most this many lines of a file; more lines are only counted."""


@dataclass(frozen=True)
class Lines:
    """The texts to answer, in chunks, and the function that writes the answers."""

    chunks: Iterator[Chunk]
    write: Callable[[str], None]
    """Writes answers and flushes them."""
    name: str = ""
    """The file's name in messages; empty for arguments and for input on a terminal."""
    typed: bool = False
    """Whether the lines are typed on a terminal."""

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Each line with its number, from 1."""
        for chunk in self.chunks:
            yield from enumerate(chunk.lines, start=chunk.first)

    def where(self, number: int) -> str:
        """The beginning of a message about a line."""
        return f"{self.name}, line {number}: " if self.name else ""


@contextmanager
def open_lines(
    texts: Sequence[str] | None, source: Path | None, target: Path | None, most: int
) -> Iterator[Lines]:
    """Open the texts of the command line, or, if there are none, the lines of a file.

    Memory does not grow with the input, because lines are read in chunks.

    Args:
        texts: of the command line
        source: file of lines; None: standard input
        target: file for the answers; None: standard output
        most: the maximum number of lines per chunk; on a terminal each line is a chunk
    """
    if texts and source is not None:
        raise typer.BadParameter("give texts or a file, not both", param_hint="--input")
    if texts:
        with open_output(target) as write:
            yield Lines(iter([Chunk(1, [*map(decodable, texts)], 0)]), write)
        return
    with open_input(source) as (stream, name), open_output(target) as write:
        from tqdm import tqdm

        typed = stream.isatty()
        # The bar counts bytes. It is shown on a terminal, unless the answers go there too.
        shown = sys.stderr.isatty() and not typed and bool(target or not sys.stdout.isatty())
        size = Path(name).stat().st_size if Path(name).is_file() else None
        with tqdm(total=size or None, unit="B", unit_scale=True, disable=not shown) as bar:

            def chunks() -> Iterator[Chunk]:
                for chunk in read_chunks(stream, name, 1 if typed else most):
                    yield chunk
                    bar.update(chunk.size)

            yield Lines(chunks(), write, "" if typed else name, typed)


@contextmanager
def open_output(path: Path | None) -> Iterator[Callable[[str], None]]:
    """A function that writes to a new file; None: to standard output."""
    if path is None:
        yield _print
        return
    with replacing(path) as stream:

        def write(text: str) -> None:
            stream.write(text)
            stream.flush()

        yield write


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_output()
        raise UserError(f"standard output: cannot be written: {error.strerror}") from None


def abandon_output() -> None:
    """Redirect standard output to nowhere, so that Python does not flush the rest when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Print a message on standard error, above the progress bar if there is one."""
    from tqdm import tqdm

    tqdm.write(f"nlpflow: {printable(message)}", file=sys.stderr)
