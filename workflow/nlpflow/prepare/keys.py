"""Keys, the texts that no two splits may share, as numbers with hashes that draw a split."""

import hashlib
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.prepare.partitions import Hashes, Partitions
from nlpflow.text.arrays import Column, Ids, Mask

HASHED_AT_ONCE = 500_000
"""Number of keys; hashing makes Python objects of them."""
NO_HASHES = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class Keys:
    """A column of keys: equal keys have the same number, and different keys different ones."""

    numbers: Ids
    """The key of each row, (rows,); -1 where it is empty or null, which counts as no key."""
    rank: Hashes
    """A hash of each key: (keys,)."""
    draw: Hashes
    """Another hash of each key, independent of the first: (keys,)."""

    @classmethod
    def of(cls, column: Column, salt: str) -> Self:
        """The keys of a column; `salt` changes their hashes."""
        plain = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = plain.dictionary_encode()
        different = encoded.dictionary
        numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        empty = pc.index(different, "").as_py()
        numbers = np.where(numbers == empty, -1, numbers).astype(np.int32, copy=False)
        return cls(numbers, *(hash_keys(different, salt, use) for use in ("rank", "draw")))

    def __len__(self) -> int:
        """The number of different keys."""
        return len(self.rank)

    def of_rows(self, kept: Mask) -> Self:
        """The keys of some of the rows."""
        return replace(self, numbers=self.numbers[kept])


class KeyColumn:
    """A column of keys that is added in pieces and need not fit into memory.

    Keys are compared as texts, a part at a time, so the result does not depend on hashes.
    """

    def __init__(self, partitions: Partitions, salt: str) -> None:
        self._partitions, self._salt = partitions, salt
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
        count, hashes = 0, [(NO_HASHES, NO_HASHES)]
        for part in self._partitions.parts():
            found = Keys.of(part["key"], self._salt)
            numbers[part["row"].to_numpy()] = found.numbers + count
            count += len(found)
            hashes.append((found.rank, found.draw))
        return Keys(numbers, *(np.concatenate(of_parts) for of_parts in zip(*hashes, strict=True)))


def hash_keys(key: Column, salt: str, use: str) -> Hashes:
    """Hashes of keys, independent between salts and between uses: (keys,)."""
    hash_key = hashlib.blake2b(f"{use} {salt}".encode(), digest_size=8).hexdigest()
    parts = (
        pd.util.hash_array(key.slice(start, HASHED_AT_ONCE).to_pandas().array, hash_key=hash_key)
        for start in range(0, len(key), HASHED_AT_ONCE)
    )
    return np.concatenate([NO_HASHES, *parts])
