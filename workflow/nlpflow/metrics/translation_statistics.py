"""BLEU and chrF2 from sums over sentences, for many resamples of a test set at once.

The statistics of each sentence are sacreBLEU's own; its functions of their sums are written for
arrays here, where sacreBLEU's take one corpus at a time. Tests hold the scores against sacreBLEU's.
"""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

Floats = NDArray[np.float64]
BLEU_ORDER = 4
CHRF_BETA = 2


def bleu_statistics(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """Both lengths, then matches and totals of each n-gram order: (sentences, 10).

    :param references: all references of each sentence
    """
    return _statistics(BLEU(force=True), hypotheses, references)


def chrf_statistics(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """N-grams of the hypothesis, of its best reference, and shared, by order: (sentences, 18).

    :param references: all references of each sentence
    """
    return _statistics(CHRF(), hypotheses, references)


def exact_statistics(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """Whether each hypothesis equals one of its references, and 1: (sentences, 2)."""
    hits = [hyp in known for hyp, known in zip(hypotheses, references, strict=True)]
    return np.column_stack([np.array(hits, np.int64), np.ones(len(hits), np.int64)])


def bleu_aggregate(sums: Floats) -> Floats:
    """Corpus BLEU in per cent, (..., 10) -> (...), with sacreBLEU's smoothing.

    Papineni et al. 2002; an order without a match counts as 1/2, 1/4, ... match (`exp`: method 3
    of Chen & Cherry 2014).
    """
    length, reference = sums[..., 0], sums[..., 1]
    matches, totals = sums[..., 2 : 2 + BLEU_ORDER], sums[..., 2 + BLEU_ORDER :]
    halvings = np.cumsum(matches == 0, axis=-1)
    smoothed = np.where(matches == 0, 0.5**halvings, matches)
    logs = np.log(smoothed / np.maximum(totals, 1)).mean(axis=-1)
    penalty = np.minimum(0, 1 - reference / np.maximum(length, 1))
    # An order that no sentence is long enough for has no precision: sacreBLEU's is 0.
    defined = matches.any(axis=-1) & totals.all(axis=-1)
    return np.where(defined, 100 * np.exp(logs + penalty), 0.0)


def chrf_aggregate(sums: Floats) -> Floats:
    """Corpus chrF2 in per cent, (..., 18) -> (...): Popović 2015, orders with n-grams on both
    sides alone, as sacreBLEU counts."""
    hypothesis, reference, both = (sums[..., part::3] for part in range(3))
    orders = (hypothesis > 0) & (reference > 0)
    count = np.maximum(orders.sum(axis=-1), 1)
    precision = np.where(orders, both / np.maximum(hypothesis, 1), 0).sum(axis=-1) / count
    recall = np.where(orders, both / np.maximum(reference, 1), 0).sum(axis=-1) / count
    below = CHRF_BETA**2 * precision + recall
    scores: Floats = np.zeros_like(below)
    np.divide(100 * (1 + CHRF_BETA**2) * precision * recall, below, out=scores, where=below > 0)
    return scores


def _statistics(
    metric: BLEU | CHRF, hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    streams = list(zip_longest(*references))
    # What sacreBLEU's own significance tests call; its public functions give no statistics.
    found = metric._extract_corpus_statistics(list(hypotheses), streams)
    return np.array(found, np.int64)
