"""How well word vectors agree with people: similarity of pairs, and analogies."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from nlpflow.vectors.word_vectors import WordVectors

RESAMPLES = 1000
QUESTIONS_AT_ONCE = 512
"""Analogies; the similarities of a question to all words are one row of a matrix."""

FEWEST_PAIRS = 3
"""A rank correlation of fewer says nothing."""


class Similarity(NamedTuple):
    """Spearman's correlation, times 100, of cosines with human scores; nan if too few are known."""

    rho: float
    low: float
    """The 95 % interval from bootstrap samples of the pairs."""
    high: float
    known: int
    pairs: int


class Analogies(NamedTuple):
    """Accuracy in per cent over the questions whose four words are known; nan if there is none."""

    accuracy: float
    low: float
    high: float
    known: int
    questions: int


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank correlation along the last axis, ties at their mean rank; nan for a constant row.

    Spearman 1904, "The Proof and Measurement of Association between Two Things".
    """
    ranks = [rankdata(values, axis=-1) for values in (first, second)]
    a, b = (rank - rank.mean(axis=-1, keepdims=True) for rank in ranks)
    spread = np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((a * b).sum(axis=-1) / spread)


def cosines(vectors: WordVectors, pairs: pd.DataFrame) -> NDArray[np.float64]:
    """The cosine of each pair (`first`, `second`); nan where a word is unknown: (pairs,)."""
    found = np.full(len(pairs), np.nan)
    for row, (first, second) in enumerate(zip(pairs["first"], pairs["second"], strict=True)):
        if first in vectors and second in vectors:
            a, b = (vectors.unit[vectors.index(word)] for word in (first, second))
            found[row] = float(a @ b)
    return found


def similarity(vectors: WordVectors, pairs: pd.DataFrame) -> Similarity:
    """The agreement with a list of pairs (`first`, `second`, `score`).

    The interval is the same at every call: its random numbers are.
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
    """Which questions (`a`, `b`, `c`, `d`) 3CosAdd answers correctly, (questions,).

    1 for a correct answer, 0 for a wrong one, nan where one of the four words is unknown. See
    `WordVectors.analogy`.
    """
    words = questions[["a", "b", "c", "d"]].to_numpy()
    known = np.array([all(word in vectors for word in row) for row in words], np.bool_)
    rows = np.array([[vectors.index(word) for word in row] for row in words[known]], np.int64)
    right = np.zeros(len(rows))
    for start in range(0, len(rows), QUESTIONS_AT_ONCE):
        part = rows[start : start + QUESTIONS_AT_ONCE]
        a, b, c = (vectors.unit[part[:, place]] for place in range(3))
        scores = (b - a + c) @ vectors.unit.T
        np.put_along_axis(scores, part[:, :3], -np.inf, axis=1)
        right[start : start + len(part)] = scores.argmax(axis=1) == part[:, 3]
    found = np.full(len(questions), np.nan)
    found[known] = right
    return found


def analogies(right: Sequence[float] | NDArray[np.float64]) -> Analogies:
    """The accuracy over `answers`, and its interval."""
    values = np.asarray(right, np.float64)
    known = values[~np.isnan(values)]
    if not len(known):
        return Analogies(np.nan, np.nan, np.nan, 0, len(values))
    # Resampling answers that are right or wrong is drawing from a binomial distribution.
    share = known.mean()
    drawn = np.random.default_rng(0).binomial(len(known), share, RESAMPLES) / len(known)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Analogies(
        100 * float(share), 100 * float(low), 100 * float(high), len(known), len(values)
    )
