"""Data on disk: JSON, TSV, Parquet and their digests. A damaged file is one line of an error."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from nlpflow.errors import UserError


def write_json(path: Path, values: Any) -> None:
    """Write readable JSON: the same bytes for the same values."""
    text = json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read what `write_json` wrote; UserError for any other file."""
    with reading(path):
        return json.loads(path.read_text(encoding="utf-8"))


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write figures as tab-separated values with a header; six significant digits."""
    table.to_csv(path, sep="\t", index=False, float_format="%.6g", lineterminator="\n")


def read_table(path: Path) -> pd.DataFrame:
    """Read what `write_table` wrote; a token like `NA` stays text. UserError for any other file."""
    with reading(path):
        return pd.read_csv(path, sep="\t", keep_default_na=False)


def write_tsv(table: pd.DataFrame, path: Path) -> None:
    """Write texts as tab-separated values, one row per line, whatever the texts hold."""
    # To most readers a carriage return ends a line; the Parquet file keeps it.
    columns: list[str] = list(table.select_dtypes("str"))
    texts = {name: table[name].str.replace("\r", " ") for name in columns}
    table.assign(**texts).to_csv(path, sep="\t", index=False, lineterminator="\n")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """While a file that the workflow has made is read: UserError if it is missing or damaged."""
    try:
        yield
    except (OSError, ValueError, EOFError) as error:  # pyarrow's errors are among them
        reason = " ".join(str(error).split())
        raise UserError(f"{path}: damaged: {reason}; make it again") from None


def as_arrow(column: pd.Series) -> pa.ChunkedArray:
    """A column of text for the Arrow kernels."""
    array = pa.array(column, pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def file_digest(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(values: Any) -> str:
    """Sixteen hexadecimal digits that stand for a value that JSON knows."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
