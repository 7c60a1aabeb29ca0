"""Forward-backward in probability space: one matrix product a word, rescaled now and then.

Rabiner 1989, V.A, scales at every word. Here every word's best emission and the best transition
are 1 to begin with, so that a bound says for how many words the numbers stay in range.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain
from nlpflow.models.crf.edges import both_ways, from_edge_to_edge
from nlpflow.models.crf.scan import scan

TINY = torch.finfo(torch.float64).tiny
RANGE = 0.5 * math.log(torch.finfo(torch.float64).eps / TINY)
"""How far apart (as a logarithm) two values by tag may be: values of both ways are multiplied, and
what is lost below the smallest number must not be seen in the sum of the products."""


class Scale(NamedTuple):
    """How large the scores of a chain are, and what follows from it."""

    top: Tensor
    """The largest weight."""
    highest: Tensor
    """The largest emission of each word, (batch, time, 1)."""
    interval: int
    """For how many places the scan needs no rescaling; 0 where it must not be used at all."""


def scale_of(chain: Chain, mixing: int | None) -> Scale:
    """Decide beforehand whether probability space is safe.

    Two values by tag after the same word differ at most by `mixing` words' range of scores, because
    any tag leads to any tag in so many transitions; since the last rescaling all of them together
    may have moved by a word's range at every word. Without this bound a tag can vanish from both
    ends of a sentence, and a wrong result looks like a right one. At an edge there is no second
    value that could be lost; its 0 counts among the weights because padding takes part in scaling.

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
        self.weights = (chain.weights - scale.top).exp_()
        words = (chain.emissions - scale.highest).exp_()
        words = from_edge_to_edge(chain, words, zero=0.0, one=1.0)
        if both:
            words, weights = both_ways(words, self.weights)
        else:
            words, weights = words.unsqueeze(1), self.weights[None]
        sizes = self._scan(words, weights, scale.interval)
        # Values after each place, (places, ways, batch, tags + 1), in the memory of the words'
        # scores: on small matrices memory is half the time.
        self.after = words
        self.log_partition = words[-1, 0, :, -1].log()
        self.log_partition += (len(words) - 1) * scale.top + scale.highest.sum(dim=1).squeeze(1)
        for size in sizes:
            self.log_partition += size.log_()

    @staticmethod
    def _scan(words: Tensor, weights: Tensor, interval: int) -> list[Tensor]:
        """Put the values after each place where its words' scores were.

        :returns: what the forward way was divided by at each rescaling, (batch,) each
        """

        def step(values: Tensor) -> Tensor:
            return torch.bmm(values, weights)

        def times(values: Tensor, word: Tensor) -> Tensor:
            return word.mul_(values)

        values, *places = words.unbind(0)
        sizes: list[Tensor] = []
        for begin in range(0, len(places), interval):
            values = scan(step(values), places[begin : begin + interval], step, times)[-1]
            if begin + interval <= len(places):
                # Where nothing is allowed the sum is 0, and stays so.
                size = values.sum(dim=2, keepdim=True).clamp_min_(TINY)
                sizes.append(size[0, :, 0])
                values.div_(size)
        return sizes

    def counts(self, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """Expected tags, and moves from tag to tag, from the edge and to it.

        :param sentences: the weight of each, (batch,)
        :returns: how often each tag is expected at each place but the first edge,
            (time + 1, batch, tags + 1), and how often each move, summed, (tags + 1, tags + 1)
        """
        earlier, later = self.after[:-1, 0], self.after[:-1, 1].flip(0)
        flat = earlier.reshape(-1, earlier.shape[2])
        joint = (flat @ self.weights).view_as(later).mul_(later)
        shares = sentences.unsqueeze(1) / joint.sum(dim=2, keepdim=True)
        moves = flat.t() @ later.mul_(shares).view_as(flat)
        return joint.mul_(shares), moves.mul_(self.weights)
