"""Words of sentences and spans drawn from them, against expressions of one sentence at a time."""

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.text.spans import KINDS, WordPlaces

TEXTS = st.lists(
    st.one_of(
        st.text("ab é'’-. 北京ไข่1\n", max_size=12),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    ),
    max_size=5,
)


def column(sentences: list[str]) -> pa.Array:
    return pa.array(sentences, pa.large_string())


def words(sentence: str) -> list[str]:
    found = WordPlaces.of(column([sentence]))
    return [
        found.text[a:b] for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("«L'été, c’est bien-sûr 2 fois!»", ["L'été", "c’est", "bien-sûr", "fois"]),
        ("'quoted' -- rock-", ["quoted", "rock"]),
        ("यह हिन्दी है।", ["यह", "हिन्दी", "है"]),
        ("나는 학생이다.", ["나는", "학생이다"]),
        ("我用iPhone。", ["我", "用", "iPhone"]),
        ("12:30 ?!", []),
        ("", []),
    ],
)
def test_words(sentence: str, expected: list[str]) -> None:
    assert words(sentence) == expected


@given(st.lists(st.text("abcé'- .\n", max_size=20), max_size=5))
def test_words_are_those_of_an_expression(sentences: list[str]) -> None:
    expected = [re.findall("[abcé]+(?:['-][abcé]+)*", sentence) for sentence in sentences]
    assert [words(sentence) for sentence in sentences] == expected
    together = WordPlaces.of(column(sentences))
    assert np.diff(together.offsets).tolist() == [len(found) for found in expected]


@given(TEXTS, st.integers(0, 9))
def test_spans_are_runs_of_the_words_of_their_sentence(sentences: list[str], seed: int) -> None:
    source = WordPlaces.of(column(sentences))
    some = np.flatnonzero(np.diff(source.offsets) > 0)
    for number, kind in enumerate(KINDS):
        spans = source.draw(some, np.full(len(some), number), np.random.default_rng(seed))
        for index, span in zip(some.tolist(), spans.to_pylist(), strict=True):
            own, got = words(sentences[index]), words(span)
            assert span
            assert span in sentences[index]
            assert any(own[i : i + len(got)] == got for i in range(len(own)))
            if not source.without_spaces[index]:
                wanted = {"words": [1], "pairs": [2], "cuts": range(2, len(own) + 1)}[kind]
                assert len(got) in wanted or len(got) == len(own) == 1


def test_every_span_of_a_sentence_is_drawn() -> None:
    source = WordPlaces.of(column(["x", "one two three", "东西南北中发"]))
    rng = np.random.default_rng(0)

    def drawn(sentence: int, kind: int) -> set[str]:
        spans = source.draw(np.full(500, sentence), np.full(500, kind), rng)
        return set(spans.to_pylist())

    assert drawn(1, 0) == {"one", "two", "three"}
    assert drawn(1, 1) == {"one two", "two three"}
    assert drawn(1, 2) == {"one two", "two three", "one two three"}
    assert {len(span) for span in drawn(2, 0)} == {1, 2, 3, 4}
    assert {len(span) for span in drawn(2, 1)} == {2, 3, 4, 5, 6}
