"""Forward-backward in log space: for scores that probability space cannot hold."""

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain
from nlpflow.models.crf.scan import at_last_word, scan
from nlpflow.models.crf.two_ways import TwoWays


class LogSpace:
    """Both ways, or only forward, with sums of exponentials that cannot overflow."""

    def __init__(self, chain: Chain, both: bool):
        self.chain = chain
        if both:
            self.order = TwoWays(chain)
            words = self.order.lay_out(chain.emissions)
            ends = chain.weights[:2]
            matrices = torch.stack([chain.transitions, chain.transitions.t()])
        else:
            words, ends = chain.emissions.transpose(0, 1).unsqueeze(1), chain.start[None]
            matrices = chain.transitions[None]

        def step(values: Tensor) -> Tensor:
            return (values.unsqueeze(3) + matrices.unsqueeze(1)).logsumexp(dim=2)

        first = ends.unsqueeze(1).expand_as(words[0])
        self.before, self.after = scan(first, words.unbind(0), step, torch.add)
        last = at_last_word([after[0] for after in self.after], chain.lengths)
        self.log_partition = (last + chain.stop).logsumexp(dim=1)

    def counts(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """As `nlpflow.models.crf.scaled.Scaled.counts`."""
        after = torch.stack(self.after)
        forward = after[:, 0]
        backward, following = self.order.read_back(torch.stack(self.before), after)
        norm, never = self.log_partition.unsqueeze(1), float("-inf")
        # Behind a sentence stands what need not be small: it must not get into an exponential.
        padding = ~self.chain.mask.t()
        shares = (forward + backward - norm).masked_fill_(padding.unsqueeze(2), never).exp_()
        pairs = torch.zeros_like(self.chain.transitions)
        for place in range(1, len(after)):
            joint = forward[place - 1].unsqueeze(2) + self.chain.transitions
            joint += (following[place] - norm).unsqueeze(1)
            joint = joint.masked_fill_(padding[place, :, None, None], never).exp_()
            pairs += torch.einsum("b,bij->ij", weights[place], joint)
        return shares.mul_(weights.unsqueeze(2)), pairs
