"""Entities as spans of tags: what counts as one, how many are right, and the tag schemes.

IOB2 (Ratnaparkhi 1998; Tjong Kim Sang & Veenstra 1999): `B-X` opens an entity of type X, `I-X`
continues it, `O` is outside. IOBES writes `E-X` for the last word and `S-X` for an entity of one.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Scheme = Literal["IOB2", "IOBES"]
PREFIXES: dict[Scheme, str] = {"IOB2": "BI", "IOBES": "BIES"}
OUTSIDE = "O"


class Span(NamedTuple):
    """Words `start` to `end`, without `end`, counted from 0."""

    start: int
    end: int
    type: str


def read_spans(tags: Sequence[str], scheme: Scheme = "IOB2") -> tuple[list[Span], int]:
    """The entities of one sentence in strict reading, and the number of invalid sequences.

    An entity is what the scheme allows and nothing else: `I-X` after no `B-X` or `I-X` opens none.
    Such a run of tags, or in IOBES an entity without its end, is one invalid sequence.
    Raises ValueError for a tag of another scheme.
    """
    parts = [_split(tag, scheme) for tag in tags]
    spans, invalid, start = [], 0, 0
    while start < len(parts):
        prefix, entity = parts[start]
        end = start + 1
        if prefix in "BI":
            while end < len(parts) and parts[end] == ("I", entity):
                end += 1
            ended = end < len(parts) and parts[end] == ("E", entity)
            end += ended
        else:
            ended = prefix == "S"
        if prefix != OUTSIDE:
            whole = prefix in "BS" and (ended or scheme == "IOB2")
            if whole:
                spans.append(Span(start, end, entity))
            invalid += not whole
        start = end
    return spans, invalid


def write_tags(spans: Iterable[Span], length: int, scheme: Scheme = "IOB2") -> list[str]:
    """The tags of a sentence with these entities; the inverse of `read_spans`.

    Raises ValueError if entities overlap or leave the sentence.
    """
    tags = [OUTSIDE] * length
    for start, end, entity in spans:
        if not 0 <= start < end <= length or any(tag != OUTSIDE for tag in tags[start:end]):
            raise ValueError(f"entity {start} to {end} in a sentence of {length}: no place for it")
        prefixes = ["B", *"I" * (end - start - 1)]
        if scheme == "IOBES":
            prefixes[-1] = "E" if len(prefixes) > 1 else "S"
        tags[start:end] = [f"{prefix}-{entity}" for prefix in prefixes]
    return tags


def convert(tags: Sequence[str], source: Scheme, target: Scheme) -> list[str]:
    """The same entities in another scheme; ValueError if a sequence is invalid."""
    spans, invalid = read_spans(tags, source)
    if invalid:
        raise ValueError(f"{invalid} invalid {source} sequences in: {' '.join(tags)}")
    return write_tags(spans, len(tags), target)


def repair(tags: Sequence[str]) -> tuple[list[str], int]:
    """IOB2 of a sentence in IOB1, or with `I-` tags alone, and how many tags were changed.

    In IOB1 (Ramshaw & Marcus 1995) an `I-X` that follows no entity of type X opens one, and `B-X`
    stands only between two entities of the same type. Valid IOB2 comes back as it is.
    """
    repaired, changed = [], 0
    before = OUTSIDE
    for tag in tags:
        prefix, entity = _split(tag, "IOB2")
        opens = prefix == "I" and before != entity
        repaired.append(f"B-{entity}" if opens else tag)
        changed += opens
        before = entity if prefix != OUTSIDE else OUTSIDE
    return repaired, changed


def _split(tag: str, scheme: Scheme) -> tuple[str, str]:
    """`B-LOC` -> ("B", "LOC"); `O` -> ("O", "")."""
    prefix, dash, entity = tag.partition("-")
    if tag != OUTSIDE and not (len(prefix) == 1 and prefix in PREFIXES[scheme] and dash and entity):
        allowed = ", ".join(f"{prefix}-TYPE" for prefix in PREFIXES[scheme])
        raise ValueError(f"tag '{tag}' is not {scheme}: allowed are O, {allowed}")
    return prefix, entity


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
    gold sequences are no entities either: repair the gold first.
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
