"""N-gram counts, built and looked up for whole arrays at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.arrays import Longs

Integers = NDArray[np.integer]

UNSEEN = -1


class Counts(NamedTuple):
    """Counts that belong to some n-grams, (tokens,) each; 0 for unseen ones."""

    ngram: Longs
    """How often the word follows the context."""
    context: Longs
    """How often the context occurs."""
    followers: Longs
    """How many distinct words follow the context."""


class NgramCounts:
    """Counts of n-grams of one order.

    A context is numbered word by word: the number of its first k + 1 words is the index of the pair
    (number of its first k words, next word) in the k-th sorted table.

    Args:
        contexts: the words before each word, (tokens, order - 1); -1 before the sentence
        words: (tokens,)
        vocabulary: all ids are below it
    """

    def __init__(self, contexts: Integers, words: Integers, vocabulary: int) -> None:
        self._vocabulary = vocabulary
        self._tables: list[Longs] = []
        context = np.zeros(len(words), np.int64)
        for column in contexts.T:
            table, context = np.unique(self._keys(context, column), return_inverse=True)
            self._tables.append(table)
        self._totals = np.bincount(context)
        self._pairs, self.first, self.counts = np.unique(
            self._keys(context, words), return_index=True, return_counts=True
        )
        self._followers = np.bincount(context[self.first])

    first: Longs
    """The index of the first occurrence of each distinct n-gram, (n-grams,)."""
    counts: Longs
    """How often each distinct n-gram occurs, (n-grams,)."""

    def of(self, contexts: Integers, words: Integers) -> Counts:
        """The counts of n-grams, seen or unseen.

        Args:
            contexts: the words before each word, (tokens, order - 1)
            words: (tokens,)
        """
        context = np.zeros(len(words), np.int64)
        for table, column in zip(self._tables, contexts.T, strict=True):
            found = _indices(table, self._keys(context, column))
            context = np.where(context == UNSEEN, UNSEEN, found)
        pair = _indices(self._pairs, self._keys(context, words))
        known = context != UNSEEN
        return Counts(
            np.where(known & (pair != UNSEEN), self.counts[pair], 0),
            np.where(known, self._totals[context], 0),
            np.where(known, self._followers[context], 0),
        )

    def _keys(self, context: Longs, words: Integers) -> Longs:
        """One key for each pair of a context's number and a word."""
        return context * (self._vocabulary + 1) + words + 1


def _indices(table: Longs, keys: Longs) -> Longs:
    """The index of each key in a sorted table; `UNSEEN` for a key that is not in it."""
    at = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    return np.where(table[at] == keys, at, UNSEEN)
