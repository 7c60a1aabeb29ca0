"""Scores of predicted entities: counts of correct spans; precision, recall and F1.

A predicted entity is correct if both boundaries and the type match.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.tag_schemes import Scheme, read_spans


class SpanCounts(NamedTuple):
    """Counts of correct, wrong and missed entities in each sentence."""

    types: tuple[str, ...]
    """All entity types of gold and predictions, sorted."""
    counts: NDArray[np.int64]
    """True positives, false positives and false negatives, (sentences, types, 3)."""
    invalid: NDArray[np.int64]
    """Number of invalid predicted tag sequences, (sentences,)."""


def count_spans(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], scheme: Scheme = "IOB2"
) -> SpanCounts:
    """Compare the predicted entities of tagged sentences with the gold entities.

    The source is Tjong Kim Sang & De Meulder 2003, section 2.3, but tags are read strictly (see
    `read_spans`): an invalid sequence is not an entity, neither in the predictions nor in the gold
    tags.

    All scores follow from sums of the counts: `counts.sum((0, 1))` over everything, `counts.sum(0)`
    by type, and `counts.sum(1)` by sentence, which resampling needs.

    Args:
        gold: the gold tags of each sentence
        predicted: the predicted tags of each sentence
        scheme: of both

    Raises:
        ValueError: a sentence has different numbers of gold and predicted tags
    """
    rows, invalid = [], []
    for gold_tags, predicted_tags in zip(gold, predicted, strict=True):
        if len(gold_tags) != len(predicted_tags):
            raise ValueError(f"{len(gold_tags)} gold tags but {len(predicted_tags)} predicted")
        found, broken = read_spans(predicted_tags, scheme)
        rows.append((set(read_spans(gold_tags, scheme)[0]), set(found)))
        invalid.append(broken)
    types = sorted({span.type for row in rows for spans in row for span in spans})
    indices = {name: index for index, name in enumerate(types)}
    counts = np.zeros((len(rows), len(types), 3), np.int64)
    for sentence, (correct, seen) in enumerate(rows):
        for kind, spans in enumerate((correct & seen, seen - correct, correct - seen)):
            for span in spans:
                counts[sentence, indices[span.type], kind] += 1
    return SpanCounts(tuple(types), counts, np.array(invalid, np.int64))


def precision_recall_f1(counts: NDArray[np.number]) -> NDArray[np.float64]:
    """Precision, recall and F1 in per cent, 0 if undefined.

    Args:
        counts: sums of the counts of `SpanCounts`, (..., 3)

    Returns:
        (..., 3)
    """
    correct, wrong, missed = np.moveaxis(counts.astype(np.float64), -1, 0)
    below = np.stack([correct + wrong, correct + missed, correct + (wrong + missed) / 2], axis=-1)
    scores = np.zeros_like(below)
    np.divide(100 * correct[..., None], below, out=scores, where=below > 0)
    return scores


def f1_aggregate(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 in per cent from sums of the counts of `SpanCounts`: (..., 3) -> (...)."""
    return precision_recall_f1(sums)[..., 2]
