"""Logistic regression over a bag of features: log softmax(A x + b), x the sparse counts.

The tutorial's bag-of-words classifier, with x never written out: a batch is the feature numbers of
its sentences in a row.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.precision import wide

LEVELS = 127
"""The largest whole number that a stored weight is."""


class BagClassifier(nn.Module):
    """Linear in the counts of a sentence's features.

    Args:
        features: how many different features there are
        scaled: divide the sum over a sentence by the square root of the number of its features, so
            that its size does not grow with the sentence; else plain counts, as in the tutorial
    """

    def __init__(self, features: int, classes: int, scaled: bool) -> None:
        super().__init__()
        self.scaled = scaled
        # As nn.Linear(features, classes) starts.
        bound = features**-0.5
        self.weight = nn.Parameter(torch.empty(features, classes).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(classes).uniform_(-bound, bound))

    def evidence(self, ids: Tensor, offsets: Tensor) -> Tensor:
        """A x of each sentence: (sentences, classes).

        Args:
            ids: feature numbers of all sentences in a row, (features in all,)
            offsets: where each sentence starts in `ids`, and its length, (sentences + 1,)
        """
        offsets = offsets.to(ids.dtype)
        sums = functional.embedding_bag(
            ids, self.weight, offsets, mode="sum", include_last_offset=True
        )
        if self.scaled:
            sums = sums / offsets.diff().clamp(min=1).to(sums.dtype).sqrt().unsqueeze(1)
        return sums

    def forward(self, ids: Tensor, offsets: Tensor) -> Tensor:
        """Log-probabilities of the classes: (sentences, classes); see `evidence`."""
        return functional.log_softmax(wide(self.evidence(ids, offsets)) + self.bias, dim=1)


def pack(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A model's state with weights of one byte: whole numbers up to 127 times a scale a class."""
    weight = state["weight"]
    scale = weight.abs().amax(dim=0).clamp(min=torch.finfo(weight.dtype).tiny) / LEVELS
    return {
        "weight": (weight / scale).round().to(torch.int8),
        "scale": scale,
        "bias": state["bias"],
    }


def unpack(packed: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state that `pack` stored, each weight within half a scale of what it was."""
    weight = packed["weight"].to(packed["scale"].dtype) * packed["scale"]
    return {"weight": weight, "bias": packed["bias"]}
