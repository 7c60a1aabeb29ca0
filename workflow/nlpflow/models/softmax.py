"""The output layer of a language model: exact, or trained on a sample of a large vocabulary."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.precision import wide

POWER = 0.75
"""Frequencies are raised to this power before they are drawn from: rare words come up a little
more often than in text (Mikolov et al. 2013, section 2.2)."""


class Softmax(nn.Module):
    """An affine map to the vocabulary and a softmax.

    Args:
        sparse: the gradient of the sampled loss holds the rows drawn only; the optimiser must know
            sparse gradients
    """

    weight: nn.Parameter
    bias: nn.Parameter

    def __init__(self, features: int, vocabulary: int, sparse: bool = False) -> None:
        super().__init__()
        self.sparse = sparse
        self.weight = nn.Parameter(torch.empty(vocabulary, features))
        self.bias = nn.Parameter(torch.zeros(vocabulary, 1))
        nn.init.uniform_(self.weight, -(features**-0.5), features**-0.5)

    def logits(self, features: Tensor) -> Tensor:
        """Logits of every word, (batch, features) -> (batch, vocabulary)."""
        return functional.linear(features, self.weight, self.bias.squeeze(1))

    def loss(self, features: Tensor, words: Tensor) -> Tensor:
        """Negative log-likelihood of `words` (batch,), summed."""
        return functional.cross_entropy(wide(self.logits(features)), words, reduction="sum")

    def sampled_loss(
        self, features: Tensor, words: Tensor, sampled: Tensor, log_chances: Tensor
    ) -> Tensor:
        """An estimate of `loss` that looks at the rows of `words` and of `sampled` alone.

        The denominator of the softmax is the right answer's own term and, for all the others, an
        importance sample: the mean over the draws of each term by its chance to be drawn. A draw
        of the right answer counts nothing (Bengio and Senécal 2008, "Adaptive Importance Sampling
        to Accelerate Training of a Neural Probabilistic Language Model"; Jean et al. 2015). The
        denominator is right on average, and the loss tends to `loss` as the sample grows.

        Args:
            features: (batch, features)
            words: the right answers, (batch,)
            sampled: words drawn with replacement, (samples,)
            log_chances: of every word to be drawn, (vocabulary,)
        """
        count = len(words)
        both = torch.cat([words, sampled])
        rows = functional.embedding(both, self.weight, sparse=self.sparse)
        offsets = functional.embedding(both, self.bias, sparse=self.sparse).squeeze(1)
        right = (features * rows[:count]).sum(1) + offsets[:count]
        correction = log_chances[sampled] + math.log(len(sampled))
        others = wide(torch.addmm(offsets[count:] - correction, features, rows[count:].T))
        others = others.masked_fill(words[:, None] == sampled, float("-inf"))
        return (torch.logaddexp(others.logsumexp(1), right) - right).sum()


class WordSampler:
    """Draws ids with a probability proportional to `counts ** POWER`; ids without a count never."""

    def __init__(self, counts: NDArray[np.int64]) -> None:
        if not counts.any():
            raise ValueError("no word has a count to be drawn by")
        weights = counts.astype(np.float64) ** POWER
        self.probabilities = weights / weights.sum()
        self._cumulative = np.cumsum(self.probabilities)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """`count` ids, with replacement: (count,)."""
        # Scaled by the last sum: rounding may leave it below 1, and ids without a count behind it.
        points = rng.random(count) * self._cumulative[-1]
        return np.asarray(np.searchsorted(self._cumulative, points, side="right"))

    def log_probabilities(self) -> Tensor:
        """(vocabulary,); minus infinity for ids that are never drawn."""
        with np.errstate(divide="ignore"):
            return torch.from_numpy(np.log(self.probabilities).astype(np.float32))
