"""Hashed n-grams against a slow oracle that hashes one n-gram at a time."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.text.ngrams import BOUNDARY, code_points, hashed_ngrams, ngram_texts

WORD = 2**32
SENTENCES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=6)


def bucket(codes: list[int], buckets: int) -> int:
    """The bucket of one n-gram, in whole numbers of Python."""
    value = 0x811C9DC5
    for code in codes:
        value = (value ^ code) * 0x9E3779B1 % WORD
    value = (value ^ value >> 15) * 0x85EBCA6B % WORD
    return value * buckets // WORD


def oracle(sentence: str, longest: int, buckets: int, end: int = BOUNDARY) -> list[int]:
    codes = [end, *map(ord, sentence), end]
    grams = [
        codes[start : start + size]
        for start in range(len(codes) - 1)
        for size in range(1, longest + 1)
        if start + size <= len(codes) and (start, size) != (0, 1)
    ]
    return [bucket(gram, buckets) for gram in grams]


def column(sentences: list[str]) -> pa.Array:
    return pa.array(sentences, pa.large_string())


@given(SENTENCES, st.integers(1, 6), st.integers(1, 31), st.sampled_from([BOUNDARY, ord(" ")]))
def test_every_ngram_is_hashed_as_alone(
    sentences: list[str], longest: int, bits: int, end: int
) -> None:
    ids, offsets = hashed_ngrams(column(sentences), longest, 2**bits, end)
    expected = [oracle(sentence, longest, 2**bits, end) for sentence in sentences]
    assert len(offsets) == len(sentences) + 1
    found = [ids[a:b].tolist() for a, b in pairwise(offsets)]
    assert found == expected
    assert offsets[-1] == len(ids)


@given(SENTENCES, SENTENCES)
def test_sentences_know_nothing_of_each_other(first: list[str], second: list[str]) -> None:
    together = hashed_ngrams(column(first + second), 4, 256)[0]
    apart = [hashed_ngrams(column(part), 4, 256)[0] for part in (first, second)]
    assert together.tolist() == np.concatenate(apart).tolist()


@given(SENTENCES, st.integers(1, 6))
def test_there_is_a_text_for_every_number(sentences: list[str], longest: int) -> None:
    for sentence in sentences:
        ids, _ = hashed_ngrams(column([sentence]), longest, 16)
        assert len(ngram_texts(sentence, longest)) == len(ids)


def test_texts_of_ngrams() -> None:
    assert ngram_texts("ab", 3) == ["_a", "_ab", "a", "ab", "ab_", "b", "b_"]
    assert ngram_texts("ab", 2, " ") == [" a", "a", "ab", "b", "b "]


def test_with_spaces_at_the_ends_a_word_has_the_ngrams_that_it_has_in_a_sentence() -> None:
    space, buckets = ord(" "), 2**31
    word = hashed_ngrams(column(["mot"]), 4, buckets, space)[0]
    sentence = hashed_ngrams(column(["un mot rare"]), 4, buckets, space)[0]
    assert set(word.tolist()) <= set(sentence.tolist())
    marked = hashed_ngrams(column(["mot"]), 4, buckets)[0]
    assert not set(marked.tolist()) <= set(sentence.tolist())


def test_slices_and_chunks_are_read_as_plain_columns() -> None:
    sentences = ["one", "", "zwei", "三"]
    expected = hashed_ngrams(column(sentences[1:]), 4, 64)
    for same in (
        column(sentences).slice(1),
        pa.chunked_array([column(sentences[1:2]), column(sentences[2:])]),
        pa.array(sentences[1:], pa.string()),
    ):
        for got, part in zip(hashed_ngrams(same, 4, 64), expected, strict=True):
            assert got.tolist() == part.tolist()


def test_code_points_and_boundaries() -> None:
    codes, boundaries = code_points(column(["a😀", "", "\n"]))
    assert codes.tolist() == [BOUNDARY, 97, 0x1F600, BOUNDARY, BOUNDARY, 10, BOUNDARY]
    assert boundaries.tolist() == [0, 3, 4, 6]


def test_a_hash_spreads_over_all_buckets() -> None:
    words = [f"{a}{b}{c}" for a in "abcdefgh" for b in "abcdefgh" for c in "abcdefgh"]
    ids = hashed_ngrams(column(words), 3, 65536)[0]
    texts = {text for word in words for text in ngram_texts(word, 3)}
    # With so many buckets hardly any two of 656 different n-grams share one.
    assert len(set(ids.tolist())) > 0.98 * len(texts)
    few = np.bincount(hashed_ngrams(column(words), 3, 8)[0], minlength=8)
    assert few.min() > 0.5 * few.mean()


@pytest.mark.parametrize("longest", [1, 4])
def test_nothing(longest: int) -> None:
    ids, offsets = hashed_ngrams(column([]), longest, 4)
    assert (ids.tolist(), offsets.tolist()) == ([], [0])
