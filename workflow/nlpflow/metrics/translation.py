"""Scores of translations against all known references: BLEU, chrF2 and exact match.

SacreBLEU computes the scores, and the statistics of each sentence for resampling. Its own functions
that compute a score from sums of statistics take one corpus at a time; those for arrays are here.
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
"""Separates the reference translations of a source in a table of predictions."""


class Scores(NamedTuple):
    """Scores of a set of translations, all in per cent."""

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
    """The corpus scores of translations.

    Args:
        hypotheses: the translation of each source
        references: all known reference translations of each source, at least one
        effective_order: for a few short sentences: let BLEU skip the n-gram orders for which the
            sentences are too short (else BLEU of a perfect three-word sentence is 0)
        tokenizer: sacreBLEU's name of BLEU's tokeniser for the target language, see
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
    """The statistics of each metric for resampling; see `nlpflow.tasks.interface.Statistics`.

    Args:
        predictions: columns `output` and `references`
        settings: `tokenizer` is BLEU's tokeniser with which the runs were scored
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
    """SacreBLEU's signatures of BLEU and chrF2, which name everything that affects the scores."""
    metrics = {"bleu": _bleu(tokenizer), "chrf2": CHRF()}
    for metric in metrics.values():
        metric.corpus_score([refs[0] for refs in references], _streams(references))
    return {name: str(metric.get_signature()) for name, metric in metrics.items()}


def _bleu(tokenizer: str, effective_order: bool = False) -> BLEU:
    """SacreBLEU's metric. `force` only silences its advice against text that is tokenised."""
    return BLEU(tokenize=tokenizer, effective_order=effective_order, force=True)


def _streams(references: Sequence[Sequence[str]]) -> Any:
    """SacreBLEU's form of the references: stream k has the k-th one of each source, or None."""
    most = max(map(len, references))
    return [[refs[k] if k < len(refs) else None for refs in references] for k in range(most)]


BLEU_ORDER = 4
CHRF_BETA = 2


def bleu_statistics(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    tokenizer: str = BLEU_TOKENIZER,
) -> NDArray[np.int64]:
    """Statistics of BLEU for each sentence, (sentences, 10).

    They are the lengths of hypothesis and reference, then the matches of each n-gram order, then
    its totals.

    Args:
        hypotheses: one for each sentence
        references: all references of each sentence
        tokenizer: see `score`
    """
    return _statistics(_bleu(tokenizer), hypotheses, references)


def chrf_statistics(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """Statistics of chrF2 for each sentence, (sentences, 18).

    For each n-gram order they are the number of n-grams of the hypothesis, of its best reference,
    and of both.

    Args:
        hypotheses: one for each sentence
        references: all references of each sentence
    """
    return _statistics(CHRF(), hypotheses, references)


def exact_statistics(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """1 if a hypothesis equals one of its references, else 0; and a constant 1, (sentences, 2)."""
    hits = [hyp in known for hyp, known in zip(hypotheses, references, strict=True)]
    return np.column_stack([np.array(hits, np.int64), np.ones(len(hits), np.int64)])


def bleu_aggregate(sums: Floats) -> Floats:
    """Corpus BLEU in per cent from sums of `bleu_statistics`, (..., 10) -> (...).

    Papineni et al. 2002 with sacreBLEU's smoothing `exp`: n-gram orders without a match are counted
    as if they had 1/2, 1/4, ... of a match (method 3 of Chen & Cherry 2014).
    """
    length, reference = sums[..., 0], sums[..., 1]
    matches, totals = sums[..., 2 : 2 + BLEU_ORDER], sums[..., 2 + BLEU_ORDER :]
    halvings = np.cumsum(matches == 0, axis=-1)
    smoothed = np.where(matches == 0, 0.5**halvings, matches)
    logs = np.log(smoothed / np.maximum(totals, 1)).mean(axis=-1)
    penalty = np.minimum(0, 1 - reference / np.maximum(length, 1))
    # If no sentence is long enough for an order, its precision is undefined; sacreBLEU returns 0.
    defined = matches.any(axis=-1) & totals.all(axis=-1)
    return np.where(defined, 100 * np.exp(logs + penalty), 0.0)


def chrf_aggregate(sums: Floats) -> Floats:
    """Corpus chrF2 in per cent from sums of `chrf_statistics`, (..., 18) -> (...).

    Popović 2015. As in sacreBLEU, an order counts only if both sides have n-grams of it.
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
    # SacreBLEU's public functions do not return statistics; its significance tests call this one.
    found = metric._extract_corpus_statistics(list(hypotheses), streams)
    return np.array(found, np.int64)
