"""Counted tag bigrams over any tagger's probabilities: a hidden Markov model's decoding."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlpflow.models.crf.chain import build_chain
from nlpflow.models.crf.decoding import Best, viterbi


class TagBigrams:
    """How likely a tag is after another, at the start and before the end, counted and smoothed.

    :param sequences: tag numbers of each sentence
    :param tags: how many tags there are; one that was never seen is unlikely, not impossible
    :raises ValueError: no sentence, an empty one, or a number that is no tag
    """

    def __init__(self, sequences: Iterable[Sequence[int]], tags: int):
        counts = _count(sequences, tags)
        following = np.log(_interpolated(counts))
        seen = counts[:, :tags].sum(axis=0) + 1
        self.prior = torch.from_numpy(np.log(seen / seen.sum()))
        self.start, self.stop, self.transitions = (
            torch.from_numpy(part)
            for part in (following[tags, :tags], following[:tags, tags], following[:tags, :tags])
        )

    def viterbi(self, log_probabilities: Tensor, mask: Tensor) -> Best:
        """The best tags of each sentence given what a tagger says of each word alone.

        The product of P(tag | word) / P(tag), which is P(word | tag) but for a factor that is the
        same for all tags, and P(tag | tag before): with the quotient any tagger takes the place of
        the emissions of a hidden Markov model (Bourlard & Morgan 1994, 7.2).

        :param log_probabilities: log P(tag | word), (batch, time, tags)
        :param mask: boolean, True where there is a word, (batch, time)
        :raises ValueError: as of `LinearChainCRF`
        """
        likelihoods = log_probabilities - self.prior.to(log_probabilities)
        weights = (self.start, self.transitions, self.stop)
        return viterbi(build_chain(likelihoods, mask, *(w.to(likelihoods) for w in weights)))


def _count(sequences: Iterable[Sequence[int]], tags: int) -> NDArray[np.float64]:
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


def _interpolated(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(column | row), interpolated with P(column) by deleted interpolation (Brants 2000, 2.2).

    Every bigram votes, as often as it occurred, for the one of the two that would have foretold it
    better had it occurred once less.
    """
    before, after, total = counts.sum(axis=1, keepdims=True), counts.sum(axis=0), counts.sum()
    given = (counts - 1) / np.maximum(before - 1, 1)
    alone = (after - 1) / max(total - 1, 1)
    # One vote more for P(column): a bigram that never occurred is never impossible.
    share = counts[given > alone].sum() / (total + 1)
    unigram = np.broadcast_to((after + 1) / (total + len(after)), counts.shape)
    bigram = np.where(before > 0, counts / np.maximum(before, 1), unigram)
    mixed: NDArray[np.float64] = share * bigram + (1 - share) * unigram
    return mixed
