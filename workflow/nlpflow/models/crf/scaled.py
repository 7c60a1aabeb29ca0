"""Forward-backward in probability space: one matrix product a word, rescaled now and then.

Rabiner 1989, V.A, scales at every word. Here every word's best emission and the best transition
are 1 to begin with, so that a bound says for how many words the numbers stay in range.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain
from nlpflow.models.crf.scan import scan
from nlpflow.models.crf.two_ways import TwoWays

TINY = torch.finfo(torch.float64).tiny
RANGE = 0.5 * math.log(torch.finfo(torch.float64).eps / TINY)
"""How far apart (as a logarithm) two values by tag may be: values of both ways are multiplied, and
what is lost below the smallest number must not be seen in the sum of the products."""


class Scale(NamedTuple):
    """How large the scores of a chain are, and what follows from it."""

    top: Tensor
    """The largest start, stop or transition."""
    highest: Tensor
    """The largest emission of each word, (batch, time, 1)."""
    interval: int
    """For how many words the scan needs no rescaling; 0 where it must not be used at all."""


def scale_of(chain: Chain, mixing: int | None) -> Scale:
    """Decide beforehand whether probability space is safe.

    Two values by tag after the same word differ at most by `mixing` words' range of scores, because
    any tag leads to any tag in so many transitions; since the last rescaling all of them together
    may have moved by a word's range at every word. Without this bound a tag can vanish from both
    ends of a sentence, and a wrong result looks like a right one.

    :param mixing: see `nlpflow.models.crf.schemes.steps_to_mix`
    """
    weights = chain.weights
    lowest, top = weights.aminmax()
    if float(lowest) == float("-inf"):
        lowest = weights.masked_fill(weights.isneginf(), float("inf")).min()
    highest = chain.emissions.amax(dim=2, keepdim=True)
    emitted = (highest - chain.emissions.amin(dim=2, keepdim=True)).max()
    word = float(top - lowest + emitted) + math.log(weights.shape[1])
    interval = 0
    # Not a number where the scores are none: log space says which.
    if mixing is not None and word < RANGE:
        interval = max(0, int(RANGE / max(word, 1.0)) - mixing)
    return Scale(top, highest, interval)


class Scaled:
    """Both ways, or only forward; everything is float64 and without gradient.

    :param scale: its interval is 1 or more
    """

    def __init__(self, chain: Chain, scale: Scale, both: bool):
        weights = (chain.weights - scale.top).exp_()
        start, stop, self.transitions = weights[0], weights[1], weights[2:]
        words = (chain.emissions - scale.highest).exp_()
        if both:
            self.order = TwoWays(chain)
            words = self.order.lay_out(words)
            ends = weights[:2]
            matrices = torch.stack([self.transitions, self.transitions.t()])
        else:
            words, ends = words.transpose(0, 1).unsqueeze(1), start[None]
            matrices = self.transitions[None]
        # Values before and after each word, (time, ways, batch, tags). What stands after a word
        # takes the place of the word's own scores: on small matrices memory is half the time.
        self.before, self.after = torch.empty_like(words), words
        self.before[0] = ends.unsqueeze(1)
        sizes = self._scan(matrices, scale.interval)
        sentences = torch.arange(len(chain.lengths), device=chain.lengths.device)
        last = self.after[chain.lengths - 1, 0, sentences]
        divided = (chain.lengths + 1) * scale.top + scale.highest.sum(dim=1).squeeze(1)
        for rescaling, size in enumerate(sizes, start=1):
            reached = chain.lengths >= rescaling * scale.interval
            divided += size.log_().masked_fill_(~reached, 0)
        self.log_partition = (last @ stop).log() + divided

    def _scan(self, matrices: Tensor, interval: int) -> list[Tensor]:
        """Fill `before` and `after`.

        :returns: what the forward way was divided by at each rescaling, (batch,) each
        """
        values, *before = self.before.unbind(0)
        places, words = iter(before), self.after.unbind(0)

        def step(values: Tensor) -> Tensor:
            return torch.bmm(values, matrices, out=next(places))

        def times(values: Tensor, word: Tensor) -> Tensor:
            return word.mul_(values)

        sizes: list[Tensor] = []
        for begin in range(0, len(words), interval):
            if begin:
                values = step(values)
            values = scan(values, words[begin : begin + interval], step, times)[1][-1]
            if begin + interval <= len(words):
                # Where nothing is allowed the sum is 0, and stays so.
                size = values.sum(dim=2, keepdim=True).clamp_min_(TINY)
                sizes.append(size[0, :, 0])
                values.div_(size)
        return sizes

    def counts(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Expected tags and transitions.

        :param weights: of the words: one for all words of a sentence, 0 at padding, (time, batch)
        :returns: marginals times weights, (time, batch, tags), and how often each transition is
            expected, weighted and summed, (tags, tags)
        """
        forward = self.after[:, 0]
        backward, following = self.order.read_back(self.before, self.after)
        joint = forward * backward
        weights, sizes = weights.unsqueeze(2), joint.sum(dim=2, keepdim=True)
        # What stands before a word, backward, is its transitions times what stands after the next:
        # pairs have the same sum as the earlier word's tags, and the later word's weight, 0 where
        # there is none.
        earlier = forward[:-1] * (weights[1:] / sizes[:-1])
        tags = earlier.shape[2]
        pairs = earlier.view(-1, tags).t() @ following[1:].view(-1, tags)
        return joint.mul_(weights / sizes), pairs.mul_(self.transitions)
