"""Counted tag bigrams over any tagger's probabilities: a hidden Markov model's decoding."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from nlpflow.models.crf.chain import build_chain, weight_table
from nlpflow.models.crf.decoding import Best, viterbi
from nlpflow.text.arrays import Floats


class TagBigrams:
    """How likely a tag is after another, at the start and before the end, counted and smoothed.

    Args:
        sequences: tag numbers of each sentence
        tags: how many tags there are; one that was never seen is unlikely, not impossible

    Raises:
        ValueError: no sentence, an empty one, or a number that is not a tag
    """

    def __init__(self, sequences: Iterable[Sequence[int]], tags: int):
        counts = _count(sequences, tags)
        # Each outcome counts once more than it was seen: none is impossible.
        alone = counts.sum(axis=0) + 1
        following = torch.from_numpy(np.log(interpolated(counts, alone / alone.sum())))
        self.prior = torch.from_numpy(np.log(alone[:tags] / alone[:tags].sum()))
        self.start, self.stop = following[tags, :tags], following[:tags, tags]
        self.transitions = following[:tags, :tags]

    def viterbi(self, log_probabilities: Tensor, mask: Tensor) -> Best:
        """The best tags of each sentence given what a tagger says of each word alone.

        The product of P(tag | word) / P(tag), which is P(word | tag) but for a factor that is the
        same for all tags, and P(tag | tag before): with the quotient any tagger takes the place of
        the emissions of a hidden Markov model (Bourlard & Morgan 1994, 7.2).

        Args:
            log_probabilities: log P(tag | word), (batch, time, tags)
            mask: boolean, True where there is a word, (batch, time)

        Raises:
            ValueError: as of `LinearChainCRF`
        """
        weights = weight_table(self.start, self.transitions, self.stop).to(log_probabilities)
        chain = build_chain(log_probabilities, mask, weights)
        return viterbi(chain._replace(emissions=log_probabilities - self.prior.to(weights)))


def _count(sequences: Iterable[Sequence[int]], tags: int) -> Floats:
    """Times each tag (row) was followed by each (column); the last is the edge of a sentence."""
    counts = np.zeros((tags + 1, tags + 1))
    for place, sequence in enumerate(sequences):
        if not sequence or min(sequence) < 0 or max(sequence) >= tags:
            raise ValueError(
                f"sentence {place} has tags {list(sequence)}, expected 0 to {tags - 1}"
            )
        np.add.at(counts, ([tags, *sequence], [*sequence, tags]), 1)
    if not counts.any():
        raise ValueError("no sentences to count tags in")
    return counts


def interpolated(counts: Floats, general: Floats) -> Floats:
    """Distributions from counts, (..., outcomes), and a more general one, which is nowhere 0.

    The general one weighs as much as different outcomes were seen: n of them in c occurrences
    say that the next is a new one with probability n / (c + n) (Witten & Bell 1991, method C).
    """
    different = np.maximum((counts > 0).sum(axis=-1, keepdims=True), 1)
    total: Floats = counts.sum(axis=-1, keepdims=True)
    shares: Floats = (counts + different * general) / (total + different)
    return shares
