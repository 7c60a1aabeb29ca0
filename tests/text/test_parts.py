"""Texts cut into parts, and put together again."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.text.parts import NO_SPACE, SPACE, Spacing, parts_of

CUT = {
    "find . -name '*.txt'": ["find", ".", "-", "name", "'", "*", ".", "txt", "'"],
    "iot_hue_light(room=the attic)": ["iot_hue_light", "(", "room", "=", "the", "attic", ")"],
    "chmod 0755 a1b": ["chmod", "0755", "a", "1", "b"],
    "  élan   n'est ": ["élan", "n", "'", "est"],
    "की": ["क", "ी"],
    "": [],
}
TEXTS = st.lists(st.text(alphabet="ab1._ (é", max_size=10))


@pytest.mark.parametrize("text", CUT)
def test_parts(text: str) -> None:
    assert parts_of(text) == CUT[text]


def test_only_unusual_spaces_have_a_mark() -> None:
    spacing = Spacing.of(["ls -l a", "ls -a bc 1", "grep -v a 2", "a 3", "chmod a-x"])
    letters, digits = "letters", "digits"
    assert spacing.usual == {(letters, letters), (letters, digits), (letters, "-")}
    assert spacing.tokens(" ls  -l") == ["ls", "-", "l"]
    assert spacing.tokens("a-b") == ["a", NO_SPACE, "-", "b"]
    assert spacing.tokens("ls - l") == ["ls", "-", SPACE, "l"]
    assert spacing.tokens("a1 2") == ["a", NO_SPACE, "1", SPACE, "2"]  # 1 2 is new
    assert spacing.joined(["ls", "-", "<unk>", "<unk>"]) == "ls -<unk> <unk>"


def test_marks_without_effect() -> None:
    """A network can write them anywhere."""
    spacing = Spacing.of(["a b"])
    assert spacing.joined([SPACE, "a", NO_SPACE, SPACE, "b", NO_SPACE]) == "a b"
    assert spacing.joined([NO_SPACE, "a", SPACE, NO_SPACE, "b", SPACE]) == "ab"


@given(TEXTS, st.text(max_size=30))
def test_joined_gives_any_text_back(texts: list[str], text: str) -> None:
    spacing = Spacing.of(texts)
    tidy = " ".join(text.split())
    assert spacing.joined(spacing.tokens(tidy)) == tidy
    assert spacing.tokens(text) == spacing.tokens(tidy)


@given(TEXTS)
def test_marks_are_as_few_as_one_rule_for_each_pair_of_kinds_allows(texts: list[str]) -> None:
    def marks(spacing: Spacing) -> int:
        return sum(len(spacing.tokens(text)) - len(parts_of(text)) for text in texts)

    usual = Spacing.of(texts).usual
    kinds = product(("letters", "digits", ".", "("), repeat=2)
    assert all(marks(Spacing(usual)) <= marks(Spacing(usual ^ {pair})) for pair in kinds)
