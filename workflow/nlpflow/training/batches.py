"""Batches of sentences of like length, in an order that the random seed decides."""

import numpy as np
from numpy.typing import NDArray


def length_batches(
    lengths: NDArray[np.integer], size: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Cut one epoch into batches.

    Sentences are sorted by length, ties in random order, cut into batches of `size`, and the
    batches shuffled: hardly any padding, another grouping every epoch.

    :param lengths: one row a sentence, (sentences,) or (sentences, keys); the first key counts most
    :returns: indices of each batch's sentences, longest first; together every sentence once
    """
    count = len(lengths)
    keys = np.atleast_2d(lengths.T)
    order = np.lexsort([rng.random(count), *keys[::-1]])[::-1]
    batches = [order[start : start + size] for start in range(0, count, size)]
    return [batches[i] for i in rng.permutation(len(batches))]
