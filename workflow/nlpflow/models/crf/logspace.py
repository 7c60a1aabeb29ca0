"""Forward-backward in log space: for scores that probability space cannot hold."""

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain
from nlpflow.models.crf.scan import at_last_word, scan
from nlpflow.models.crf.two_ways import two_ways


class LogSpace:
    """Both ways, or only forward, with sums of exponentials that cannot overflow."""

    def __init__(self, chain: Chain, both: bool):
        self.chain = chain
        words = chain.emissions.transpose(0, 1)
        self.order = two_ways(chain.lengths, len(words))
        words = self.order.stack(words) if both else words.unsqueeze(1)
        ends, matrices = chain.start.unsqueeze(0), chain.transitions.unsqueeze(0)
        if both:
            ends = torch.stack([chain.start, chain.stop])
            matrices = torch.stack([chain.transitions, chain.transitions.t()])

        def step(values: Tensor) -> Tensor:
            return (values.unsqueeze(3) + matrices.unsqueeze(1)).logsumexp(dim=2)

        first = ends.unsqueeze(1).expand_as(words[0])
        self.before, self.after = scan(first, words.unbind(0), step, torch.add)
        last = at_last_word([after[0] for after in self.after], chain.lengths)
        self.log_partition = (last + chain.stop).logsumexp(dim=1)

    def counts(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """As `nlpflow.models.crf.scaled.Scaled.counts`."""
        after = torch.stack(self.after)
        forward, backward = after[:, 0], self.order.backward(torch.stack(self.before))
        inside = self.chain.mask.t()
        norm = self.log_partition.unsqueeze(1)
        marginals = (forward + backward - norm).exp().masked_fill(~inside.unsqueeze(2), 0)
        following = self.order.backward(after) - norm
        pairs = torch.zeros_like(self.chain.transitions)
        for place in range(1, len(after)):
            joint = forward[place - 1].unsqueeze(2) + self.chain.transitions
            joint = (joint + following[place].unsqueeze(1)).exp()
            kept = joint.masked_fill(~inside[place, :, None, None], 0)
            pairs += torch.einsum("b,bij->ij", weights, kept)
        return marginals * weights.unsqueeze(1), pairs
