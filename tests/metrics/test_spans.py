"""Entities of tag sequences, told one by one."""

import pytest

from nlpflow.metrics.spans import count_spans, precision_recall_f1
from nlpflow.text.tag_schemes import Span, convert, read_spans, repair, write_tags


@pytest.mark.parametrize(
    ("tags", "spans", "invalid"),
    [
        ("", [], 0),
        ("O O", [], 0),
        ("B-LOC I-LOC O B-PER", [(0, 2, "LOC"), (3, 4, "PER")], 0),
        ("B-LOC B-LOC", [(0, 1, "LOC"), (1, 2, "LOC")], 0),
        ("I-LOC I-LOC O", [], 1),
        ("B-LOC I-PER I-PER I-LOC", [(0, 1, "LOC")], 2),
        ("I-LOC B-LOC I-LOC", [(1, 3, "LOC")], 1),
        ("B-creative-work I-creative-work", [(0, 2, "creative-work")], 0),
    ],
)
def test_iob2(tags: str, spans: list, invalid: int) -> None:
    assert read_spans(tags.split()) == (spans, invalid)


@pytest.mark.parametrize(
    ("tags", "spans", "invalid"),
    [
        ("S-LOC B-PER I-PER E-PER O", [(0, 1, "LOC"), (1, 4, "PER")], 0),
        ("B-LOC E-LOC B-LOC E-LOC", [(0, 2, "LOC"), (2, 4, "LOC")], 0),
        ("B-LOC I-LOC O", [], 1),
        ("B-LOC", [], 1),
        ("E-LOC", [], 1),
        ("I-LOC E-LOC S-PER", [(2, 3, "PER")], 1),
        ("B-LOC E-PER", [], 2),
        ("B-LOC B-LOC E-LOC", [(1, 3, "LOC")], 1),
        ("S-LOC I-LOC", [(0, 1, "LOC")], 1),
    ],
)
def test_iobes(tags: str, spans: list, invalid: int) -> None:
    assert read_spans(tags.split(), "IOBES") == (spans, invalid)


@pytest.mark.parametrize("tag", ["X-LOC", "B", "B-", "LOC", "", "-LOC", "BI-LOC", "O-LOC", "S-LOC"])
def test_tags_of_no_scheme_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match=f"tag '{tag}' is not IOB2"):
        read_spans(["O", tag])


def test_repair_of_iob1_counts_the_tags_it_changes() -> None:
    iob1 = ["I-LOC", "I-LOC", "B-LOC", "O", "I-PER", "I-LOC", "B-PER", "I-PER"]
    iob2 = ["B-LOC", "I-LOC", "B-LOC", "O", "B-PER", "B-LOC", "B-PER", "I-PER"]
    assert repair(iob1) == (iob2, 3)
    assert repair(iob2) == (iob2, 0)


def test_conversion_there_and_back() -> None:
    iob2 = ["B-LOC", "I-LOC", "I-LOC", "O", "B-PER", "B-PER", "I-PER"]
    iobes = ["B-LOC", "I-LOC", "E-LOC", "O", "S-PER", "B-PER", "E-PER"]
    assert convert(iob2, "IOB2", "IOBES") == iobes
    assert convert(iobes, "IOBES", "IOB2") == iob2


def test_invalid_sequences_are_not_converted() -> None:
    with pytest.raises(ValueError, match="1 invalid IOB2 sequences in: O I-LOC"):
        convert(["O", "I-LOC"], "IOB2", "IOBES")


@pytest.mark.parametrize("spans", [[(0, 2, "A"), (1, 3, "A")], [(2, 4, "A")], [(1, 1, "A")]])
def test_entities_that_fit_nowhere_are_refused(spans: list) -> None:
    with pytest.raises(ValueError, match="overlaps another or leaves the sentence"):
        write_tags([Span(*span) for span in spans], 3)


def test_scores_by_type_and_over_all() -> None:
    gold = [["B-LOC", "I-LOC", "O", "B-PER"], ["B-PER", "O"], ["O", "O"]]
    predicted = [["B-LOC", "I-LOC", "O", "B-LOC"], ["B-PER", "I-PER"], ["I-PER", "O"]]
    types, counts, invalid = count_spans(gold, predicted)
    assert types == ("LOC", "PER")
    assert invalid.tolist() == [0, 0, 1]
    by_type = counts.sum(0)
    assert by_type.tolist() == [[1, 1, 0], [0, 1, 2]]
    assert counts.sum(1).tolist() == [[1, 1, 1], [0, 1, 1], [0, 0, 0]]
    assert precision_recall_f1(by_type).tolist() == [
        pytest.approx([50, 100, 200 / 3]),
        [0, 0, 0],
    ]
    assert precision_recall_f1(counts.sum((0, 1))) == pytest.approx([100 / 3, 100 / 3, 100 / 3])


def test_no_entities_score_zero_and_lengths_must_agree() -> None:
    types, counts, _ = count_spans([["O"]], [["O"]])
    assert types == ()
    assert precision_recall_f1(counts.sum((0, 1))).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="2 gold tags but 1 predicted"):
        count_spans([["O", "O"]], [["O"]])
