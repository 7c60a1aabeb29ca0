"""Counting n-grams against counting them one by one."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nlpflow.baselines.add_k import AddK

WORDS = 4


@st.composite
def texts(draw):
    order = draw(st.integers(1, 3))
    rows = draw(st.integers(1, 20))
    elements = st.integers(-1, WORDS - 1)
    contexts = draw(arrays.arrays(np.int32, (rows, order - 1), elements=elements))
    words = draw(arrays.arrays(np.int32, rows, elements=st.integers(0, WORDS - 1)))
    return contexts, words


@given(texts(), st.integers(0, 2**31), st.floats(0.01, 10))
def test_probabilities_are_those_of_counting(text, seed, k):
    contexts, words = text
    model = AddK(contexts, words, WORDS, WORDS)
    model.k = k
    rng = np.random.default_rng(seed)
    asked = rng.integers(-1, WORDS, (10, contexts.shape[1]))
    following = rng.integers(0, WORDS, 10)
    pairs = Counter()
    totals = Counter()
    for context, word in zip(contexts.tolist(), words.tolist(), strict=True):
        pairs[*context, word] += 1
        totals[tuple(context)] += 1
    expected = [
        np.log((pairs[*context, word] + k) / (totals[tuple(context)] + k * WORDS))
        for context, word in zip(asked.tolist(), following.tolist(), strict=True)
    ]
    np.testing.assert_allclose(model.log_probabilities(asked, following), expected)


@given(texts(), st.integers(0, 2**31))
def test_probabilities_sum_to_one(text, seed):
    contexts, words = text
    model = AddK(contexts, words, WORDS, WORDS)
    asked = np.random.default_rng(seed).integers(-1, WORDS, (1, contexts.shape[1]))
    asked = np.repeat(asked, WORDS, axis=0)
    total = np.exp(model.log_probabilities(asked, np.arange(WORDS))).sum()
    assert total == pytest.approx(1)


def test_tuning_takes_the_likeliest_k():
    rng = np.random.default_rng(0)
    contexts, words = rng.integers(0, 5, (300, 1)), rng.integers(0, 5, 300)
    model = AddK(contexts[:100], words[:100], 5, 5)
    choices = (0.01, 0.3, 1.0, 30.0)
    score = model.tune(contexts[100:], words[100:], choices)
    scores = {}
    for k in choices:
        other = AddK(contexts[:100], words[:100], 5, 5)
        other.k = k
        scores[k] = other.log_probabilities(contexts[100:], words[100:]).mean()
    assert model.k == max(scores, key=scores.get)
    assert score == pytest.approx(max(scores.values()))
