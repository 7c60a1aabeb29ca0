"""Batches of sentences of similar length, in an order that depends on the random seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Batch = TypeVar("Batch")


@dataclass(frozen=True)
class Batches(Sequence[Batch], Generic[Batch]):
    """The batches of an epoch. Each is made when it is accessed, so that memory holds one."""

    indices: list[NDArray[np.int64]]
    """The indices of the sentences in each batch."""
    make: Callable[[NDArray[np.int64]], Batch]
    """Makes the batch of some indices."""

    def __len__(self) -> int:
        return len(self.indices)

    @overload
    def __getitem__(self, number: int) -> Batch: ...
    @overload
    def __getitem__(self, number: slice) -> "Batches[Batch]": ...
    def __getitem__(self, number: int | slice) -> "Batch | Batches[Batch]":
        if isinstance(number, slice):
            return Batches(self.indices[number], self.make)
        return self.make(self.indices[number])


def length_batches(
    lengths: NDArray[np.integer], size: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Split an epoch into batches with little padding, grouped differently in every epoch.

    Sentences are sorted by length with ties in random order and cut into batches of `size`. Then
    the batches are shuffled.

    Args:
        lengths: one or more lengths of each sentence, (sentences,) or (sentences, keys); sentences
            are sorted by the first, then by the next
        size: number of sentences per batch
        rng: source of the random order

    Returns:
        the indices of each batch's sentences, longest first; every sentence occurs once
    """
    count = len(lengths)
    keys = np.atleast_2d(lengths.T)
    order = np.lexsort([rng.random(count), *keys[::-1]])[::-1]
    batches = [order[start : start + size] for start in range(0, count, size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def token_batches(
    lengths: NDArray[np.integer], tokens: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Split an epoch into batches of about the same number of tokens; see `length_batches`.

    A batch holds as many sentences as fit into `tokens` after padding to the longest side of any.
    A sentence longer than `tokens` has a batch of its own.

    Args:
        lengths: number of tokens of each sentence, (sentences,), or of each of its sides,
            (sentences, sides)
        tokens: the maximum number of tokens per batch and side, padding included
        rng: source of the random order

    Returns:
        the indices of each batch's sentences, longest first; every sentence occurs once
    """
    count = len(lengths)
    keys = np.atleast_2d(lengths.T)
    longest = keys.max(axis=0)
    order = np.lexsort([rng.random(count), *keys[::-1], longest])[::-1]
    batches, start = [], 0
    while start < count:
        size = max(1, tokens // int(longest[order[start]]))
        batches.append(order[start : start + size])
        start += size
    return [batches[i] for i in rng.permutation(len(batches))]
