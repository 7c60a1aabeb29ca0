"""Spans against their definition, and conversions there and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.metrics.spans import count_spans, precision_recall_f1
from nlpflow.text.tag_schemes import PREFIXES, Scheme, Span, convert, read_spans, repair, write_tags

SCHEMES = st.sampled_from(list(PREFIXES))
TYPES = "AB"


def sequences(scheme: Scheme) -> st.SearchStrategy[list[str]]:
    tags = ["O", *(f"{prefix}-{kind}" for prefix in PREFIXES[scheme] for kind in TYPES)]
    return st.lists(st.sampled_from(tags), max_size=8)


def pieces(tags: list[str]) -> list[tuple[int, str]]:
    """Start and tags of each longest run whose tags hang together: B or I before I or E."""
    found: list[tuple[int, list[str]]] = []
    for place, tag in enumerate(tags):
        if tag == "O":
            continue
        before = tags[place - 1] if place else "O"
        if before[0] in "BI" and tag[0] in "IE" and before[2:] == tag[2:]:
            found[-1][1].append(tag)
        else:
            found.append((place, [tag]))
    return [(start, " ".join(run)) for start, run in found]


def defined(tags: list[str], scheme: Scheme) -> tuple[list[Span], int]:
    """An entity is a piece that reads as the scheme spells one of its length."""
    spans, invalid = [], 0
    for start, run in pieces(tags):
        length, kind = run.count(" ") + 1, run[2]
        inner = ["I"] * (length - 1)
        prefixes = ["B", *inner]
        if scheme == "IOBES":
            prefixes = ["B", *inner[1:], "E"] if length > 1 else ["S"]
        if run == " ".join(f"{prefix}-{kind}" for prefix in prefixes):
            spans.append(Span(start, start + length, kind))
        else:
            invalid += 1
    return spans, invalid


@given(st.data(), SCHEMES)
def test_spans_are_what_the_definition_says(data: st.DataObject, scheme: Scheme) -> None:
    tags = data.draw(sequences(scheme))
    assert read_spans(tags, scheme) == defined(tags, scheme)


@st.composite
def entities(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Entities side by side or apart, and the sentence's length."""
    spans, place = [], 0
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), max_size=4)):
        start = place + gap
        place = start + length
        spans.append(Span(start, place, draw(st.sampled_from(TYPES))))
    return spans, place + draw(st.integers(0, 2))


@given(entities(), SCHEMES, SCHEMES)
def test_written_entities_are_read_again(
    sentence: tuple[list[Span], int], scheme: Scheme, other: Scheme
) -> None:
    spans, length = sentence
    tags = write_tags(spans, length, scheme)
    assert len(tags) == length
    assert read_spans(tags, scheme) == (spans, 0)
    assert convert(tags, scheme, other) == write_tags(spans, length, other)


@given(sequences("IOB2"))
def test_repair_gives_valid_tags_and_changes_nothing_twice(tags: list[str]) -> None:
    repaired, changed = repair(tags)
    assert read_spans(repaired)[1] == 0
    assert changed == sum(a != b for a, b in zip(tags, repaired, strict=True))
    assert repair(repaired) == (repaired, 0)
    if read_spans(tags)[1] == 0:
        assert changed == 0


@given(entities())
def test_repair_reads_iob1(sentence: tuple[list[Span], int]) -> None:
    """IOB1 writes B only right behind an entity of the same type."""
    spans, length = sentence
    tags = write_tags(spans, length)
    ends = {(span.end, span.type) for span in spans}
    iob1 = [
        tag.replace("B-", "I-") if tag[0] == "B" and (place, tag[2:]) not in ends else tag
        for place, tag in enumerate(tags)
    ]
    assert repair(iob1)[0] == tags


@given(st.data(), SCHEMES)
def test_counts_are_those_of_sets(data: st.DataObject, scheme: Scheme) -> None:
    gold = data.draw(st.lists(sequences(scheme), max_size=4))
    predicted = [data.draw(st.permutations(tags)) for tags in gold]
    types, counts, invalid = count_spans(gold, predicted, scheme)
    wanted = {(i, *span) for i, tags in enumerate(gold) for span in defined(tags, scheme)[0]}
    found = {(i, *span) for i, tags in enumerate(predicted) for span in defined(tags, scheme)[0]}
    assert invalid.tolist() == [defined(tags, scheme)[1] for tags in predicted]
    for place, kind in enumerate(types):
        w, f = ({span for span in spans if span[3] == kind} for spans in (wanted, found))
        assert counts[:, place].sum(0).tolist() == [len(w & f), len(f - w), len(w - f)]
    total = counts.sum((0, 1))
    precision, recall, f1 = precision_recall_f1(total)
    right = len(wanted & found)
    assert precision == (100 * right / len(found) if found else 0)
    assert recall == (100 * right / len(wanted) if wanted else 0)
    harmonic = 2 * precision * recall / (precision + recall) if right else 0
    assert np.isclose(f1, harmonic)
