"""How often words follow contexts, counted and looked up for whole arrays at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.arrays import Longs

Integers = NDArray[np.integer]

UNSEEN = -1


class Counts(NamedTuple):
    """What was counted of some n-grams, (tokens,) each; 0 where it was not seen."""

    ngram: Longs
    """How often the word came after the context."""
    context: Longs
    """How often the context came."""
    followers: Longs
    """How many different words came after the context."""


class NgramCounts:
    """Counts of n-grams of one order.

    Args:
        contexts: the words before each word, (tokens, order - 1)
        words: (tokens,)
        vocabulary: ids are below it; in contexts -1 stands for a place before the sentence
    """

    def __init__(self, contexts: Integers, words: Integers, vocabulary: int) -> None:
        self._vocabulary = vocabulary
        self._tables: list[Longs] = []
        place = np.zeros(len(words), np.int64)
        for column in contexts.T:
            table, place = np.unique(self._keys(place, column), return_inverse=True)
            self._tables.append(table)
        self._totals = np.bincount(place)
        self._pairs, self.first, self.counts = np.unique(
            self._keys(place, words), return_index=True, return_counts=True
        )
        self._followers = np.bincount(place[self.first])

    first: Longs
    """Where each different n-gram came first, (n-grams,)."""
    counts: Longs
    """How often each different n-gram came, (n-grams,)."""

    def of(self, contexts: Integers, words: Integers) -> Counts:
        """The counts of n-grams, seen or not."""
        place = np.zeros(len(words), np.int64)
        for table, column in zip(self._tables, contexts.T, strict=True):
            found = _places(table, self._keys(place, column))
            place = np.where(place == UNSEEN, UNSEEN, found)
        pair = _places(self._pairs, self._keys(place, words))
        known = place != UNSEEN
        return Counts(
            np.where(known & (pair != UNSEEN), self.counts[pair], 0),
            np.where(known, self._totals[place], 0),
            np.where(known, self._followers[place], 0),
        )

    def _keys(self, place: Longs, words: Integers) -> Longs:
        """One number for each pair of a context's place and a word."""
        return place * (self._vocabulary + 1) + words + 1


def _places(table: Longs, keys: Longs) -> Longs:
    """Where each key stands in a sorted table; `UNSEEN` where it does not."""
    at = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    return np.where(table[at] == keys, at, UNSEEN)
