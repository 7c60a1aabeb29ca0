"""Keys, the texts that no two splits may share, as numbers with hashes that draw a split."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.prepare.partitions import Partitions, Rows
from nlpflow.text.arrays import Column, Hashes, Ids, Mask

HASHED_AT_ONCE = 500_000
"""Number of keys; hashing makes Python objects of them."""


@dataclass(frozen=True)
class Keys:
    """A column of keys: equal keys have the same number, and different keys different ones."""

    numbers: Ids
    """The key of each row, (rows,); -1 where it is empty or null, which counts as no key."""
    hashes: Iterable[pa.Table]
    """Tables with two independent hashes of each key, `rank` and `draw`; together (keys,)."""
    count: int
    """The number of keys."""

    @classmethod
    def of(cls, column: Column, salt: str) -> Self:
        """The keys of a column; `salt` changes their hashes."""
        plain = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = plain.dictionary_encode()
        different = encoded.dictionary
        numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        empty = pc.index(different, "").as_py()
        numbers = np.where(numbers == empty, -1, numbers).astype(np.int32, copy=False)
        hashes = {use: hash_keys(different, salt, use) for use in ("rank", "draw")}
        return cls(numbers, [pa.table(hashes)], len(different))

    def of_rows(self, kept: Mask) -> Self:
        """The keys of some of the rows."""
        return replace(self, numbers=self.numbers[kept])


class KeyColumn:
    """A column of keys that is added in pieces and need not fit into memory.

    Keys are compared as texts, a part at a time, so the result does not depend on hashes.

    Args:
        folder: for temporary files
        name: the beginning of their names
        salt: see `Keys.of`
        partitions: `most` and `hashed` of `Partitions`
    """

    def __init__(self, folder: Path, name: str, salt: str, **partitions: Any) -> None:
        self._partitions = Partitions(folder, name, **partitions)
        self._hashes = Rows(folder / f"{name} hashes.arrow")
        self._salt = salt
        self._rows = 0

    def add(self, column: Column) -> None:
        """Add the keys of the next rows."""
        rows = pa.array(np.arange(self._rows, self._rows + len(column)))
        self._rows += len(column)
        there = pc.fill_null(pc.not_equal(column, ""), False)
        self._partitions.add(pa.table({"key": column, "row": rows}).filter(there))

    def keys(self) -> Keys:
        """The keys of all rows."""
        numbers = np.full(self._rows, -1, np.int32)
        count = 0
        for part in self._partitions.parts():
            found = Keys.of(part["key"], self._salt)
            numbers[part["row"].to_numpy()] = found.numbers + count
            count += found.count
            for hashes in found.hashes:
                self._hashes.add(hashes)
        return Keys(numbers, self._hashes, count)


def hash_keys(key: Column, salt: str, use: str) -> Hashes:
    """Hashes of keys, independent between salts and between uses: (keys,)."""
    hash_key = hashlib.blake2b(f"{use} {salt}".encode(), digest_size=8).hexdigest()
    parts = (
        pd.util.hash_array(key.slice(start, HASHED_AT_ONCE).to_pandas().array, hash_key=hash_key)
        for start in range(0, len(key), HASHED_AT_ONCE)
    )
    return np.concatenate([np.zeros(0, np.uint64), *parts])
