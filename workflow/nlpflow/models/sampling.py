"""Drawing words by their frequency, for negative sampling and the sampled softmax."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

POWER = 0.75
"""Frequencies are raised to this power before they are drawn from: rare words come up a little
more often than in text (Mikolov et al. 2013, section 2.2)."""


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
