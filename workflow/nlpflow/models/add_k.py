"""The counting language model that neural ones are held against: n-grams with add-k smoothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer]
Longs = NDArray[np.int64]

CHOICES = tuple(10.0 ** (step / 4) for step in range(-16, 5))
"""The values of k that are tried, from 0.0001 to 10."""

UNSEEN = -1


class AddK:
    """`(count(context, word) + k) / (count(context) + k * outcomes)`.

    Chen and Goodman 1999, "An Empirical Study of Smoothing Techniques for Language Modeling",
    section 2.1, with k in place of 1.

    :param contexts: the words before each training word, (tokens, order - 1)
    :param words: (tokens,)
    :param vocabulary: ids are below it; in contexts -1 stands for a place before the sentence
    :param outcomes: how many different words can come next
    """

    def __init__(self, contexts: Ids, words: Ids, vocabulary: int, outcomes: int) -> None:
        self.k = 1.0
        self.outcomes = outcomes
        self._vocabulary = vocabulary
        self._tables: list[Longs] = []
        place = np.zeros(len(words), np.int64)
        for column in contexts.T:
            table, place = np.unique(self._keys(place, column), return_inverse=True)
            self._tables.append(table)
        self._totals = np.bincount(place)
        self._pairs, self._counts = np.unique(self._keys(place, words), return_counts=True)

    def counts(self, contexts: Ids, words: Ids) -> tuple[Longs, Longs]:
        """How often each word came after its context, and the context at all: (tokens,) each."""
        place = np.zeros(len(words), np.int64)
        for table, column in zip(self._tables, contexts.T, strict=True):
            found = _places(table, self._keys(place, column))
            place = np.where(place == UNSEEN, UNSEEN, found)
        pair = _places(self._pairs, self._keys(place, words))
        seen = (place != UNSEEN) & (pair != UNSEEN)
        totals = np.where(place == UNSEEN, 0, self._totals[place])
        return np.where(seen, self._counts[pair], 0), totals

    def log_probabilities(self, contexts: Ids, words: Ids) -> NDArray[np.float64]:
        """Of each word after its context: (tokens,)."""
        return self._logs(*self.counts(contexts, words), self.k)

    def tune(self, contexts: Ids, words: Ids, choices: Sequence[float] = CHOICES) -> float:
        """Set k to the one of the choices that makes these words likeliest; returns the mean of
        their log-probabilities with it."""
        counted = self.counts(contexts, words)
        scores = [float(self._logs(*counted, k).mean()) for k in choices]
        best = int(np.argmax(scores))
        self.k = choices[best]
        return scores[best]

    def _logs(self, counts: Longs, totals: Longs, k: float) -> NDArray[np.float64]:
        return np.asarray(np.log((counts + k) / (totals + k * self.outcomes)))

    def _keys(self, place: Longs, words: Ids) -> Longs:
        """One number for each pair of a context's place and a word."""
        return place * (self._vocabulary + 1) + words + 1


def _places(table: Longs, keys: Longs) -> Longs:
    """Where each key stands in a sorted table; `UNSEEN` where it does not."""
    at = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    return np.where(table[at] == keys, at, UNSEEN)
