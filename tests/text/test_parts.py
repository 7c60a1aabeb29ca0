"""Texts cut into parts, and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.text.parts import joined, parts_of

CUT = {
    "find . -name '*.txt'": ["find", " ", ".", " ", "-", "name", " ", "'", "*", ".", "txt", "'"],
    "iot_hue_light(room=the attic)": [
        *("iot_hue_light", "(", "room", "=", "the", " ", "attic", ")"),
    ],
    "chmod 0755 a1b": ["chmod", " ", "0755", " ", "a", "1", "b"],
    "  élan   n'est ": ["élan", " ", "n", "'", "est"],
    "की": ["क", "ी"],
    "": [],
}


@pytest.mark.parametrize("text", CUT)
def test_parts(text: str) -> None:
    assert parts_of(text, spaces=True) == CUT[text]
    assert parts_of(text, spaces=False) == [part for part in CUT[text] if part != " "]


@given(st.text(max_size=30))
def test_joined_gives_the_text_back(text: str) -> None:
    tidy = " ".join(text.split())
    assert joined(parts_of(tidy, spaces=True)) == tidy
    assert parts_of(text, spaces=True) == parts_of(tidy, spaces=True)
