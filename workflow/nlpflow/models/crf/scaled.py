"""Forward-backward in probability space: one matrix product a word, rescaled now and then.

Rabiner 1989, V.A, scales at every word. Here every word's best emission and the best transition
are 1 to begin with, so that a bound says for how many words the numbers stay in range.
"""

import math

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain
from nlpflow.models.crf.scan import scan
from nlpflow.models.crf.two_ways import two_ways

TINY = torch.finfo(torch.float64).tiny
RANGE = 0.5 * math.log(torch.finfo(torch.float64).eps / TINY)
"""How far apart (as a logarithm) two values by tag may be: values of both ways are multiplied, and
what is lost below the smallest number must not be seen in the sum of the products."""


class Scaled:
    """Both ways, or only forward; everything is float64 and without gradient.

    :param interval: words between two rescalings, from `safe_interval`
    """

    def __init__(self, chain: Chain, interval: int, both: bool):
        self.mask = chain.mask
        weights, top = _weights(chain)
        start, stop, self.transitions = weights[0], weights[1], weights[2:]
        highest = chain.emissions.amax(dim=2, keepdim=True)
        words = (chain.emissions - highest).exp_().transpose(0, 1)
        self.order = two_ways(chain.lengths, len(words))
        if both:
            words = self.order.stack(words)
            ends = torch.stack([start, stop])
            matrices = torch.stack([self.transitions, self.transitions.t()])
        else:
            words, ends, matrices = words.unsqueeze(1), start[None], self.transitions[None]
        # Values before and after each word, (time, ways, batch, tags). What stands after a word
        # takes the place of the word's own scores: on small matrices memory is half the time.
        self.before, self.after = torch.empty_like(words), words
        self.before[0] = ends.unsqueeze(1)
        divided = self._scan(matrices, interval)
        sentences = torch.arange(len(chain.lengths), device=chain.lengths.device)
        last = self.after[chain.lengths - 1, 0, sentences]
        self.log_partition = (
            (last @ stop).log()
            + divided[chain.lengths // interval, sentences]
            + highest.sum(dim=1).squeeze(1)
            + (chain.lengths + 1) * top
        )

    def _scan(self, matrices: Tensor, interval: int) -> Tensor:
        """Fill `before` and `after`.

        :returns: logarithm of what the forward way was divided by until each rescaling,
            (1 + rescalings, batch)
        """
        values, *before = self.before.unbind(0)
        places, words = iter(before), self.after.unbind(0)

        def step(values: Tensor) -> Tensor:
            return torch.bmm(values, matrices, out=next(places))

        def times(values: Tensor, word: Tensor) -> Tensor:
            return word.mul_(values)

        sizes = [matrices.new_ones(len(self.mask))]
        for begin in range(0, len(words), interval):
            if begin:
                values = step(values)
            values = scan(values, words[begin : begin + interval], step, times)[1][-1]
            if begin + interval <= len(words):
                # Where nothing is allowed the sum is 0, and stays so.
                size = values.sum(dim=2, keepdim=True).clamp_min_(TINY)
                sizes.append(size[0, :, 0])
                values.div_(size)
        return torch.stack(sizes).log_().cumsum(dim=0)

    def counts(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Marginals (time, batch, tags), each sentence's times its weight, and their transitions.

        :param weights: (batch,)
        :returns: and the expected number of each transition, (tags, tags), weighted and summed
        """
        forward, backward = self.after[:, 0], self.order.backward(self.before)
        joint = forward * backward
        inside = self.mask.t().unsqueeze(2).double()
        share = inside * weights.unsqueeze(1) / joint.sum(dim=2, keepdim=True)
        # What stands before a word, backward, is its transitions times what stands after the next.
        following = self.order.backward(self.after)[1:].mul_(inside[1:])
        tags = following.shape[2]
        earlier = (forward[:-1] * share[:-1]).view(-1, tags)
        pairs = earlier.t() @ following.view(-1, tags)
        return joint.mul_(share), pairs.mul_(self.transitions)


def safe_interval(chain: Chain, mixing: int | None) -> int:
    """For how many words the scan needs no rescaling; 0 where it must not be used at all.

    Two values by tag after the same word differ at most by `mixing` words' range of scores, because
    any tag leads to any tag in so many transitions; since the last rescaling all of them together
    may have moved by a word's range at every word. Without this bound a tag can vanish from both
    ends of a sentence, and a wrong result looks like a right one.

    :param mixing: see `nlpflow.models.crf.schemes.steps_to_mix`
    """
    if mixing is None:
        return 0
    weights = torch.cat([chain.start[None], chain.stop[None], chain.transitions])
    lowest = weights.masked_fill(weights.isneginf(), float("inf")).min()
    emitted = (chain.emissions.amax(dim=2) - chain.emissions.amin(dim=2)).max()
    word = float(weights.max() - lowest + emitted) + math.log(len(chain.start))
    # Not a number where the scores are none: log space says which.
    return max(0, int(RANGE / max(word, 1.0)) - mixing) if word < RANGE else 0


def _weights(chain: Chain) -> tuple[Tensor, Tensor]:
    """Start, stop and transitions, (2 + tags, tags), divided by the largest; its logarithm."""
    weights = torch.cat([chain.start[None], chain.stop[None], chain.transitions])
    top = weights.max()
    return (weights - top).exp_(), top
