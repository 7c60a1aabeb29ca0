"""The tutorial's CRF, one sentence and one tag at a time, for comparison.

This is a new implementation of the forward algorithm and the sentence score of the 2018 PyTorch
tutorial, and computes the same in the same way. Start and stop are two additional tags with
transition scores of -10000 into and out of them. Each next tag of each word is a separate sum of
exponentials. Automatic differentiation goes back through all of these operations.
"""

import torch
from torch import Tensor, nn

IMPOSSIBLE = -10000.0


class TagByTag(nn.Module):
    """The tutorial's CRF. As there, transitions are stored as `transitions[to, from]`."""

    def __init__(self, tags: int):
        super().__init__()
        self.start, self.stop = tags, tags + 1
        self.transitions = nn.Parameter(torch.randn(tags + 2, tags + 2))
        with torch.no_grad():
            self.transitions[self.start, :] = IMPOSSIBLE
            self.transitions[:, self.stop] = IMPOSSIBLE

    def loss(self, emissions: Tensor, tags: Tensor) -> Tensor:
        """Negative log-likelihood of one sentence; (words, tags + 2) and (words,) -> scalar."""
        return self._partition(emissions) - self._score(emissions, tags)

    def _partition(self, emissions: Tensor) -> Tensor:
        tags = len(self.transitions)
        values = torch.full((1, tags), IMPOSSIBLE)
        values[0][self.start] = 0.0
        for word in emissions:
            following = []
            for tag in range(tags):
                emission = word[tag].view(1, -1).expand(1, tags)
                moves = self.transitions[tag].view(1, -1)
                following.append(_log_sum_exp(values + moves + emission).view(1))
            values = torch.cat(following).view(1, -1)
        return _log_sum_exp(values + self.transitions[self.stop])

    def _score(self, emissions: Tensor, tags: Tensor) -> Tensor:
        score = torch.zeros(1)
        path = torch.cat([torch.tensor([self.start], dtype=torch.long), tags])
        for index, word in enumerate(emissions):
            move = self.transitions[path[index + 1], path[index]]
            score = score + move + word[path[index + 1]]
        return score + self.transitions[self.stop, path[-1]]


def _log_sum_exp(scores: Tensor) -> Tensor:
    """Log-sum-exp of (1, tags), with the largest value factored out."""
    largest = scores[0, int(torch.max(scores, 1)[1].item())]
    spread = largest.view(1, -1).expand(1, scores.size()[1])
    return largest + torch.log(torch.sum(torch.exp(scores - spread)))
