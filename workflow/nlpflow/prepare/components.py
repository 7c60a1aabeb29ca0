"""Connected components of rows that share a key, by union-find over whole arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise

import numpy as np

from nlpflow.prepare.keys import Keys
from nlpflow.text.arrays import Ids

ROWS_AT_ONCE = 2**20
"""Bounds the memory of intermediate results."""


@dataclass(frozen=True)
class Components:
    """Rows that share a key of any column, directly or through other rows, form a component."""

    of_rows: Ids
    """The component of each row, numbered in the order of the rows: (rows,)."""
    of_keys: list[Ids]
    """The component of each key of each column; -1 for a key that no row has."""
    number: int
    """The number of components."""


def components(columns: Sequence[Keys]) -> Components:
    """The components of rows with these columns of keys.

    Keys of different columns never join, even if they are equal texts.
    """
    starts = list(accumulate((column.count for column in columns), initial=0))
    parent = _roots(columns, starts)
    rows = len(columns[0].numbers)
    root = np.full(rows, -1, np.int32)
    for column, start in zip(columns, starts, strict=False):
        here = (root < 0) & (column.numbers >= 0)
        root[here] = parent[column.numbers[here] + start]
    # The last entry is for rows without a key, each of which is a component of its own.
    first = np.full(len(parent) + 1, rows, np.int32)
    order = np.arange(rows, dtype=np.int32)
    np.minimum.at(first, root, order)
    begins = (first[root] == order) | (root < 0)
    number = np.cumsum(begins, dtype=np.int32) - 1
    of_rows = np.where(root < 0, number, number[np.minimum(first[root], rows - 1)])
    of_keys = []
    for start, end in pairwise(starts):
        row = first[parent[start:end]]
        of_keys.append(np.where(row < rows, np.append(number, -1)[row], -1).astype(np.int32))
    return Components(of_rows.astype(np.int32), of_keys, int(begins.sum()))


def _roots(columns: Sequence[Keys], starts: Sequence[int]) -> Ids:
    """The smallest key of the component of each key, all columns one after the other: (keys,).

    A forest over the keys: each key points to a smaller one of its component, or to itself. Until
    nothing changes, every row hangs the larger root of two of its keys below the smaller one, and
    every key is pointed at its root.
    """
    parent = np.arange(starts[-1], dtype=np.int32)
    joined = True
    while joined:
        joined = False
        for one, other in _edges(columns, starts):
            roots = parent[one], parent[other]
            differ = roots[0] != roots[1]
            if differ.any():
                joined = True
                one, other = (root[differ] for root in roots)
                np.minimum.at(parent, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(above := parent[parent], parent):
            parent = above
    return parent


def _edges(columns: Sequence[Keys], starts: Sequence[int]) -> Iterator[tuple[Ids, Ids]]:
    """Keys that a row has together, for some rows at a time."""
    for begin in range(0, len(columns[0].numbers), ROWS_AT_ONCE):
        some = [column.numbers[begin : begin + ROWS_AT_ONCE] for column in columns]
        for one, other in combinations(range(len(columns)), 2):
            both = (some[one] >= 0) & (some[other] >= 0)
            yield some[one][both] + starts[one], some[other][both] + starts[other]
