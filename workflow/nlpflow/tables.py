"""Reading and writing of JSON and TSV, and digests; a damaged file raises a one-line error."""

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
"""In characters. The library's own limit is lower, for files of unknown origin."""


def write_json(path: Path, values: Any) -> None:
    """Write readable JSON; equal values give equal bytes."""
    text = json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read what `write_json` wrote; UserError for any other file."""
    with reading(path):
        return json.loads(path.read_text(encoding="utf-8"))


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write tab-separated values with a header; numbers get six significant digits.

    As in CSV, a cell that contains a quotation mark, a tab, LF or CR is put in quotation marks.
    """
    columns = [[str(name), *_cells(table[name])] for name in table]
    with path.open("w", encoding="utf-8", newline="") as stream:
        # A reader would skip an empty line, so an empty row needs quotation marks.
        stream.writelines(("\t".join(row) or '""') + "\n" for row in zip(*columns, strict=True))


def _cells(column: pd.Series) -> Iterator[str]:
    if pd.api.types.is_float_dtype(column):
        return ("" if value != value else f"{value:.6g}" for value in column.tolist())
    return ("" if pd.isna(value) else quoted(str(value), "\t") for value in column.tolist())


def quoted(cell: str, separator: str) -> str:
    """A cell of a table, in quotation marks if it needs them.

    Python's own writer does not quote a carriage return, at which most readers end the row.
    """
    special = any(mark in cell for mark in (separator, '"', "\r", "\n"))
    return '"' + cell.replace('"', '""') + '"' if special else cell


def write_tsv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as tab-separated values, one row per line; line breaks become spaces."""
    # Most readers end a line at a carriage return; the Parquet file keeps it.
    columns: list[str] = list(table.select_dtypes("str"))
    texts = {name: table[name].str.replace("[\r\n]", " ", regex=True) for name in columns}
    table.assign(**texts).to_csv(path, sep="\t", index=False, lineterminator="\n")


def read_table(path: Path, *texts: str) -> pd.DataFrame:
    """Read what `write_table` wrote: the columns `texts` as text, all others as numbers.

    Types are not guessed: in a column of text, `1`, `007`, `nan` and `true` stay text. An empty
    cell in a column of numbers is NaN.

    Args:
        path: of the table.
        texts: the names of the columns of text, which must exist.

    Raises:
        UserError: the file is missing or damaged: it lacks a column, a row is longer or shorter
            than the header, or a cell that should be a number is none.
    """
    table = read_texts(path)
    with reading(path):
        if lacking := set(texts).difference(table):
            raise ValueError(f"no column {', '.join(sorted(lacking))}")
        numbers = [name for name in map(str, table) if name not in texts]
        return table.assign(**{name: _numbers(name, table[name]) for name in numbers})


def read_texts(path: Path) -> pd.DataFrame:
    """Read a table with every cell as text; raise UserError if it is missing or damaged."""
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
    """Raise UserError if the file read in the block is missing or damaged."""
    try:
        yield
    except (OSError, ValueError, EOFError) as error:  # pyarrow's errors are among them
        reason = " ".join(str(error).split())
        raise UserError(f"{path}: damaged: {reason}; make it again") from None


def as_arrow(column: pd.Series) -> pa.ChunkedArray:
    """A column of text as an Arrow array."""
    array = pa.array(column, pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def file_digest(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(values: Any) -> str:
    """Digest of a JSON value: the first 16 hexadecimal digits of its SHA-256."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
