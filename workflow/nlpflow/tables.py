"""Reading and writing of JSON and TSV, and digests; a damaged file raises a one-line error."""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from nlpflow.errors import UserError

ROWS_AT_ONCE = 100_000
"""Rows of large tables that are in memory at the same time."""
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


def write_tsv(table: pd.DataFrame, path: Path, append: bool = False) -> None:
    """Write a table as tab-separated values, one row per line; line breaks become spaces.

    With `append`, the rows are written behind those of the file.
    """
    # Most readers end a line at a carriage return; the Parquet file keeps it.
    columns: list[str] = list(table.select_dtypes("str"))
    texts = {name: table[name].str.replace("[\r\n]", " ", regex=True) for name in columns}
    mode: Literal["a", "w"] = "a" if append else "w"
    table.assign(**texts).to_csv(
        path, sep="\t", index=False, lineterminator="\n", mode=mode, header=not append
    )


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


@dataclass(frozen=True)
class StoredTable:
    """A Parquet file whose rows are read some at a time, as often as needed."""

    path: Path
    columns: Sequence[str] | None = None
    """The columns that are read; None: all."""

    def __len__(self) -> int:
        """The number of rows."""
        with reading(self.path):
            return int(pq.read_metadata(self.path).num_rows)

    def __iter__(self) -> Iterator[pa.Table]:
        """The rows in their order, `ROWS_AT_ONCE` at a time; one table without rows if it is empty.

        Raises:
            UserError: the file is missing or damaged.
        """
        with reading(self.path), pq.ParquetFile(self.path) as file:
            if not len(self):
                yield file.read(columns=self.columns)
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=self.columns):
                yield pa.table(batch)

    def column(self, name: str) -> "StoredColumn":
        """One of its columns."""
        return StoredColumn(replace(self, columns=[name]))


@dataclass(frozen=True)
class StoredColumn:
    """A column of a Parquet file, as `StoredTable`."""

    table: StoredTable

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.table)

    @property
    def chunks(self) -> Iterator[pa.Array]:
        """The values in their order."""
        for rows in self.table:
            yield rows[0].combine_chunks()


TextColumn: TypeAlias = pa.Array | pa.ChunkedArray | StoredColumn
"""A column of text, in memory or on disk."""


def chunks(column: TextColumn) -> Iterator[pa.Array]:
    """A column some rows at a time."""
    if isinstance(column, pa.Array):
        yield column
    else:
        yield from column.chunks


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
