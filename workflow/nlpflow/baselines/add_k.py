"""N-gram language model with add-k smoothing, the baseline of the neural ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlpflow.baselines.ngram_counts import Counts, Integers, NgramCounts

CHOICES = tuple(10.0 ** (step / 4) for step in range(-16, 5))
"""The values of k that are tried, from 0.0001 to 10."""


class AddK:
    """`(count(context, word) + k) / (count(context) + k * outcomes)`.

    Chen and Goodman 1999, "An Empirical Study of Smoothing Techniques for Language Modeling",
    section 2.1, with k in place of 1.

    Args:
        contexts: the words before each training word, (tokens, order - 1)
        words: (tokens,)
        vocabulary: ids are below it; in contexts -1 stands for a place before the sentence
        outcomes: how many different words can come next
    """

    def __init__(self, contexts: Integers, words: Integers, vocabulary: int, outcomes: int) -> None:
        self.k = 1.0
        self.outcomes = outcomes
        self._counts = NgramCounts(contexts, words, vocabulary)

    def log_probabilities(self, contexts: Integers, words: Integers) -> NDArray[np.float64]:
        """Of each word after its context: (tokens,)."""
        return self._logs(self._counts.of(contexts, words), self.k)

    def tune(
        self, contexts: Integers, words: Integers, choices: Sequence[float] = CHOICES
    ) -> float:
        """Set k to the choice under which these words are most probable.

        Returns:
            mean log-probability of the words under that k
        """
        counted = self._counts.of(contexts, words)
        scores = [float(self._logs(counted, k).mean()) for k in choices]
        best = int(np.argmax(scores))
        self.k = choices[best]
        return scores[best]

    def _logs(self, counted: Counts, k: float) -> NDArray[np.float64]:
        return np.asarray(np.log((counted.ngram + k) / (counted.context + k * self.outcomes)))
