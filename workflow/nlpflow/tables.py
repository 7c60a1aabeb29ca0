"""Data on disk: JSON, TSV, Parquet and their digests. A damaged file is one line of an error."""

import csv
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from nlpflow.errors import UserError

LONGEST_CELL = 2**31 - 1
"""Characters; the limit of the library is for files of unknown origin."""


def write_json(path: Path, values: Any) -> None:
    """Write readable JSON: the same bytes for the same values."""
    text = json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read what `write_json` wrote; UserError for any other file."""
    with reading(path):
        return json.loads(path.read_text(encoding="utf-8"))


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write tab-separated values with a header: texts as they are, six significant digits.

    As in CSV, quotation marks are around cells that hold one, a tab, LF or CR.
    """
    columns = [[str(name), *_cells(table[name])] for name in table]
    with path.open("w", encoding="utf-8", newline="") as stream:
        # A line with nothing on it would be no row.
        stream.writelines(("\t".join(row) or '""') + "\n" for row in zip(*columns, strict=True))


def _cells(column: pd.Series) -> Iterator[str]:
    if pd.api.types.is_float_dtype(column):
        return ("" if value != value else f"{value:.6g}" for value in column.tolist())
    return ("" if pd.isna(value) else quoted(str(value), "\t") for value in column.tolist())


def quoted(cell: str, separator: str) -> str:
    """A cell for a line of a table, between quotation marks where it needs them.

    Python's own writer leaves a carriage return bare, where most readers end the row.
    """
    special = any(mark in cell for mark in (separator, '"', "\r", "\n"))
    return '"' + cell.replace('"', '""') + '"' if special else cell


def write_tsv(table: pd.DataFrame, path: Path) -> None:
    """Write texts as tab-separated values, one row per line, whatever the texts hold."""
    # To most readers a carriage return ends a line; the Parquet file keeps it.
    columns: list[str] = list(table.select_dtypes("str"))
    texts = {name: table[name].str.replace("[\r\n]", " ", regex=True) for name in columns}
    table.assign(**texts).to_csv(path, sep="\t", index=False, lineterminator="\n")


def read_table(path: Path, *texts: str) -> pd.DataFrame:
    """Read what `write_table` wrote: some columns as text, as it stands, all others as numbers.

    Nothing is guessed from the cells: `1`, `007`, `nan` and `true` are words in a column of words.
    An empty cell of a column of numbers is NaN.

    Args:
        path: of the table.
        texts: the names of the columns of text, which must be there.

    Raises:
        UserError: the file is missing or damaged: no such columns, rows of other lengths than the
            header, a cell that should be a number and is not.
    """
    table = read_texts(path)
    with reading(path):
        if lacking := set(texts).difference(table):
            raise ValueError(f"no column {', '.join(sorted(lacking))}")
        numbers = [name for name in map(str, table) if name not in texts]
        return table.assign(**{name: _numbers(name, table[name]) for name in numbers})


def read_texts(path: Path) -> pd.DataFrame:
    """Read a table with every cell as text; UserError if it is missing or damaged."""
    csv.field_size_limit(LONGEST_CELL)
    with reading(path), path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter="\t", strict=True)
        try:
            header, cells = next(rows, []), list[list[str]]()
            for row in filter(None, rows):
                if len(row) != len(header):
                    counted = f"{len(row)} cells, not {len(header)}"
                    raise ValueError(f"line {rows.line_num} has {counted}")
                cells.append(row)
        except csv.Error as error:
            raise ValueError(f"line {rows.line_num}: {error}") from None
        if not header:
            raise ValueError("no header")
        return pd.DataFrame(cells, columns=header, dtype="str")


def _numbers(name: str, cells: pd.Series) -> pd.Series:
    try:
        return pd.to_numeric(cells.astype(object).where(cells != "", np.nan))
    except ValueError as error:
        raise ValueError(f"column {name}: {error}") from None


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
