"""Entities found against gold entities: how many spans are right.

A predicted entity is correct if both boundaries and the type match.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.tag_schemes import Scheme, read_spans


class SpanCounts(NamedTuple):
    """What was found in each sentence."""

    types: tuple[str, ...]
    """All entity types of gold and predictions, sorted."""
    counts: NDArray[np.int64]
    """True positives, false positives, false negatives: (sentences, types, 3)."""
    invalid: NDArray[np.int64]
    """Invalid sequences predicted, (sentences,)."""


def count_spans(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], scheme: Scheme = "IOB2"
) -> SpanCounts:
    """Compare the entities of tagged sentences; right is who has both ends and the type right.

    Tjong Kim Sang & De Meulder 2003, section 2.3, but read strictly (see `read_spans`). Invalid
    gold sequences are not entities either: repair the gold first.
    Sums give every score: `counts.sum((0, 1))` over all, `counts.sum(0)` by type, and
    `counts.sum(1)` by sentence, for resampling.
    """
    rows, invalid = [], []
    for gold_tags, predicted_tags in zip(gold, predicted, strict=True):
        if len(gold_tags) != len(predicted_tags):
            raise ValueError(f"{len(gold_tags)} gold tags but {len(predicted_tags)} predicted")
        found, broken = read_spans(predicted_tags, scheme)
        rows.append((set(read_spans(gold_tags, scheme)[0]), set(found)))
        invalid.append(broken)
    types = sorted({span.type for row in rows for spans in row for span in spans})
    places = {name: place for place, name in enumerate(types)}
    counts = np.zeros((len(rows), len(types), 3), np.int64)
    for sentence, (right, seen) in enumerate(rows):
        for kind, spans in enumerate((right & seen, seen - right, right - seen)):
            for span in spans:
                counts[sentence, places[span.type], kind] += 1
    return SpanCounts(tuple(types), counts, np.array(invalid, np.int64))


def precision_recall_f1(counts: NDArray[np.number]) -> NDArray[np.float64]:
    """Per cent, 0 where nothing could be right: (…, 3) counts as in `SpanCounts` -> (…, 3)."""
    right, wrong, missed = np.moveaxis(counts.astype(np.float64), -1, 0)
    below = np.stack([right + wrong, right + missed, right + (wrong + missed) / 2], axis=-1)
    scores = np.zeros_like(below)
    np.divide(100 * right[..., None], below, out=scores, where=below > 0)
    return scores


def f1_aggregate(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 in per cent, from counts as in `SpanCounts`: (..., 3) -> (...)."""
    return precision_recall_f1(sums)[..., 2]
