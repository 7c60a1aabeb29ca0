"""Output layer of a language model: exact, or estimated from a sample of a large vocabulary."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.precision import wide

POWER = 0.75
"""Words are drawn in proportion to their frequency raised to this power, so that rare words come
up a little more often than in text (Mikolov et al. 2013, section 2.2)."""


class Softmax(nn.Module):
    """An affine map to the vocabulary, followed by a softmax.

    Args:
        features: width of the input
        vocabulary: number of words
        sparse: give `sampled_loss` a sparse gradient, of the sampled rows only; the optimiser must
            support sparse gradients
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
        """Logits of all words: (batch, features) -> (batch, vocabulary)."""
        return functional.linear(features, self.weight, self.bias.squeeze(1))

    def loss(self, features: Tensor, words: Tensor) -> Tensor:
        """Negative log-likelihood of `words`, (batch,), given (batch, features); summed."""
        return functional.cross_entropy(wide(self.logits(features)), words, reduction="sum")

    def sampled_loss(
        self, features: Tensor, words: Tensor, sampled: Tensor, log_probabilities: Tensor
    ) -> Tensor:
        """An estimate of `loss` that reads only the rows of `words` and of `sampled`.

        The denominator of the softmax is the target word's own term plus an importance-sampling
        estimate of all other terms: the mean over the draws of each term divided by its
        probability of being drawn. A draw of the target itself counts 0. The estimate of the
        denominator is unbiased, and the estimated loss approaches `loss` as the sample grows
        (Bengio and Senécal 2008, "Adaptive Importance Sampling to Accelerate Training of a Neural
        Probabilistic Language Model"; Jean et al. 2015).

        Args:
            features: (batch, features)
            words: the target words, (batch,)
            sampled: words drawn with replacement, (samples,)
            log_probabilities: log-probability of drawing each word, (vocabulary,)

        Returns:
            the estimate summed over the batch
        """
        count = len(words)
        both = torch.cat([words, sampled])
        rows = functional.embedding(both, self.weight, sparse=self.sparse)
        offsets = functional.embedding(both, self.bias, sparse=self.sparse).squeeze(1)
        target = (features * rows[:count]).sum(1) + offsets[:count]
        correction = log_probabilities[sampled] + math.log(len(sampled))
        others = wide(torch.addmm(offsets[count:] - correction, features, rows[count:].T))
        others = others.masked_fill(words[:, None] == sampled, float("-inf"))
        return (torch.logaddexp(others.logsumexp(1), target) - target).sum()


class WordSampler:
    """Draws word ids with a probability proportional to `counts ** POWER`.

    Args:
        counts: how often each id occurs, (vocabulary,); ids with 0 are never drawn

    Raises:
        ValueError: all counts are 0
    """

    def __init__(self, counts: NDArray[np.int64]) -> None:
        if not counts.any():
            raise ValueError("cannot draw words: all counts are 0")
        weights = counts.astype(np.float64) ** POWER
        self.probabilities = weights / weights.sum()
        self._cumulative = np.cumsum(self.probabilities)

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw `count` ids with replacement, (count,)."""
        # Rounding may leave the last sum below 1. Without this factor a number above it would
        # select an id with count 0.
        points = rng.random(count) * self._cumulative[-1]
        return np.asarray(np.searchsorted(self._cumulative, points, side="right"))

    def log_probabilities(self) -> Tensor:
        """The log-probability of each id, (vocabulary,); minus infinity for ids never drawn."""
        with np.errstate(divide="ignore"):
            return torch.from_numpy(np.log(self.probabilities).astype(np.float32))
