"""Where a verb reads its texts and writes its answers: the same for every verb."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from nlpflow.errors import UserError
from nlpflow.text.streams import Chunk, decodable, open_input, printable, read_chunks, replacing

MOST_REMARKS = 10
"""Lines of a file whose remarks are printed; those of the others are counted."""


@dataclass(frozen=True)
class Lines:
    """Texts to answer, chunk by chunk, and where the answers go."""

    chunks: Iterator[Chunk]
    write: Callable[[str], None]
    """Writes answers at once: nothing waits for the next chunk."""
    name: str = ""
    """Of the file in messages; empty for arguments and on a terminal, where the text is in view."""
    typed: bool = False
    """Whether somebody types the lines on a terminal."""

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Each line with its number."""
        for chunk in self.chunks:
            yield from enumerate(chunk.lines, start=chunk.first)

    def where(self, number: int) -> str:
        """What a message about a line begins with."""
        return f"{self.name}, line {number}: " if self.name else ""


@contextmanager
def open_lines(
    texts: Sequence[str] | None, source: Path | None, target: Path | None, most: int
) -> Iterator[Lines]:
    """The texts of the command line, or else lines of `source`; answers go to `target`.

    Memory does not grow with the input: `most` lines are read at a time, one on a terminal, where
    each is answered at once.
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
        # A bar over the bytes read, on a terminal that the answers do not go to.
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
    """A function that writes to a new file, or to standard output for None."""
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
    """Let standard output lead nowhere, so that Python does not write the rest at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Print a message on standard error, above a bar that may be there."""
    from tqdm import tqdm

    tqdm.write(f"nlpflow: {printable(message)}", file=sys.stderr)
