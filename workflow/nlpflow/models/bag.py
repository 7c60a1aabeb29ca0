"""Logistic regression over a bag of features: log softmax(A x + b), where x counts the features.

This is the bag-of-words classifier of the tutorial. The sparse vector x is never built: a batch is
the feature ids of its sentences, one sentence after the other.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.precision import wide

LEVELS = 127
"""The largest absolute value of a weight that is stored as an 8-bit integer."""


class BagClassifier(nn.Module):
    """Linear classifier over the counts of a sentence's features.

    Args:
        features: number of distinct features
        classes: number of classes
        scaled: divide the sum over a sentence by the square root of the number of its features, so
            that the sum does not grow with the length; if False, use the plain counts of the
            tutorial
    """

    def __init__(self, features: int, classes: int, scaled: bool) -> None:
        super().__init__()
        self.scaled = scaled
        # The initialisation of nn.Linear(features, classes).
        bound = features**-0.5
        self.weight = nn.Parameter(torch.empty(features, classes).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(classes).uniform_(-bound, bound))

    def evidence(self, ids: Tensor, offsets: Tensor) -> Tensor:
        """A x of each sentence.

        Args:
            ids: feature ids of all sentences, one sentence after the other, (ids,)
            offsets: where each sentence starts in `ids`, then the length of `ids`,
                (sentences + 1,)

        Returns:
            (sentences, classes)
        """
        offsets = offsets.to(ids.dtype)
        sums = functional.embedding_bag(
            ids, self.weight, offsets, mode="sum", include_last_offset=True
        )
        if self.scaled:
            sums = sums / offsets.diff().clamp(min=1).to(sums.dtype).sqrt().unsqueeze(1)
        return sums

    def forward(self, ids: Tensor, offsets: Tensor) -> Tensor:
        """Log-probabilities of the classes, (sentences, classes); arguments as for `evidence`."""
        return functional.log_softmax(wide(self.evidence(ids, offsets)) + self.bias, dim=1)


def pack(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Quantise a model's state to 8-bit integers from -127 to 127, with one scale per class."""
    weight = state["weight"]
    scale = weight.abs().amax(dim=0).clamp(min=torch.finfo(weight.dtype).tiny) / LEVELS
    return {
        "weight": (weight / scale).round().to(torch.int8),
        "scale": scale,
        "bias": state["bias"],
    }


def unpack(packed: dict[str, Tensor]) -> dict[str, Tensor]:
    """Restore a state from `pack`; each weight is within half a scale of the original."""
    weight = packed["weight"].to(packed["scale"].dtype) * packed["scale"]
    return {"weight": weight, "bias": packed["bias"]}
