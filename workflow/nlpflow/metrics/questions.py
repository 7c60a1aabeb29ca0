"""Scores of answers to questions: exact match and F1, as SQuAD defines them.

Rajpurkar et al. 2016, "SQuAD: 100,000+ questions for machine comprehension of text", section 6.1:
case, punctuation and articles do not count, and of several reference answers the best one counts.
"""

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nlpflow.metrics.statistics import Statistic, accuracy_aggregate
from nlpflow.text.arrays import Floats

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(answer: str) -> str:
    """An answer in lower case, without ASCII punctuation and articles, with single spaces."""
    plain = answer.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def word_f1(answer: str, reference: str) -> float:
    """The F1 of the words that both have, between 0 and 1; 1 if neither has words."""
    found, gold = (Counter(normalised(text).split()) for text in (answer, reference))
    if not found or not gold:
        return float(found == gold)
    both = (found & gold).total()
    return 2 * both / (found.total() + gold.total())


def hits(outputs: Sequence[str], references: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Whether each output equals a reference (`exact`), and its best F1 in per cent (`word_f1`).

    Args:
        outputs: an answer to each question
        references: all answers of each question, at least one
    """
    rows = []
    for output, known in zip(outputs, references, strict=True):
        exact = normalised(output) in {normalised(reference) for reference in known}
        best = max(word_f1(output, reference) for reference in known)
        rows.append((int(exact), round(100 * best, 4)))
    return pd.DataFrame(rows, columns=["exact", "word_f1"])


def scores(counted: pd.DataFrame) -> dict[str, float]:
    """The scores, in per cent, of a table of `hits`."""
    return {name: float(counted[name].mean() * scale) for name, scale in SCALES.items()}


SCALES = {"exact": 100, "word_f1": 1}
"""What one sentence counts at most, in per cent."""


def statistics(predictions: pd.DataFrame, settings: Mapping[str, str]) -> dict[str, Statistic]:
    """The statistics of each score for resampling; see `nlpflow.tasks.interface.Statistics`.

    Args:
        predictions: with the columns of `hits`, as numbers or as text
        settings: not used
    """
    ones = np.ones(len(predictions), np.int64)
    exact = pd.to_numeric(predictions["exact"]).to_numpy(np.int64)
    # Statistics are whole numbers: hundredths of a per cent.
    shares = (100 * pd.to_numeric(predictions["word_f1"])).round().to_numpy(np.int64)
    return {
        "exact": Statistic(np.column_stack([exact, ones]), accuracy_aggregate),
        "word_f1": Statistic(np.column_stack([shares, ones]), _mean_of_hundredths),
    }


def _mean_of_hundredths(sums: Floats) -> Floats:
    return np.asarray(sums[..., 0] / 100 / np.maximum(sums[..., 1], 1))
