"""Forward-backward in log space: for scores that probability space cannot hold."""

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain
from nlpflow.models.crf.edges import both_ways, from_edge_to_edge
from nlpflow.models.crf.scan import scan


class LogSpace:
    """Both ways, or only forward, with sums of exponentials that cannot overflow."""

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
        """As `nlpflow.models.crf.scaled.Scaled.counts`."""
        tags, moves = [], torch.zeros_like(self.weights)
        earlier = self.after[:-1, 0] - self.log_partition.unsqueeze(1)
        for before, after in zip(earlier, self.after[:-1, 1].flip(0), strict=True):
            joint = (before.unsqueeze(2) + self.weights + after.unsqueeze(1)).exp_()
            joint *= sentences.view(-1, 1, 1)
            moves += joint.sum(dim=0)
            tags.append(joint.sum(dim=1))
        return torch.stack(tags), moves
