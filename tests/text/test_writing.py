import numpy as np
import pyarrow as pa
import pytest

from nlpflow.text.writing import letters_of, readable, scripts_in


def column(*sentences: str) -> pa.Array:
    return pa.array(sentences, pa.large_string())


@pytest.mark.parametrize(
    ("sentences", "scripts"),
    [
        (["Hello, wörld!"], ["LATIN"]),
        (["Ελλάδα", "2024"], ["GREEK"]),
        (["これは漢字とカタカナです"], ["CJK", "HIRAGANA", "KATAKANA"]),
        (["한국어"], ["HANGUL"]),
        (["मैं यहाँ हूँ"], ["DEVANAGARI"]),
        (["12:30 !?"], []),
        ([], []),
    ],
)
def test_scripts_of_sentences(sentences: list[str], scripts: list[str]) -> None:
    assert scripts_in(column(*sentences)) == scripts


def test_a_stray_letter_is_no_script() -> None:
    assert scripts_in(column("the number " * 100 + "π")) == ["LATIN"]
    assert scripts_in(column("the π")) == ["GREEK", "LATIN"]


def test_texts_in_other_scripts_cannot_be_read() -> None:
    latin = letters_of(["LATIN"])
    sentences = column("abc", "", "Γειά", "12!", "Γει abc", "Γειά abc", "日本 a", "é", "a\n")
    assert readable(sentences, latin).tolist() == [
        True, False, False, False, True, False, False, True, True,
    ]  # fmt: skip
    assert readable(column(), latin).tolist() == []
    assert readable(sentences, letters_of(["GREEK", "LATIN"]))[[2, 5]].tolist() == [True, True]


def test_an_unknown_script_has_no_letters() -> None:
    assert not letters_of(["KLINGON"]).any()
    assert not letters_of([]).any()
    assert not letters_of(["LATIN"])[np.frombuffer(b"1 ,", np.uint8)].any()
