"""The nearest neighbour is the one that a plain count of words finds."""

from collections import Counter
from math import log, sqrt

import hypothesis.strategies as st
import pytest
from hypothesis import given

from nlpflow.baselines.nearest import CHUNK, NearestSentence

sentences = st.lists(st.text("ab cd", max_size=12), min_size=1, max_size=8)


def similarity(one: str, other: str, training: list[str]) -> float:
    """The cosine, word by word."""

    def vector(sentence: str) -> dict[str, float]:
        found = {}
        for word, times in Counter(sentence.split()).items():
            occurs_in = sum(word in text.split() for text in training)
            if occurs_in:
                found[word] = times * (log((1 + len(training)) / (1 + occurs_in)) + 1)
        return found

    a, b = vector(one), vector(other)
    norms = sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values()))
    return sum(a[w] * b.get(w, 0) for w in a) / norms if norms else 0.0


@given(sentences, sentences)
def test_equals_the_search_word_by_word(training: list[str], asked: list[str]) -> None:
    found = NearestSentence(training).nearest(asked)
    for sentence, position in zip(asked, found, strict=True):
        values = [round(similarity(sentence, known, training), 9) for known in training]
        assert position == values.index(max(values))


@given(sentences, sentences)
def test_cosines_word_by_word(training: list[str], asked: list[str]) -> None:
    others = [*asked[1:], asked[0]]
    found = NearestSentence(training).cosines(asked, others)
    right = [similarity(*texts, training) for texts in zip(asked, others, strict=True)]
    assert found.tolist() == pytest.approx(right, abs=1e-9)


def test_rare_words_count_more_than_frequent_ones() -> None:
    training = ["i am a man", "i am a girl", "i am a boy", "the zebra"]
    assert NearestSentence(training).nearest(["a zebra i saw", "i am"]) == [3, 0]


def test_characters_are_words_where_there_are_no_spaces() -> None:
    assert NearestSentence(["犬がいる", "猫がいる"]).nearest(["猫だ", "犬だ"]) == [1, 0]


def test_nothing_known_gives_the_first_sentence() -> None:
    assert NearestSentence(["a b", "c"]).nearest(["", "x y"]) == [0, 0]
    assert NearestSentence([""]).nearest(["a"]) == [0]
    assert NearestSentence(["a"]).nearest([]) == []


def test_more_sentences_than_are_compared_at_once() -> None:
    training = [f"w{i} common" for i in range(2 * CHUNK + 1)]
    assert NearestSentence(training).nearest(training) == list(range(len(training)))
