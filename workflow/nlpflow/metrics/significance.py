"""Significance of the difference between two systems, by resampling the test sentences.

A corpus score is a function of sums over sentences: of correct words and all words for accuracy, of
true positives, false positives and false negatives for F1, of n-gram matches and lengths for BLEU.
These statistics of a sentence are one row of a table. A resample is a weighted sum of rows, and an
aggregate computes the score from the sums.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.metrics.statistics import Aggregate
from nlpflow.text.arrays import Floats

SAMPLES = 1_000
CELLS = 2_000_000
"""How many numbers are drawn at once. It bounds the memory for large test sets."""


class Difference(NamedTuple):
    """The difference between two systems' scores, with its interval and p value."""

    difference: float
    """Score of the first system minus score of the second."""
    low: float
    """Lower end of the 95 per cent interval."""
    high: float
    """Upper end of the 95 per cent interval."""
    p: float
    """Two-sided p value."""


def paired_bootstrap(
    first: NDArray[np.number],
    second: NDArray[np.number],
    aggregate: Aggregate,
    seed: int,
    samples: int = SAMPLES,
) -> Difference:
    """Paired bootstrap test: score both systems on the same resamples of the sentences.

    The source is Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation",
    section 4. The score of a system is the mean over its runs.

    The interval contains the middle 95 per cent of the resampled differences (percentile interval,
    Efron & Tibshirani 1993, section 13.3). The p value is two-sided (Riezler & Maxwell 2005,
    figure 1): the share of resampled differences that are at least as far from their mean as the
    observed difference is from zero. The observed difference counts as one of them, so that p is
    never 0. Interval and p value cover the choice of test sentences, not that of random seeds.

    Args:
        first: statistics of the first system, (runs, sentences, statistics)
        second: statistics of the second system on the same sentences; the number of runs may differ
        aggregate: computes the score from sums of statistics
        seed: random seed of the resamples
        samples: number of resamples

    Raises:
        ValueError: a table has other axes or is empty, or the two have different sentences
    """
    one, other = _checked(first), _checked(second)
    if one.shape[1:] != other.shape[1:]:
        raise ValueError(
            f"the statistics have different shapes: {one.shape[1:]}, {other.shape[1:]}"
        )
    runs, sentences, columns = len(one), *one.shape[1:]
    table = np.concatenate([one, other]).swapaxes(0, 1).reshape(sentences, -1)

    def differences(sums: Floats) -> Floats:
        scores = aggregate(sums.reshape(len(sums), -1, columns))
        return np.asarray(scores[:, :runs].mean(axis=1) - scores[:, runs:].mean(axis=1))

    observed = float(differences(table.sum(axis=0, keepdims=True))[0])
    resampled = differences(
        np.concatenate([weights @ table for weights in _resamples(sentences, samples, seed)])
    )
    low, high = np.percentile(resampled, [2.5, 97.5])
    # The tolerance is for rounding: the last digits depend on the order of the sums.
    extreme = np.abs(resampled - resampled.mean()) >= abs(observed) - 1e-9
    p = float((1 + extreme.sum()) / (1 + samples))
    return Difference(observed, float(low), float(high), p)


def _checked(statistics: NDArray[np.number]) -> Floats:
    table = np.asarray(statistics, np.float64)
    if table.ndim != 3 or not table.size:
        raise ValueError(f"statistics have shape {table.shape}, not (runs, sentences, statistics)")
    return table


def _resamples(sentences: int, samples: int, seed: int) -> Iterator[Floats]:
    """How often each resample contains each sentence, in parts of (rows, sentences)."""
    random = np.random.default_rng(seed)
    size = max(1, CELLS // sentences)
    for start in range(0, samples, size):
        rows = min(size, samples - start)
        drawn = random.integers(0, sentences, (rows, sentences))
        drawn += np.arange(rows)[:, None] * sentences
        counts = np.bincount(drawn.ravel(), minlength=rows * sentences)
        yield counts.reshape(rows, sentences).astype(np.float64)
