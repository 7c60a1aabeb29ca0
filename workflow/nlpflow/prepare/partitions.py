"""Rows that need not fit into memory, divided so that equal texts are in the same part."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from nlpflow.text.arrays import Column, Hashes

PARTS = 64
BUFFER_BYTES = 32 * 1024**2
"""Rows stay in memory until they have this size, so a small table is never written."""
COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")


def text_hashes(column: Column) -> Hashes:
    """A hash of every text: (rows,)."""
    return pd.util.hash_array(column.to_numpy(zero_copy_only=False), categorize=False)


class Rows:
    """Rows in a temporary file, which is open only while it is written or read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, rows: pa.Table) -> None:
        """Add rows; all additions have the same columns."""
        self._rows += len(rows)
        with (
            self._path.open("ab") as sink,
            pa.ipc.new_stream(sink, rows.schema, options=COMPRESSED) as stream,
        ):
            stream.write_table(rows)

    def __iter__(self) -> Iterator[pa.Table]:
        """The rows in tables, as they were added."""
        if not len(self):
            return
        with pa.OSFile(str(self._path)) as source:
            while source.tell() < source.size():
                with pa.ipc.open_stream(source) as stream:
                    yield stream.read_all()


class Partitions:
    """Rows in parts: rows with equal texts in the first column are in the same part.

    The hash of a text decides only which part a row belongs to. If different texts have equal
    hashes, a part is larger than others, and nothing else changes.

    Args:
        folder: for temporary files, which exists and has no other files of the same name
        name: the beginning of the files' names
        most: bytes of rows that stay in memory
        hashed: the hash of every text of a column
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        most: int = BUFFER_BYTES,
        hashed: Callable[[Column], Hashes] = text_hashes,
    ) -> None:
        self._files = [Rows(folder / f"{name}.{part}.arrow") for part in range(PARTS)]
        self._most, self._hashed = most, hashed
        self._rows: list[pa.Table] = []
        self._bytes = 0

    def add(self, rows: pa.Table) -> None:
        """Add rows; all additions have the same columns."""
        self._rows.append(rows)
        self._bytes += rows.nbytes
        if self._bytes > self._most:
            self._write()

    def parts(self) -> Iterator[pa.Table]:
        """The parts, each with its rows in the order in which they were added."""
        if not any(len(file) for file in self._files):
            if self._rows:
                yield pa.concat_tables(self._rows).combine_chunks()
            return
        self._write()
        for file in self._files:
            if len(file):
                yield pa.concat_tables(file).combine_chunks()

    def _write(self) -> None:
        if not self._rows:
            return
        rows = pa.concat_tables(self._rows).combine_chunks()
        self._rows, self._bytes = [], 0
        part = (self._hashed(rows[0]) % np.uint64(PARTS)).astype(np.uint8)
        rows = rows.take(pa.array(np.argsort(part, kind="stable")))
        ends = np.cumsum(np.bincount(part, minlength=PARTS))
        for file, start, end in zip(self._files, [0, *ends], ends, strict=False):
            if start < end:
                file.add(rows.slice(start, end - start))
