"""Scores of answers, with examples worked out by hand."""

import pytest

from nlpflow.metrics.questions import hits, normalised, scores, statistics, word_f1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The  Beatles!", "beatles"),
        ("a man, an apple", "man apple"),
        ("Theodore", "theodore"),
        ("U.S.A.", "usa"),
        ("Élan", "élan"),
        ("the", ""),
    ],
)
def test_normalised(answer: str, expected: str) -> None:
    assert normalised(answer) == expected


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("New York City", "new york", 0.8),
        ("york york", "York", 2 / 3),
        ("London", "Paris", 0),
        ("the", "a", 1),
        ("the", "Paris", 0),
        ("Paris, France", "France: Paris", 1),
    ],
)
def test_word_f1(answer: str, reference: str, expected: float) -> None:
    assert word_f1(answer, reference) == pytest.approx(expected)
    assert word_f1(reference, answer) == pytest.approx(expected)


def test_the_best_reference_counts() -> None:
    found = hits(["new york city", "rome"], [["Paris", "New York"], ["The Rome!", "Milan"]])
    assert found.to_dict("list") == {"exact": [0, 1], "word_f1": [80.0, 100.0]}
    assert scores(found) == pytest.approx({"exact": 50, "word_f1": 90})


def test_statistics_give_the_scores() -> None:
    outputs = ["new york city", "rome", "x y z"]
    found = hits(outputs, [["Paris", "New York"], ["Rome"], ["z y"]])
    for name, one in statistics(found.astype("str"), {}).items():
        sums = one.sentences.sum(axis=0).astype(float)
        assert float(one.aggregate(sums)) == pytest.approx(scores(found)[name], abs=0.005)
