"""Interpolated Kneser-Ney n-gram language model."""

import numpy as np
from numpy.typing import NDArray

from nlpflow.baselines.ngram_counts import Integers, NgramCounts

BEFORE = -1
"""In contexts: a position before the sentence."""

DEFAULT_DISCOUNT = 0.5
"""The discount of an order without n-grams that occur exactly once, for which the estimate from the
counts would be 0."""


class KneserNey:
    """N-gram language model with interpolated Kneser-Ney smoothing.

    `P(w | h) = (max(c(h w) - D, 0) + D * followers(h) * P(w | h')) / c(h)`, where h' is h without
    its first word. At the highest order c(h w) is the count of h w; at lower orders it is the
    number of distinct words before h w. Below single words all outcomes are equally likely. Where
    h begins before the sentence no other word can precede h w, so it keeps its count.

    The source is Chen and Goodman 1999, "An Empirical Study of Smoothing Techniques for Language
    Modeling", section 2.7, and equation 21 for D, with one discount per order.

    Args:
        contexts: the words before each training word, (tokens, order - 1); -1 before the sentence
        words: the training words, (tokens,)
        vocabulary: all ids are below it
        outcomes: number of distinct words that can come next
    """

    def __init__(self, contexts: Integers, words: Integers, vocabulary: int, outcomes: int) -> None:
        self.outcomes = outcomes
        self._orders: list[tuple[NgramCounts, float]] = []
        while True:
            counts = NgramCounts(contexts, words, vocabulary)
            self._orders.append((counts, _discount(counts)))
            if not contexts.shape[1]:
                break
            # Each distinct n-gram counts once at the next lower order, so that the count there is
            # the number of distinct words before; n-grams at a sentence's start keep their count.
            kept = np.zeros(len(words), np.bool_)
            kept[counts.first] = True
            shorter = contexts[:, 1:]
            if shorter.shape[1]:
                kept |= shorter[:, 0] == BEFORE
            contexts, words = shorter[kept], words[kept]

    def log_probabilities(self, contexts: Integers, words: Integers) -> NDArray[np.float64]:
        """The log-probability of each word after its context, (tokens,)."""
        found = np.full(len(words), 1 / self.outcomes)
        order = contexts.shape[1]
        for length, (counts, discount) in enumerate(reversed(self._orders)):
            counted = counts.of(contexts[:, order - length :], words)
            above = np.maximum(counted.ngram - discount, 0) + discount * counted.followers * found
            np.divide(above, counted.context, out=found, where=counted.context > 0)
        return np.asarray(np.log(found))


def _discount(counts: NgramCounts) -> float:
    """`n1 / (n1 + 2 n2)`, where n1 and n2 are the numbers of n-grams that occur once and twice."""
    once, twice = (int((counts.counts == times).sum()) for times in (1, 2))
    return once / (once + 2 * twice) if once else DEFAULT_DISCOUNT
