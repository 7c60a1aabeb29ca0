"""Tag bigram model from counts, which decodes the probabilities of any tagger as an HMM does."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from nlpflow.models.crf.chain import build_chain, weight_table
from nlpflow.models.crf.decoding import Best, viterbi
from nlpflow.text.arrays import Floats


class TagBigrams:
    """Smoothed probabilities of each tag after the previous tag, and of first and last tags.

    Args:
        sequences: tag ids of each sentence
        tags: number of tags; a tag that never occurs is unlikely, not impossible

    Raises:
        ValueError: there is no sentence, one is empty, or an id is not below `tags`
    """

    def __init__(self, sequences: Iterable[Sequence[int]], tags: int):
        counts = _count(sequences, tags)
        # Every count is increased by 1, so that nothing is impossible.
        alone = counts.sum(axis=0) + 1
        following = torch.from_numpy(np.log(interpolated(counts, alone / alone.sum())))
        self.prior = torch.from_numpy(np.log(alone[:tags] / alone[:tags].sum()))
        self.start, self.stop = following[tags, :tags], following[:tags, tags]
        self.transitions = following[:tags, :tags]

    def viterbi(self, log_probabilities: Tensor, mask: Tensor) -> Best:
        """The best tags of each sentence, given a tagger's probabilities for each word alone.

        A hidden Markov model maximises the product of P(word | tag) and P(tag | previous tag). Here
        P(tag | word) / P(tag) replaces P(word | tag): the two differ by a factor that is the same
        for all tags (Bourlard & Morgan 1994, 7.2).

        Args:
            log_probabilities: log P(tag | word), (batch, time, tags)
            mask: boolean, True at words, (batch, time)

        Raises:
            ValueError: see `LinearChainCRF`
        """
        weights = weight_table(self.start, self.transitions, self.stop).to(log_probabilities)
        chain = build_chain(log_probabilities, mask, weights)
        return viterbi(chain._replace(emissions=log_probabilities - self.prior.to(weights)))


def _count(sequences: Iterable[Sequence[int]], tags: int) -> Floats:
    """How often each tag (row) precedes each tag (column); the last tag is the sentence edge."""
    counts = np.zeros((tags + 1, tags + 1))
    for index, sequence in enumerate(sequences):
        if not sequence or min(sequence) < 0 or max(sequence) >= tags:
            raise ValueError(
                f"sentence {index} has tags {list(sequence)}, expected 0 to {tags - 1}"
            )
        np.add.at(counts, ([tags, *sequence], [*sequence, tags]), 1)
    if not counts.any():
        raise ValueError("no sentences to count tags in")
    return counts


def interpolated(counts: Floats, general: Floats) -> Floats:
    """Distributions interpolated from counts and a more general distribution.

    Of c occurrences with n distinct outcomes, the general distribution has the weight n / (c + n),
    an estimate of the probability that the next outcome is a new one (Witten & Bell 1991, method
    C).

    Args:
        counts: (..., outcomes)
        general: nowhere 0, (outcomes,) or the shape of `counts`

    Returns:
        the shape of `counts`, nowhere 0
    """
    different = np.maximum((counts > 0).sum(axis=-1, keepdims=True), 1)
    total: Floats = counts.sum(axis=-1, keepdims=True)
    shares: Floats = (counts + different * general) / (total + different)
    return shares
