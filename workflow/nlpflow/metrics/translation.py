"""Scores of translations: BLEU, chrF2 and exact match against every known reference.

The statistics of each sentence, which resampling needs, are sacreBLEU's own; its functions of their
sums are written for arrays here, where sacreBLEU's take one corpus at a time.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from nlpflow.metrics.statistics import Statistic, accuracy_aggregate
from nlpflow.text.arrays import Floats
from nlpflow.text.languages import BLEU_TOKENIZER

SEPARATOR = " ||| "
"""What stands between the references of a sentence in a table of predictions."""


class Scores(NamedTuple):
    """All in per cent."""

    bleu: float
    chrf2: float
    exact: float


METRICS = Scores._fields


def score(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    effective_order: bool = False,
    tokenizer: str = BLEU_TOKENIZER,
) -> Scores:
    """Corpus scores.

    Args:
        hypotheses: one a source
        references: every known reference of each source, at least one
        effective_order: for a few short sentences: BLEU counts no n-gram order that they are too
            short to have (BLEU of a perfect three-word sentence is 0 without)
        tokenizer: sacreBLEU's name of what BLEU's words are, which the target language decides: see
            `nlpflow.text.languages.bleu_tokenizer`

    Returns:
        BLEU (Papineni et al. 2002; Post 2018), chrF2 (Popović 2015), and the share of hypotheses
        that equal one of their references
    """
    streams = _streams(references)
    hits = sum(hyp in refs for hyp, refs in zip(hypotheses, references, strict=True))
    return Scores(
        _bleu(tokenizer, effective_order).corpus_score(list(hypotheses), streams).score,
        CHRF().corpus_score(list(hypotheses), streams).score,
        100 * hits / len(hypotheses),
    )


def statistics(predictions: pd.DataFrame, settings: Mapping[str, str]) -> dict[str, Statistic]:
    """What a difference of each metric resamples; see `nlpflow.tasks.interface.Statistics`.

    Args:
        settings: `tokenizer` of BLEU, as the runs were scored with
    """
    tokenizer = settings.get("tokenizer", BLEU_TOKENIZER)
    outputs = predictions["output"].tolist()
    references = [text.split(SEPARATOR) for text in predictions["references"]]
    return {
        "bleu": Statistic(bleu_statistics(outputs, references, tokenizer), bleu_aggregate),
        "chrf2": Statistic(chrf_statistics(outputs, references), chrf_aggregate),
        "exact": Statistic(exact_statistics(outputs, references), accuracy_aggregate),
    }


def signatures(
    references: Sequence[Sequence[str]], tokenizer: str = BLEU_TOKENIZER
) -> dict[str, str]:
    """SacreBLEU's signatures: they name everything that changes the figures."""
    metrics = {"bleu": _bleu(tokenizer), "chrf2": CHRF()}
    for metric in metrics.values():
        metric.corpus_score([refs[0] for refs in references], _streams(references))
    return {name: str(metric.get_signature()) for name, metric in metrics.items()}


def _bleu(tokenizer: str, effective_order: bool = False) -> BLEU:
    """`force` changes no score: it silences the advice against words split by spaces."""
    return BLEU(tokenize=tokenizer, effective_order=effective_order, force=True)


def _streams(references: Sequence[Sequence[str]]) -> Any:
    """Transpose to sacreBLEU's form: stream k holds the k-th reference of each source, or None."""
    most = max(map(len, references))
    return [[refs[k] if k < len(refs) else None for refs in references] for k in range(most)]


BLEU_ORDER = 4
CHRF_BETA = 2


def bleu_statistics(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    tokenizer: str = BLEU_TOKENIZER,
) -> NDArray[np.int64]:
    """Both lengths, then matches and totals of each n-gram order: (sentences, 10).

    Args:
        references: all references of each sentence, :param tokenizer: as of `score`
    """
    return _statistics(_bleu(tokenizer), hypotheses, references)


def chrf_statistics(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """N-grams of the hypothesis, of its best reference, and shared, by order: (sentences, 18).

    Args:
        references: all references of each sentence
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
    """Corpus chrF2 in per cent, (..., 18) -> (...).

    The source is Popović 2015; as in sacreBLEU, an order counts only if both sides have n-grams
    of it.
    """
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
