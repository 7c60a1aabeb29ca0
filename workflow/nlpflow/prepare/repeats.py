"""Repeated pairs, repeated sources and known translations, found part by part on disk."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.prepare.partitions import Partitions
from nlpflow.prepare.splits import TRAIN, Splits
from nlpflow.text.arrays import Longs, Mask


class Repeats(NamedTuple):
    """Which pairs are the first of their kind: (rows,) each."""

    first: Mask
    """The first of equal pairs of a split; documents in several splits may share pairs."""
    references: Mask
    """A known translation of a source that dev or test keeps: the first of equal ones."""


def find_repeats(
    texts: Partitions, split: Splits, kept: Mask, first_only: bool, autoencode: bool
) -> Repeats:
    """The first of equal pairs, and the references of dev and test.

    Args:
        texts: `source`, `target`, `target_raw` and `row` of each pair
        split: of each pair; -1 for those that are left out
        kept: whether a pair passes all filters that look at it alone
        first_only: whether pairs that are not the first of equal ones are dropped as well
        autoencode: whether the target of each pair is its source
    """
    first, references = (np.zeros(len(split), np.bool_) for _ in range(2))
    for part in texts.parts():
        rows, part = _in_a_split(part, split)
        source, target = (_numbers(part[side]) for side in ("source", "target"))
        first[rows] = _first(source, target, split[rows])
        stays = kept[rows] & (first[rows] | (not first_only))
        of_split = source + split[rows] * np.int64(len(rows))  # a source in a split
        known = np.isin(of_split, of_split[stays]) & (split[rows] != TRAIN)
        if autoencode:
            known &= _filled(part["source"]) & _first(of_split)
        else:
            known &= _filled(part["target"])
            known &= _first(of_split, target, _numbers(part["target_raw"]))
        references[rows] = known
    return Repeats(first, references)


def first_sources(texts: Partitions, split: Splits, kept: Mask) -> Mask:
    """The first pair of each source in each split, of the pairs that are kept: (rows,)."""
    first = np.zeros(len(split), np.bool_)
    for part in texts.parts():
        rows, part = _in_a_split(part, np.where(kept, split, np.int8(-1)))
        first[rows] = _first(_numbers(part["source"]), split[rows])
    return first


def _in_a_split(part: pa.Table, split: Splits) -> tuple[Longs, pa.Table]:
    """The pairs of a part that are in a split, and their rows."""
    there = split[part["row"].to_numpy()] >= 0
    part = part.filter(pa.array(there))
    return part["row"].to_numpy(), part


def _numbers(texts: pa.ChunkedArray) -> Longs:
    """Equal texts as equal numbers."""
    numbers = texts.combine_chunks().dictionary_encode().indices
    return np.asarray(numbers.to_numpy(zero_copy_only=False), np.int64)


def _first(*columns: npt.NDArray[np.integer]) -> Mask:
    """Whether no row before has the same numbers."""
    return ~pd.DataFrame(dict(enumerate(columns))).duplicated().to_numpy(np.bool_)


def _filled(texts: pa.ChunkedArray) -> Mask:
    filled = pc.not_equal(pc.utf8_trim_whitespace(texts), "")
    return np.asarray(filled.to_numpy(zero_copy_only=False), np.bool_)
