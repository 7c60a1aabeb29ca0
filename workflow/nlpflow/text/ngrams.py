"""Hashed character n-grams of whole columns, without a Python loop over characters.

The hashing trick of Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask
Learning": the feature of an n-gram is the bucket of its hash, so no vocabulary is
needed.
"""

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from nlpflow.text.arrays import Column

Bags = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]
"""Feature ids of all sentences, one after the other, and their offsets: sentence i is
`ids[offsets[i] : offsets[i + 1]]`."""

BOUNDARY = 0x110000
"""Marks both ends of a sentence; one more than the last code point, so no character equals it."""

# Odd constants whose bits have no pattern: the golden ratio (Knuth, TAOCP 3, 6.4) and the
# finaliser of MurmurHash3 (Appleby).
START, FACTOR, FINAL = np.uint32(0x811C9DC5), np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)


def code_points(column: Column) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The code points of all sentences, a `BOUNDARY` before each and after the last.

    Returns:
        Code points (characters + sentences + 1,), and the indices of the boundaries
        (sentences + 1,).
    """
    boundaries = np.zeros(len(column) + 1, np.int64)
    np.cumsum(pc.utf8_length(column).to_numpy() + 1, out=boundaries[1:])
    text = "\n".join(["", *column.to_pylist(), ""])
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)[: boundaries[-1] + 1]
    codes = codes.copy()
    codes[boundaries] = BOUNDARY
    return codes, boundaries


def hashed_ngrams(column: Column, longest: int, buckets: int, end: int = BOUNDARY) -> Bags:
    """The buckets of every sentence's n-grams of 1 to `longest` characters.

    An n-gram may start or end with the boundary of its sentence, but a boundary alone is not an
    n-gram. N-grams are in the order of their first character, the shorter ones first.

    Args:
        buckets: a power of two from 2 to 2**31; buckets are numbered from 0
        end: the code point that a boundary counts as
    """
    codes, boundaries = code_points(column)
    starts = len(codes) - 1  # no n-gram starts at the last boundary
    codes = np.append(codes, np.full(longest, BOUNDARY, np.uint32))
    is_boundary = codes == BOUNDARY
    codes[is_boundary] = end
    found = np.empty((starts, longest), np.int32)
    whole = np.empty((starts, longest), np.bool_)
    hashes = np.full(starts, START)
    crossing = np.zeros(starts, np.bool_)
    for size in range(1, longest + 1):
        hashes ^= codes[size - 1 :][:starts]
        hashes *= FACTOR
        found[:, size - 1] = _bucket(hashes, buckets)
        if size > 2:  # a boundary inside belongs to two sentences
            crossing |= is_boundary[size - 2 :][:starts]
        whole[:, size - 1] = ~crossing if size > 1 else ~is_boundary[:starts]
    return found[whole], _offsets(np.diff(boundaries) - 1, longest)


def ngram_texts(sentence: str, longest: int, end: str = "_") -> list[str]:
    """The n-grams of a sentence in the order of `hashed_ngrams`, a boundary written as `end`."""
    marked = f"\n{sentence}\n"
    texts = (
        marked[start : start + size]
        for start in range(len(marked) - 1)
        for size in range(1, longest + 1)
        if start + size <= len(marked) and (start, size) != (0, 1)
    )
    return [text.replace("\n", end) for text in texts]


def _bucket(hashes: npt.NDArray[np.uint32], buckets: int) -> npt.NDArray[np.uint32]:
    """The upper bits of the mixed hashes; the lower bits of a product depend on fewer others."""
    mixed = (hashes ^ (hashes >> np.uint32(15))) * FINAL
    return mixed >> np.uint32(33 - buckets.bit_length())


def _offsets(lengths: npt.NDArray[np.int64], longest: int) -> npt.NDArray[np.int64]:
    """The offsets of the n-grams of sentences of these lengths, in characters."""
    counts = lengths.copy()
    for size in range(2, longest + 1):
        counts += np.maximum(lengths + 3 - size, 0)
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets
