"""Similarity and analogies against scipy and against single questions."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from nlpflow.metrics.word_vectors import analogies, answers, cosines, similarity, spearman
from nlpflow.vectors.word_vectors import WordVectors


@pytest.fixture
def vectors():
    rng = np.random.default_rng(0)
    return WordVectors(tuple("abcdefghij"), rng.normal(size=(10, 3)).astype(np.float32))


def test_spearman_is_that_of_scipy_with_ties():
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 5, (2, 4, 30)).astype(float)
    expected = [spearmanr(a, b)[0] for a, b in zip(first, second, strict=True)]
    np.testing.assert_allclose(spearman(first, second), expected)
    assert np.isnan(spearman(np.ones(4), np.arange(4.0)))


def test_similarity_counts_what_is_known_and_holds_its_score_in_its_interval(vectors):
    rng = np.random.default_rng(2)
    pairs = pd.DataFrame(
        {
            "first": [*rng.choice(list("abcdefghij"), 40), "unknown"],
            "second": [*rng.choice(list("abcdefghij"), 40), "a"],
            "score": rng.normal(size=41),
        }
    )
    found = similarity(vectors, pairs)
    mine = cosines(vectors, pairs)
    assert np.isnan(mine[-1])
    assert (found.known, found.pairs) == (40, 41)
    assert found.rho == pytest.approx(100 * spearmanr(mine[:-1], pairs["score"][:-1])[0])
    assert found.low < found.rho < found.high
    assert similarity(vectors, pairs) == found


def test_perfect_agreement_is_a_hundred(vectors):
    pairs = pd.DataFrame({"first": list("abcde"), "second": list("fghij")})
    pairs["score"] = np.exp(cosines(vectors, pairs))
    assert similarity(vectors, pairs).rho == pytest.approx(100)


def test_too_few_known_pairs_have_no_score(vectors):
    pairs = pd.DataFrame({"first": ["a", "x"], "second": ["b", "y"], "score": [1.0, 2.0]})
    found = similarity(vectors, pairs)
    assert np.isnan(found.rho)
    assert (found.known, found.pairs) == (1, 2)


def test_answers_are_those_of_single_analogies(vectors):
    rng = np.random.default_rng(3)
    rows = [rng.choice(list("abcdefghij"), 3, replace=False) for _ in range(30)]
    best = [vectors.analogy(a, b, c, 1)[0][0] for a, b, c in rows]
    given = [word if i % 3 else "a" for i, word in enumerate(best)]
    questions = pd.DataFrame(rows, columns=list("abc")).assign(d=given)
    questions.loc[30] = ["a", "b", "c", "unknown"]
    found = answers(vectors, questions)
    expected = [float(given[i] == best[i]) for i in range(30)]
    np.testing.assert_array_equal(found, [*expected, np.nan])
    score = analogies(found)
    assert score.accuracy == pytest.approx(100 * np.mean(expected))
    assert (score.known, score.questions) == (30, 31)
    assert score.low <= score.accuracy <= score.high


def test_no_known_question_has_no_score():
    found = analogies([np.nan, np.nan])
    assert np.isnan(found.accuracy)
    assert (found.known, found.questions) == (0, 2)
