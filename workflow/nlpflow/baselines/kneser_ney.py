"""A counting language model that knows what to expect after what it never saw."""

import numpy as np
from numpy.typing import NDArray

from nlpflow.baselines.ngram_counts import Integers, NgramCounts

BEFORE = -1
"""In contexts: a place before the sentence."""

USUAL_DISCOUNT = 0.5
"""Where no n-gram came exactly once, so that the counts say nothing of those that never came."""


class KneserNey:
    """N-grams with interpolated Kneser-Ney smoothing.

    `P(w | h) = (max(c(h w) - D, 0) + D * followers(h) * P(w | h')) / c(h)`, h' being h without its
    first word; below the highest order c(h w) is the number of different words before h w, and
    below single words all outcomes are alike (Chen and Goodman 1999, "An Empirical Study of
    Smoothing Techniques for Language Modeling", section 2.7 and equation 21 for D, with one
    discount an order). Where h starts before the sentence nothing else can come before h w, so it
    keeps its count.

    Args:
        contexts: the words before each training word, (tokens, order - 1)
        words: (tokens,)
        vocabulary: ids are below it; in contexts -1 stands for a place before the sentence
        outcomes: how many different words can come next
    """

    def __init__(self, contexts: Integers, words: Integers, vocabulary: int, outcomes: int) -> None:
        self.outcomes = outcomes
        self._orders: list[tuple[NgramCounts, float]] = []
        while True:
            counts = NgramCounts(contexts, words, vocabulary)
            self._orders.append((counts, _discount(counts)))
            if not contexts.shape[1]:
                break
            # One n-gram a different word before it, and those at the start as often as they came.
            kept = np.zeros(len(words), np.bool_)
            kept[counts.first] = True
            shorter = contexts[:, 1:]
            if shorter.shape[1]:
                kept |= shorter[:, 0] == BEFORE
            contexts, words = shorter[kept], words[kept]

    def log_probabilities(self, contexts: Integers, words: Integers) -> NDArray[np.float64]:
        """Of each word after its context: (tokens,)."""
        found = np.full(len(words), 1 / self.outcomes)
        order = contexts.shape[1]
        for length, (counts, discount) in enumerate(reversed(self._orders)):
            counted = counts.of(contexts[:, order - length :], words)
            above = np.maximum(counted.ngram - discount, 0) + discount * counted.followers * found
            np.divide(above, counted.context, out=found, where=counted.context > 0)
        return np.asarray(np.log(found))


def _discount(counts: NgramCounts) -> float:
    """`n1 / (n1 + 2 n2)`, with the numbers of n-grams that came once and twice."""
    once, twice = (int((counts.counts == times).sum()) for times in (1, 2))
    return once / (once + 2 * twice) if once else USUAL_DISCOUNT
