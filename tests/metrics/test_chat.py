"""Scores of responses, with examples worked out by hand."""

import numpy as np
import pytest

from nlpflow.metrics.chat import (
    commonest_share,
    delexicalised,
    delexicalised_bleu,
    distinct,
    recall_at_1,
)


def test_distinct() -> None:
    outputs = ["a b a", "a b"]
    assert distinct(outputs, 1) == pytest.approx(100 * 2 / 5)
    assert distinct(outputs, 2) == pytest.approx(100 * 2 / 3)  # a b, b a, a b
    assert distinct(["a"], 2) == 0


def test_commonest_share() -> None:
    assert commonest_share(["x"] * 3 + ["y"]) == 100
    many = [str(number) for number in range(20)] + ["0"] * 20
    assert commonest_share(many) == pytest.approx(100 * (21 + 9) / 40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There is a table at 7:30 pm.", "There is a table at [value] pm."),
        ("I like Blue Note Grill in San Jose.", "I like [value] in [value]."),
        ("Their number is 415-292-9997.", "Their number is [value]."),
        ("Sure. What time?", "Sure. What time?"),
        ("Is it $5, Bob?", "Is it [value], [value]?"),
        ("For 2. Would I like Bella, I ask?", "For [value]. Would I like [value], I ask?"),
        ("Yes, I found one.", "Yes, I found one."),
        ("", ""),
    ],
)
def test_delexicalised(text: str, expected: str) -> None:
    assert delexicalised(text) == expected


def test_other_values_have_the_same_delexicalised_bleu() -> None:
    outputs = ["The table for two at Bella is booked for 7 pm ."]
    references = [["The table for two at Mario is booked for 9 pm ."]]
    assert delexicalised_bleu(outputs, references) == pytest.approx(100)


def test_recall_at_1() -> None:
    scores = np.array([[-1.0, -2, -3], [-5, -4, -6], [-1, -1, -2], [0, -1, -1]])
    assert recall_at_1(scores) == 50
