"""Forward-backward algorithm: log partition and expected counts of tags and transitions.

In probability space the algorithm takes one matrix product per word, and the values must be
rescaled from time to time. Rabiner 1989, V.A, rescales at every word. Here the scores are first
shifted so that the best transition and the best emission of each word are 1. A bound then tells
for how many words the values stay in range. Scores that probability space cannot hold are summed
in log space.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from nlpflow.models.crf.chain import Chain, check_scores, double, scan

TINY = torch.finfo(torch.float64).tiny
RANGE = 0.5 * math.log(torch.finfo(torch.float64).eps / TINY)
"""How far apart two tags' values at a word may be, as a difference of logarithms. Forward and
backward values are multiplied; with this limit a value that underflows is too small to change the
sum of the products."""


def from_edge_to_edge(chain: Chain, words: Tensor, zero: float, one: float) -> Tensor:
    """Add an edge before and after the words; at padding only the edge is possible.

    Args:
        chain: the scores
        words: the scores of the words' tags in some semiring, (batch, time, tags)
        zero: the semiring's zero, the score of an impossible tag
        one: the semiring's one, the score of the edge

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


def both_directions(words: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """The inputs of one scan that runs forward and backward at once.

    Backward is forward over the reversed positions with transposed weights.

    Args:
        words: from `from_edge_to_edge`, (positions, batch, tags + 1)
        weights: (tags + 1, tags + 1)

    Returns:
        the words, (positions, 2, batch, tags + 1), and the weights, (2, tags + 1, tags + 1)
    """
    return torch.stack([words, words.flip(0)], dim=1), torch.stack([weights, weights.t()])


class Scale(NamedTuple):
    """The largest scores of a chain, and how often a scan in probability space must rescale."""

    top: Tensor
    """The largest weight."""
    highest: Tensor
    """The largest emission of each word, (batch, time, 1)."""
    interval: int
    """The number of positions between two rescalings; 0 if probability space is not safe at all."""


def scale_of(chain: Chain, mixing: int | None) -> Scale:
    """Decide whether probability space is safe for a chain, before any scan.

    Let r be the range of the scores at one word. `mixing` transitions lead from any tag to any tag,
    so that the values of two tags after the same word differ by at most `mixing` · r. All values
    together may have moved by another r at every word since the last rescaling. Without this bound
    a tag can underflow from both ends of a sentence, and nothing shows that the result is wrong.
    At an edge no second value can be lost. Its score of 0 is still among the weights, because
    padding is rescaled too.

    Args:
        chain: the scores
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
    # `word` is NaN if a score is: log space then reports which.
    if mixing is not None and word < RANGE:
        interval = max(0, int(RANGE / max(word, 1.0)) - mixing)
    return Scale(top, highest, interval)


class Scaled:
    """Forward-backward in probability space; everything is float64 and without gradient.

    Args:
        chain: the scores
        scale: its interval is 1 or more
        both: run backward too, which `counts` needs
    """

    def __init__(self, chain: Chain, scale: Scale, both: bool):
        self.weights = (chain.weights - scale.top).exp_()
        words = (chain.emissions - scale.highest).exp_()
        words = from_edge_to_edge(chain, words, zero=0.0, one=1.0)
        if both:
            words, weights = both_directions(words, self.weights)
        else:
            words, weights = words.unsqueeze(1), self.weights[None]
        sizes = self._scan(words, weights, scale.interval)
        # Values after each position, (positions, directions, batch, tags + 1). They reuse the
        # memory of the words' scores: with small matrices allocation takes half the time.
        self.after = words
        self.log_partition = words[-1, 0, :, -1].log()
        self.log_partition += (len(words) - 1) * scale.top + scale.highest.sum(dim=1).squeeze(1)
        for size in sizes:
            self.log_partition += size.log_()

    @staticmethod
    def _scan(words: Tensor, weights: Tensor, interval: int) -> list[Tensor]:
        """Overwrite the scores at each position by the values after it.

        Returns:
            the divisors of the forward direction at each rescaling, (batch,) each
        """

        def step(values: Tensor) -> Tensor:
            return torch.bmm(values, weights)

        def times(values: Tensor, word: Tensor) -> Tensor:
            return word.mul_(values)

        values, *positions = words.unbind(0)
        sizes: list[Tensor] = []
        for begin in range(0, len(positions), interval):
            values = scan(step(values), positions[begin : begin + interval], step, times)[-1]
            if begin + interval <= len(positions):
                # If no sequence is allowed the sum is 0 and stays 0.
                size = values.sum(dim=2, keepdim=True).clamp_min_(TINY)
                sizes.append(size[0, :, 0])
                values.div_(size)
        return sizes

    def counts(self, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """Expected counts of tags, and of transitions between tags and edge.

        Args:
            sentences: the weight of each sentence, (batch,)

        Returns:
            the expected count of each tag at each position but the first edge, (time + 1, batch,
            tags + 1), and the expected count of each transition, summed over the batch, (tags + 1,
            tags + 1)
        """
        earlier, later = self.after[:-1, 0], self.after[:-1, 1].flip(0)
        flat = earlier.reshape(-1, earlier.shape[2])
        joint = (flat @ self.weights).view_as(later).mul_(later)
        shares = sentences.unsqueeze(1) / joint.sum(dim=2, keepdim=True)
        moves = flat.t() @ later.mul_(shares).view_as(flat)
        return joint.mul_(shares), moves.mul_(self.weights)


class LogSpace:
    """Forward-backward in log space, which neither overflows nor underflows; see `Scaled`."""

    def __init__(self, chain: Chain, both: bool):
        self.weights = chain.weights
        words = from_edge_to_edge(chain, chain.emissions, zero=float("-inf"), one=0.0)
        if both:
            words, weights = both_directions(words, self.weights)
        else:
            words, weights = words.unsqueeze(1), self.weights[None]

        def step(values: Tensor) -> Tensor:
            return (values.unsqueeze(3) + weights.unsqueeze(1)).logsumexp(dim=2)

        first, *positions = words.unbind(0)
        self.after = torch.stack([first, *scan(step(first), positions, step, torch.add)])
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
    """Run forward-backward in probability space if that is safe, else in log space.

    Args:
        chain: in float64, also if the model is in float32: it costs a few per cent with small
            matrices and has a far larger range, and the loss is a difference of large numbers
        mixing: see `nlpflow.models.crf.constraints.steps_to_mix`
        both: run backward too, which `counts` needs
    """
    scale = scale_of(chain, mixing)
    return Scaled(chain, scale, both) if scale.interval else LogSpace(chain, both)


@torch.no_grad()
def marginals(chain: Chain, mixing: int | None) -> Tensor:
    """Probability of each tag at each word, (batch, time, tags), 0 at padding.

    Args:
        chain: the scores
        mixing: see `nlpflow.models.crf.constraints.steps_to_mix`

    Raises:
        ValueError: no sequence is allowed, or a score is not finite
    """
    tables = forward_backward(double(chain), mixing, both=True)
    check_scores(chain, tables.log_partition)
    found, _ = tables.counts(torch.ones_like(tables.log_partition))
    return found[:-1, :, :-1].transpose(0, 1).to(chain.emissions.dtype)
