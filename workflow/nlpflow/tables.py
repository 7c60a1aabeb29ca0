"""Data that the workflow has made, read back: a damaged file is one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlpflow.errors import UserError


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """While a Parquet table or a NumPy array is read; UserError if it is missing or damaged."""
    try:
        yield
    except (OSError, ValueError, EOFError) as error:  # of pyarrow, too
        reason = " ".join(str(error).split())
        raise UserError(
            f"{path}: cannot be read: {reason}; let the workflow make it again"
        ) from None
