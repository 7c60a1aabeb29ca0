"""How sure a score is, and whether a difference between two systems is more than luck.

Both questions are answered by resampling the test sentences. A corpus score is a function of
sums over sentences: right words and words for accuracy; true positives, false positives, false
negatives for F1; n-gram matches and lengths for BLEU. So each sentence is one row of numbers, a
resample is a weighted sum of rows, and an aggregate turns sums into the score.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU

from nlpflow.metrics.spans import precision_recall_f1

Floats = NDArray[np.float64]
Aggregate = Callable[[Floats], Floats]
"""Sums of sufficient statistics (samples, statistics) -> scores (samples,)."""

SAMPLES = 10_000
CELLS = 2_000_000
"""Numbers that are drawn at once: memory stays flat however large the test set."""


class Interval(NamedTuple):
    """A score and the interval that holds 95 per cent of its resamples."""

    score: float
    low: float
    high: float


class Comparison(NamedTuple):
    """How much better the first system is, the interval of that, and how likely by luck alone."""

    difference: float
    low: float
    high: float
    p: float


def bootstrap(
    statistics: NDArray[np.number], aggregate: Aggregate, seed: int, samples: int = SAMPLES
) -> Interval:
    """Percentile bootstrap of one system's score (Efron & Tibshirani 1993, section 13.3).

    :param statistics: (sentences, statistics)
    """
    table = _checked(statistics)
    sums = np.concatenate([weights @ table for weights in _resamples(len(table), samples, seed)])
    low, high = np.percentile(aggregate(sums), [2.5, 97.5])
    return Interval(_score(table, aggregate), float(low), float(high))


def paired_bootstrap(
    first: NDArray[np.number],
    second: NDArray[np.number],
    aggregate: Aggregate,
    seed: int,
    samples: int = SAMPLES,
) -> Comparison:
    """Paired bootstrap (Koehn 2004): both systems on the same resamples of the sentences.

    The p value is two-sided: how often a resampled difference strays from the mean of all as far
    as the observed difference is from zero (Berg-Kirkpatrick et al. 2012, section 2), counting
    the observation itself, so that it is never 0. sacreBLEU centres absolute differences, and its
    p values of this test are usually smaller.

    :param first: (sentences, statistics), of the same sentences as `second`
    """
    one, other = _checked(first), _checked(second)
    _check_pairs(one, other)
    weights = _resamples(len(one), samples, seed)
    both = np.concatenate([w @ np.hstack([one, other]) for w in weights])
    columns = one.shape[1]
    differences = aggregate(both[:, :columns]) - aggregate(both[:, columns:])
    observed = _score(one, aggregate) - _score(other, aggregate)
    low, high = np.percentile(differences, [2.5, 97.5])
    p = _p_value(differences - differences.mean(), observed)
    return Comparison(observed, float(low), float(high), p)


def approximate_randomisation(
    first: NDArray[np.number],
    second: NDArray[np.number],
    aggregate: Aggregate,
    seed: int,
    samples: int = SAMPLES,
) -> float:
    """p value of the difference if it did not matter which system gave which output.

    The two outputs of each sentence are swapped at random (Noreen 1989; Yeh 2000, section 3.3);
    two-sided. Arguments as in `paired_bootstrap`.
    """
    one, other = _checked(first), _checked(second)
    _check_pairs(one, other)
    random = np.random.default_rng(seed)
    sums, gain = one.sum(axis=0), other - one
    total = sums + other.sum(axis=0)
    differences = []
    for rows in _chunks(len(one), samples):
        swapped = sums + random.integers(0, 2, (rows, len(one))) @ gain
        differences.append(aggregate(swapped) - aggregate(total - swapped))
    observed = _score(one, aggregate) - _score(other, aggregate)
    return _p_value(np.concatenate(differences), observed)


def accuracy_aggregate(sums: Floats) -> Floats:
    """Of right words and words (`labelling.sentence_accuracies`), in per cent."""
    return 100 * sums[:, 0] / np.maximum(sums[:, 1], 1)


def f1_aggregate(sums: Floats) -> Floats:
    """Of true positives, false positives, false negatives, in per cent."""
    return precision_recall_f1(sums)[:, 2]


def bleu_statistics(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """Matches and totals of each n-gram order and both lengths, from sacreBLEU.

    :param references: all references of each sentence
    :returns: (sentences, 10)
    """
    metric = BLEU(effective_order=True)
    scored = [
        metric.sentence_score(hypothesis, list(known))
        for hypothesis, known in zip(hypotheses, references, strict=True)
    ]
    return np.array([[*s.counts, *s.totals, s.sys_len, s.ref_len] for s in scored], np.int64)


def bleu_aggregate(sums: Floats) -> Floats:
    """Corpus BLEU of `bleu_statistics`, with sacreBLEU's default smoothing."""
    rows = sums.round().astype(int).tolist()
    return np.array(
        [BLEU.compute_bleu(row[:4], row[4:8], row[8], row[9], "exp").score for row in rows]
    )


def _checked(statistics: NDArray[np.number]) -> Floats:
    table = np.asarray(statistics, np.float64)
    if table.ndim != 2 or not len(table):
        raise ValueError(f"statistics are {table.shape}, not (sentences, statistics)")
    return table


def _check_pairs(first: Floats, second: Floats) -> None:
    if first.shape != second.shape:
        raise ValueError(f"statistics of other sentences: {first.shape} and {second.shape}")


def _score(statistics: Floats, aggregate: Aggregate) -> float:
    return float(aggregate(statistics.sum(axis=0, keepdims=True))[0])


def _p_value(differences: Floats, observed: float) -> float:
    """Share of differences as large as the observed one, which counts as one of them."""
    # The last digits depend on the order of adding.
    extreme = np.abs(differences) >= abs(observed) - 1e-9
    return float((1 + extreme.sum()) / (1 + len(differences)))


def _resamples(sentences: int, samples: int, seed: int) -> Iterator[Floats]:
    """How often each resample holds each sentence: (rows, sentences), `samples` rows in all."""
    random = np.random.default_rng(seed)
    for rows in _chunks(sentences, samples):
        drawn = random.integers(0, sentences, (rows, sentences))
        drawn += np.arange(rows)[:, None] * sentences
        counts = np.bincount(drawn.ravel(), minlength=rows * sentences)
        yield counts.reshape(rows, sentences).astype(np.float64)


def _chunks(sentences: int, samples: int) -> Iterator[int]:
    size = max(1, CELLS // sentences)
    for start in range(0, samples, size):
        yield min(size, samples - start)
