"""N-gram language model with add-k smoothing, the baseline of the neural language models."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlpflow.baselines.ngram_counts import Counts, Integers, NgramCounts

CHOICES = tuple(10.0 ** (step / 4) for step in range(-16, 5))
"""The values of k that `AddK.tune` tries, from 0.0001 to 10."""


class AddK:
    """N-gram language model with add-k smoothing.

    `P(word | context) = (count(context, word) + k) / (count(context) + k * outcomes)`. Chen and
    Goodman 1999, "An Empirical Study of Smoothing Techniques for Language Modeling", section 2.1,
    with k in place of 1.

    Args:
        contexts: the words before each training word, (tokens, order - 1); -1 before the sentence
        words: the training words, (tokens,)
        vocabulary: all ids are below it
        outcomes: number of distinct words that can come next
    """

    def __init__(self, contexts: Integers, words: Integers, vocabulary: int, outcomes: int) -> None:
        self.k = 1.0
        self.outcomes = outcomes
        self._counts = NgramCounts(contexts, words, vocabulary)

    def log_probabilities(self, contexts: Integers, words: Integers) -> NDArray[np.float64]:
        """The log-probability of each word after its context, (tokens,)."""
        return self._logs(self._counts.of(contexts, words), self.k)

    def tune(
        self, contexts: Integers, words: Integers, choices: Sequence[float] = CHOICES
    ) -> float:
        """Set k to the choice under which the given words are most probable.

        Args:
            contexts: the words before each word, (tokens, order - 1)
            words: (tokens,)
            choices: values of k

        Returns:
            mean log-probability of the words under the chosen k
        """
        counted = self._counts.of(contexts, words)
        scores = [float(self._logs(counted, k).mean()) for k in choices]
        best = int(np.argmax(scores))
        self.k = choices[best]
        return scores[best]

    def _logs(self, counted: Counts, k: float) -> NDArray[np.float64]:
        return np.asarray(np.log((counted.ngram + k) / (counted.context + k * self.outcomes)))
