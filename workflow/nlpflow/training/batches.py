"""Batches of sentences of like length, in an order that the random seed decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Batch = TypeVar("Batch")


@dataclass(frozen=True)
class Batches(Sequence[Batch], Generic[Batch]):
    """The batches of an epoch, each made when it is asked for: memory holds one at a time."""

    indices: list[NDArray[np.int64]]
    make: Callable[[NDArray[np.int64]], Batch]

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
    """Cut one epoch into batches.

    Sentences are sorted by length, ties in random order, cut into batches of `size`, and the
    batches shuffled: hardly any padding, another grouping every epoch.

    Args:
        lengths: one row a sentence, (sentences,) or (sentences, keys); the first key counts most

    Returns:
        indices of each batch's sentences, longest first; together every sentence once
    """
    count = len(lengths)
    keys = np.atleast_2d(lengths.T)
    order = np.lexsort([rng.random(count), *keys[::-1]])[::-1]
    batches = [order[start : start + size] for start in range(0, count, size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def token_batches(
    lengths: NDArray[np.integer], tokens: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Cut one epoch into batches of about equally many tokens, in the manner of `length_batches`.

    A batch holds as many sentences as fit into `tokens` when each is padded to its longest side;
    a sentence that is longer alone has a batch of its own.

    Args:
        lengths: tokens of every sentence, (sentences,) or of each of its sides, (sentences, sides)
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
