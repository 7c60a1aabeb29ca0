"""The folder that an export writes: complete, or not there at all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlpflow.errors import UserError


def check_new(output: Path) -> None:
    """Raise UserError if there is something at this path."""
    if output.exists():
        raise UserError(f"{output}: exists already; remove it, or choose another folder")


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """An empty folder to write into, which becomes `output` when the block ends without an error.

    Raises:
        UserError: `output` exists or cannot be written
    """
    check_new(output)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{output.name}.", dir=output.parent) as made:
            partial = Path(made) / output.name
            partial.mkdir()
            yield partial
            partial.rename(output)
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror or error}") from None
