"""Whether the difference between two systems is more than luck in the choice of test sentences.

Answered by resampling the test sentences. A corpus score is a function of sums over sentences:
right words and words for accuracy; true positives, false positives, false negatives for F1; n-gram
matches and lengths for BLEU. So each sentence is one row of numbers, a resample is a weighted sum
of rows, and an aggregate turns sums into the score.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.metrics.statistics import Aggregate
from nlpflow.text.arrays import Floats

SAMPLES = 1_000
CELLS = 2_000_000
"""Numbers that are drawn at once: memory stays flat however large the test set."""


class Difference(NamedTuple):
    """How much better the first system is, the interval of that, and how likely by luck alone."""

    difference: float
    low: float
    high: float
    p: float


def paired_bootstrap(
    first: NDArray[np.number],
    second: NDArray[np.number],
    aggregate: Aggregate,
    seed: int,
    samples: int = SAMPLES,
) -> Difference:
    """Paired bootstrap: all runs of both systems on the same resamples of the sentences.

    The source is Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation",
    section 4.

    The score of a system is the mean over its runs. The interval holds 95 per cent of the
    resampled differences (percentiles: Efron & Tibshirani 1993, section 13.3). The p value is
    two-sided: how often a resampled difference strays from the mean of all, which stands for no
    difference, as far as the observed one is from zero (Riezler & Maxwell 2005, figure 1), the
    observation counted, so that it is never 0. Both say what other test sentences would change,
    not what other random seeds would.

    Args:
        first: (runs, sentences, statistics)
        second: the same, of the same sentences; its runs may be more or fewer
    """
    one, other = _checked(first), _checked(second)
    if one.shape[1:] != other.shape[1:]:
        raise ValueError(f"statistics of other sentences: {one.shape[1:]} and {other.shape[1:]}")
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
    # The last digits depend on the order of adding.
    extreme = np.abs(resampled - resampled.mean()) >= abs(observed) - 1e-9
    p = float((1 + extreme.sum()) / (1 + samples))
    return Difference(observed, float(low), float(high), p)


def _checked(statistics: NDArray[np.number]) -> Floats:
    table = np.asarray(statistics, np.float64)
    if table.ndim != 3 or not table.size:
        raise ValueError(f"statistics are {table.shape}, not (runs, sentences, statistics)")
    return table


def _resamples(sentences: int, samples: int, seed: int) -> Iterator[Floats]:
    """How often each resample holds each sentence: (rows, sentences), `samples` rows in all."""
    random = np.random.default_rng(seed)
    size = max(1, CELLS // sentences)
    for start in range(0, samples, size):
        rows = min(size, samples - start)
        drawn = random.integers(0, sentences, (rows, sentences))
        drawn += np.arange(rows)[:, None] * sentences
        counts = np.bincount(drawn.ravel(), minlength=rows * sentences)
        yield counts.reshape(rows, sentences).astype(np.float64)
