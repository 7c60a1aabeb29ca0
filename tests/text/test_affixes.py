"""Affixes and shape of a word."""

import pytest

from nlpflow.text.words import word_affixes, word_shape


def test_affixes_are_in_lower_case_and_tell_lengths_apart() -> None:
    assert word_affixes("Paris", 2) == ["1:p", "-1:s", "2:pa", "-2:is"]
    assert word_affixes("Paris", 0) == []
    assert word_affixes("a", 3) == ["1:a", "-1:a", "2:a", "-2:a", "3:a", "-3:a"]


@pytest.mark.parametrize(
    ("word", "shape"),
    [("McDonald-42", "XxXx-0"), ("NATO", "X"), ("été", "x"), ("...", "."), ("3.14", "0.0")],
)
def test_shape_writes_runs_once(word: str, shape: str) -> None:
    assert word_shape(word) == shape
