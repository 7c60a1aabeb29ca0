"""Lengths of sentences in scripts with spaces, without, and in both."""

import pyarrow as pa
import pytest

from nlpflow.text.lengths import length, mostly_without_spaces, spaced, with_characters
from nlpflow.text.normalisation import token_count


def column(*sentences: str) -> pa.Array:
    return pa.array(sentences, pa.large_string())


@pytest.mark.parametrize(
    ("sentence", "expected", "apart"),
    [
        ("今天，天气很好。", 8, "今 天 ， 天 气 很 好 。"),
        ("私はNLPが好きです", 8, "私 は NLP が 好 き で す"),
        ("コーヒー", 4, "コ ー ヒ ー"),
        ("ก้าว ไป", 5, "ก้ า ว ไ ป"),  # a mark belongs to its letter
        ("我们 喜欢", 4, "我 们 喜 欢"),
        ("I like 茶 very", 4, "I like 茶 very"),
        ("한국어 문장", 2, "한국어 문장"),
        ("je ne sais pas .", 5, "je ne sais pas ."),
        ("", 1, ""),
    ],
)
def test_length(sentence: str, expected: int, apart: str) -> None:
    assert length(column(sentence)).to_pylist() == [expected]
    assert spaced(column(sentence)).to_pylist() == [apart]


def test_with_spaces_it_is_the_number_of_pieces() -> None:
    """The filters of the tutorial's data depend on it, spaces at the ends included."""
    sentences = column("", " ", "a  b ", " elle a cinq ans . ", "Ελλάδα μου", "안녕 하세요")
    assert length(sentences).equals(token_count(sentences))
    mixed = pa.chunked_array([sentences, column("茶")])
    assert length(mixed).to_pylist() == [*token_count(sentences).to_pylist(), 1]


def test_what_a_text_mostly_is() -> None:
    assert mostly_without_spaces(column("今天，天气很好。", "NLP"))
    assert mostly_without_spaces(column("ภาษาไทย"))
    for sentences in (column("I drink 茶 every day"), column("한국어"), column(), column("")):
        assert not mostly_without_spaces(sentences)
    assert with_characters(column("a b", "I drink 茶"))
    assert not with_characters(column("a b", "한국어"))
