"""Scores of translations: BLEU, chrF2 and exact match against every known reference."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

METRICS = ("bleu", "chrf2", "exact")

SEPARATOR = " ||| "
"""What stands between the references of a sentence in a table of predictions."""


class Scores(NamedTuple):
    """All in per cent."""

    bleu: float
    chrf2: float
    exact: float


def score(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]], effective_order: bool = False
) -> Scores:
    """Corpus scores.

    :param hypotheses: one a source
    :param references: every known reference of each source, at least one
    :param effective_order: for a few short sentences: BLEU counts no n-gram order that they are
        too short to have (BLEU of a perfect three-word sentence is 0 without)
    :returns: BLEU (Papineni et al. 2002; Post 2018), chrF2 (Popović 2015), and the share of
        hypotheses that equal one of their references
    """
    streams = _streams(references)
    hits = sum(hyp in refs for hyp, refs in zip(hypotheses, references, strict=True))
    return Scores(
        _bleu(effective_order).corpus_score(list(hypotheses), streams).score,
        CHRF().corpus_score(list(hypotheses), streams).score,
        100 * hits / len(hypotheses),
    )


def signatures(references: Sequence[Sequence[str]]) -> dict[str, str]:
    """sacreBLEU's signatures: they name everything that changes the figures."""
    metrics = {"bleu": _bleu(), "chrf2": CHRF()}
    for metric in metrics.values():
        metric.corpus_score([refs[0] for refs in references], _streams(references))
    return {name: str(metric.get_signature()) for name, metric in metrics.items()}


def _bleu(effective_order: bool = False) -> BLEU:
    """`force` changes no score: it silences the advice against words split by spaces."""
    return BLEU(effective_order=effective_order, force=True)


def _streams(references: Sequence[Sequence[str]]) -> Any:
    """Transpose to sacreBLEU's form: stream k holds the k-th reference of each source, or None."""
    most = max(map(len, references))
    return [[refs[k] if k < len(refs) else None for refs in references] for k in range(most)]
