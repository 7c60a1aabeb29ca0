"""The other side of a comparison: the tutorial's CRF, one sentence and one tag at a time.

A rendering of the 2018 PyTorch tutorial's forward algorithm and sentence score, written afresh but
faithful in what it computes and how: start and stop are two tags more with transitions of -10000
into and out of them, each next tag of each word is a sum of exponentials of its own, and automatic
differentiation goes back through all of it.
"""

import torch
from torch import Tensor, nn

IMPOSSIBLE = -10000.0


class TagByTag(nn.Module):
    """Emissions and transitions to a loss; `transitions[to, from]` as in the tutorial."""

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
        for place, word in enumerate(emissions):
            move = self.transitions[path[place + 1], path[place]]
            score = score + move + word[path[place + 1]]
        return score + self.transitions[self.stop, path[-1]]


def _log_sum_exp(scores: Tensor) -> Tensor:
    """Of (1, tags), with the largest taken out first."""
    largest = scores[0, torch.max(scores, 1)[1].item()]
    spread = largest.view(1, -1).expand(1, scores.size()[1])
    return largest + torch.log(torch.sum(torch.exp(scores - spread)))
