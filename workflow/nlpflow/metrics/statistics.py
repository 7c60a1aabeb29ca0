"""Sums from which a metric follows: what resampling test sentences needs."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.arrays import Floats

Aggregate = Callable[[Floats], Floats]
"""Sums of sufficient statistics (..., statistics) -> scores (...)."""


class Statistic(NamedTuple):
    """What resampling needs of a metric."""

    sentences: NDArray[np.int64]
    """Sufficient statistics of each sentence, (sentences, statistics)."""
    aggregate: Aggregate


def accuracy_aggregate(sums: Floats) -> Floats:
    """Accuracy in per cent, from counts of correct answers and of all: (..., 2) -> (...)."""
    return np.asarray(100 * sums[..., 0] / np.maximum(sums[..., 1], 1))
