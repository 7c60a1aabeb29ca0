"""What divides words, and which words nobody can see."""

import pytest

from nlpflow.text.words import is_invisible, split_words


def test_only_space_and_tab_divide_words() -> None:
    others = "\x0b\x0c\x1c\x85\u00a0\u1680\u2003\u2009\u2028\u202f\u205f\u3000\u200b\ufeff"
    assert split_words(f" a{others}b\t \tc ") == [f"a{others}b", "c"]
    assert split_words(" \t ") == []


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u200b", "\ufeff", "\u00ad", "\u00a0\u200d", "\x1b", "\u2060 \t"],
)
def test_nothing_to_see(text: str) -> None:
    assert is_invisible(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        ".",
        "\u200ba",
        "\u0301",
        "\u0600",
        "\u06dd",
        "👩\u200d",
        "\ue000",
        "\U0001fae9",
        "\ufffd",
        "\ufe0f",
    ],
)
def test_something_to_see(text: str) -> None:
    assert not is_invisible(text)
