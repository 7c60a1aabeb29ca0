"""Forward-backward: the log partition, and how often each tag and transition is expected.

In probability space it is one matrix product a word, rescaled now and then. Rabiner 1989, V.A,
scales at every word. Here every word's best emission and the best transition are 1 to begin with,
so that a bound says for how many words the numbers stay in range. Scores that probability space
cannot hold are summed in log space.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from nlpflow.models.crf.chain import Chain, check_scores, double, scan

TINY = torch.finfo(torch.float64).tiny
RANGE = 0.5 * math.log(torch.finfo(torch.float64).eps / TINY)
"""How far apart (as a logarithm) two values by tag may be: values of both ways are multiplied, and
what is lost below the smallest number must not be seen in the sum of the products."""


def from_edge_to_edge(chain: Chain, words: Tensor, zero: float, one: float) -> Tensor:
    """Lay words out for a scan: edge, words, edge; nothing but the edge is possible at padding.

    Args:
        words: the scores of their tags in some semiring, (batch, time, tags)
        zero: that semiring's score of what is impossible
        one: that of what is free

    Returns:
        (time + 2, batch, tags + 1)
    """
    found = nn.functional.pad(words.transpose(0, 1), (0, 1, 0, 0, 1, 1), value=zero)
    found[:: len(found) - 1, :, -1] = one
    if chain.padded:
        padding = ~chain.mask.t()
        found[1:-1].masked_fill_(padding.unsqueeze(2), zero)
        found[1:-1, :, -1].masked_fill_(padding, one)
    return found


def both_ways(words: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Forward and backward as one scan: backward is forward over the batch from its other end.

    Args:
        words: from `from_edge_to_edge`, (places, batch, tags + 1)

    Returns:
        the words in both ways, (places, 2, batch, tags + 1), and the weights of both
    """
    return torch.stack([words, words.flip(0)], dim=1), torch.stack([weights, weights.t()])


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

    Args:
        mixing: see `nlpflow.models.crf.constraints.steps_to_mix`
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

    Args:
        scale: its interval is 1 or more
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

        Returns:
            what the forward way was divided by at each rescaling, (batch,) each
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

        Args:
            sentences: the weight of each, (batch,)

        Returns:
            how often each tag is expected at each place but the first edge, (time + 1, batch, tags
            + 1), and how often each move, summed, (tags + 1, tags + 1)
        """
        earlier, later = self.after[:-1, 0], self.after[:-1, 1].flip(0)
        flat = earlier.reshape(-1, earlier.shape[2])
        joint = (flat @ self.weights).view_as(later).mul_(later)
        shares = sentences.unsqueeze(1) / joint.sum(dim=2, keepdim=True)
        moves = flat.t() @ later.mul_(shares).view_as(flat)
        return joint.mul_(shares), moves.mul_(self.weights)


class LogSpace:
    """The same in log space, with sums of exponentials that cannot overflow."""

    def __init__(self, chain: Chain, both: bool):
        self.weights = chain.weights
        words = from_edge_to_edge(chain, chain.emissions, zero=float("-inf"), one=0.0)
        if both:
            words, weights = both_ways(words, self.weights)
        else:
            words, weights = words.unsqueeze(1), self.weights[None]

        def step(values: Tensor) -> Tensor:
            return (values.unsqueeze(3) + weights.unsqueeze(1)).logsumexp(dim=2)

        first, *places = words.unbind(0)
        self.after = torch.stack([first, *scan(step(first), places, step, torch.add)])
        self.log_partition = self.after[-1, 0, :, -1]

    def counts(self, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """See `Scaled.counts`."""
        tags, moves = [], torch.zeros_like(self.weights)
        earlier = self.after[:-1, 0] - self.log_partition.unsqueeze(1)
        for before, after in zip(earlier, self.after[:-1, 1].flip(0), strict=True):
            joint = (before.unsqueeze(2) + self.weights + after.unsqueeze(1)).exp_()
            joint *= sentences.view(-1, 1, 1)
            moves += joint.sum(dim=0)
            tags.append(joint.sum(dim=1))
        return torch.stack(tags), moves


def forward_backward(chain: Chain, mixing: int | None, both: bool) -> Scaled | LogSpace:
    """The scan in probability space where it is safe, else in log space.

    Args:
        chain: in float64, whatever the model is in: it costs a few per cent on small matrices,
            holds hundreds of times the range, and a loss is a difference of large numbers
        both: also backward, without which there are no counts
    """
    scale = scale_of(chain, mixing)
    return Scaled(chain, scale, both) if scale.interval else LogSpace(chain, both)


@torch.no_grad()
def marginals(chain: Chain, mixing: int | None) -> Tensor:
    """Probability of each tag at each word, (batch, time, tags), 0 at padding.

    Args:
        mixing: how many transitions lead from any tag to any tag, see `steps_to_mix`

    Raises:
        ValueError: no sequence is allowed, or scores that are not finite
    """
    tables = forward_backward(double(chain), mixing, both=True)
    check_scores(chain, tables.log_partition)
    found, _ = tables.counts(torch.ones_like(tables.log_partition))
    return found[:-1, :, :-1].transpose(0, 1).to(chain.emissions.dtype)
