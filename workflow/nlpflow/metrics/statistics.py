"""Sufficient statistics of a metric, with which a test set can be resampled without rescoring."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.arrays import Floats

Aggregate = Callable[[Floats], Floats]
"""Computes scores from sums of sufficient statistics: (..., statistics) -> (...)."""


class Statistic(NamedTuple):
    """A metric on a test set, in the form that resampling needs."""

    sentences: NDArray[np.int64]
    """Sufficient statistics of each sentence, (sentences, statistics)."""
    aggregate: Aggregate


def accuracy_aggregate(sums: Floats) -> Floats:
    """Accuracy in per cent from the numbers of correct and of all answers: (..., 2) -> (...)."""
    return np.asarray(100 * sums[..., 0] / np.maximum(sums[..., 1], 1))
