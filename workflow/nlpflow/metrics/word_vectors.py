"""Scores of word vectors: agreement with human similarity judgements, and analogies."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from nlpflow.vectors.word_vectors import WordVectors

RESAMPLES = 1000
QUESTIONS_AT_ONCE = 512
"""Analogy questions per batch. It bounds a matrix with one row per question and one column per
word."""

FEWEST_PAIRS = 3
"""The fewest pairs for which a rank correlation is computed."""


class Similarity(NamedTuple):
    """Spearman's correlation, times 100, of cosines with human scores.

    `rho`, `low` and `high` are NaN if fewer than `FEWEST_PAIRS` pairs are known.
    """

    rho: float
    low: float
    """Lower end of the 95 % interval from bootstrap samples of the pairs."""
    high: float
    """Upper end of the interval."""
    known: int
    """Number of pairs whose words both have a vector."""
    pairs: int
    """Number of all pairs."""


class Analogies(NamedTuple):
    """Accuracy over the analogy questions whose four words all have a vector.

    `accuracy`, `low` and `high` are NaN if there is no such question.
    """

    accuracy: float
    """The accuracy in per cent."""
    low: float
    """Lower end of the 95 % interval from bootstrap samples of the questions."""
    high: float
    """Upper end of the interval."""
    known: int
    """Number of questions whose four words all have a vector."""
    questions: int
    """Number of all questions."""


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spearman's rank correlation along the last axis; NaN for a constant row.

    Ties have their mean rank.

    Spearman 1904, "The Proof and Measurement of Association between Two Things".
    """
    ranks = [rankdata(values, axis=-1) for values in (first, second)]
    a, b = (rank - rank.mean(axis=-1, keepdims=True) for rank in ranks)
    spread = np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((a * b).sum(axis=-1) / spread)


def cosines(vectors: WordVectors, pairs: pd.DataFrame) -> NDArray[np.float64]:
    """The cosine of each pair, (pairs,); NaN if one of its words has no vector.

    Args:
        vectors: of the words
        pairs: columns `first` and `second`
    """
    found = np.full(len(pairs), np.nan)
    for row, (first, second) in enumerate(zip(pairs["first"], pairs["second"], strict=True)):
        if first in vectors and second in vectors:
            a, b = (vectors.unit[vectors.index(word)] for word in (first, second))
            found[row] = float(a @ b)
    return found


def similarity(vectors: WordVectors, pairs: pd.DataFrame) -> Similarity:
    """The agreement of cosines with human scores. Its interval uses a fixed random seed.

    Args:
        vectors: of the words
        pairs: columns `first`, `second` and `score`
    """
    found = cosines(vectors, pairs)
    known = ~np.isnan(found)
    ours, human = found[known], pairs["score"].to_numpy(np.float64)[known]
    rho = float(spearman(ours, human)) if known.sum() >= FEWEST_PAIRS else np.nan
    if np.isnan(rho):
        return Similarity(np.nan, np.nan, np.nan, int(known.sum()), len(pairs))
    drawn = np.random.default_rng(0).integers(0, len(ours), size=(RESAMPLES, len(ours)))
    resampled = spearman(ours[drawn], human[drawn])
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return Similarity(100 * rho, 100 * float(low), 100 * float(high), len(ours), len(pairs))


def answers(vectors: WordVectors, questions: pd.DataFrame) -> NDArray[np.float64]:
    """Which analogy questions 3CosAdd answers correctly, see `WordVectors.analogy`.

    Args:
        vectors: of the words
        questions: columns `a`, `b`, `c` and `d`: a is to b as c is to d

    Returns:
        1 for a correct answer, 0 for a wrong one, NaN if one of the four words has no vector,
        (questions,)
    """
    words = questions[["a", "b", "c", "d"]].to_numpy()
    known = np.array([all(word in vectors for word in row) for row in words], np.bool_)
    rows = np.array([[vectors.index(word) for word in row] for row in words[known]], np.int64)
    correct = np.zeros(len(rows))
    for start in range(0, len(rows), QUESTIONS_AT_ONCE):
        part = rows[start : start + QUESTIONS_AT_ONCE]
        a, b, c = (vectors.unit[part[:, column]] for column in range(3))
        scores = (b - a + c) @ vectors.unit.T
        np.put_along_axis(scores, part[:, :3], -np.inf, axis=1)
        correct[start : start + len(part)] = scores.argmax(axis=1) == part[:, 3]
    found = np.full(len(questions), np.nan)
    found[known] = correct
    return found


def analogies(correct: Sequence[float] | NDArray[np.float64]) -> Analogies:
    """The accuracy over questions, from the output of `answers`, with its interval."""
    values = np.asarray(correct, np.float64)
    known = values[~np.isnan(values)]
    if not len(known):
        return Analogies(np.nan, np.nan, np.nan, 0, len(values))
    # The number of correct answers in a resample is binomially distributed.
    share = known.mean()
    drawn = np.random.default_rng(0).binomial(len(known), share, RESAMPLES) / len(known)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Analogies(
        100 * float(share), 100 * float(low), 100 * float(high), len(known), len(values)
    )
