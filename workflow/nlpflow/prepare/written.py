"""The tables of a dataset of pairs, written some rows at a time."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from nlpflow.prepare.normalised import TEXT
from nlpflow.prepare.partitions import Rows
from nlpflow.prepare.splits import DEV, SPLITS, TEST, Splits
from nlpflow.tables import write_tsv
from nlpflow.text.arrays import Mask

PAIRS = {"pair": pa.int64(), "component": pa.int64()} | dict.fromkeys(
    ("source", "target", "source_raw", "target_raw", "attribution"), TEXT
)
ALIGNMENT = {"alignment": TEXT}
REFERENCES = dict.fromkeys(("split", "source", "target", "target_raw"), TEXT)
GROUP_ROWS = 1024**2
"""Rows of a row group; pandas and pyarrow write as many."""


class ParquetTable:
    """A Parquet file with the bytes that pandas would write for the whole table.

    Args:
        path: of the file
        columns: the types of its columns
    """

    def __init__(self, path: Path, columns: Mapping[str, pa.DataType]) -> None:
        empty = pa.schema(columns.items()).empty_table().to_pandas()
        self._schema = pa.Schema.from_pandas(empty, preserve_index=False)
        self._file = pq.ParquetWriter(path, self._schema)
        self._waiting = [self._schema.empty_table()]
        self._groups = 0

    def add(self, rows: pa.Table) -> None:
        """Add rows; a row group is written when it is complete."""
        self._waiting.append(rows.select(self._schema.names).cast(self._schema))
        if sum(map(len, self._waiting)) >= GROUP_ROWS:
            self._write(GROUP_ROWS)

    def close(self) -> None:
        """Write the last rows; a file is complete only when it is closed."""
        self._write(1)
        if not self._groups:
            self._file.write_table(self._schema.empty_table())
        self._file.close()

    def _write(self, least: int) -> None:
        """Write row groups until fewer than `least` rows wait."""
        rows = pa.concat_tables(self._waiting)
        while len(rows) >= least:
            self._file.write_table(rows.slice(0, GROUP_ROWS).combine_chunks())
            self._groups += 1
            rows = rows.slice(GROUP_ROWS)
        self._waiting = [rows]


class PairTables:
    """The table of each split, as Parquet and as TSV, and the references of dev and test.

    Args:
        folder: of the tables
        temporary: a folder for temporary files
        aligned: whether the tables have a column `alignment`
    """

    def __init__(self, folder: Path, temporary: Path, aligned: bool) -> None:
        self._columns = PAIRS | (ALIGNMENT if aligned else {})
        self._tsv = [folder / f"{split}.tsv" for split in SPLITS]
        for path in self._tsv:
            write_tsv(pa.schema(self._columns.items()).empty_table().to_pandas(), path)
        self._splits = [
            ParquetTable(folder / f"{split}.parquet", self._columns) for split in SPLITS
        ]
        self._references = ParquetTable(folder / "references.parquet", REFERENCES)
        self._later = Rows(temporary / "references.arrow")
        """References of test, which stand after those of dev."""

    def add(self, pairs: pa.Table, split: Splits, final: Mask, references: Mask) -> None:
        """Add pairs.

        Args:
            pairs: with the columns of all tables but `split`
            split: of each pair
            final: whether the pair is in the table of its split
            references: whether it is a reference
        """
        for number, table in enumerate(self._splits):
            part = pairs.filter(pa.array(final & (split == number))).select(list(self._columns))
            table.add(part)
            write_tsv(part.to_pandas(), self._tsv[number], append=True)
        for number, add in ((DEV, self._references.add), (TEST, self._later.add)):
            part = pairs.filter(pa.array(references & (split == number)))
            names = pa.array(np.full(len(part), SPLITS[number]), TEXT)
            add(part.append_column("split", names).select(list(REFERENCES)))

    def close(self) -> None:
        """Write the last rows of all tables."""
        for rows in self._later:
            self._references.add(rows)
        for table in (self._references, *self._splits):
            table.close()
