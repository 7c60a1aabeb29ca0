"""Scores of tagged words: accuracy by kind of word, and precision and recall of each tag."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.arrays import Mask

FREQUENCIES = (0, 1, 2, 5, 10, 100, 1000)
"""Where each bucket of training frequencies starts."""


class Accuracy(NamedTuple):
    """Right words of all words."""

    correct: int
    total: int

    @property
    def percent(self) -> float:
        """In per cent; not a number where there are no words."""
        return 100 * self.correct / self.total if self.total else float("nan")


def accuracy(correct: Mask, where: Mask | None = None) -> Accuracy:
    """Of all words, or of the words in a mask: (words,) each."""
    chosen = correct if where is None else correct[where]
    return Accuracy(int(chosen.sum()), len(chosen))


def training_tags(words: Sequence[str], tags: Sequence[str]) -> dict[str, Counter[str]]:
    """How often each word of the training set bears each tag."""
    found: dict[str, Counter[str]] = {}
    for word, tag in zip(words, tags, strict=True):
        found.setdefault(word, Counter())[tag] += 1
    return found


def word_groups(words: Sequence[str], training: Mapping[str, Collection[str]]) -> dict[str, Mask]:
    """Masks over test words: `seen` in training, `unseen`, and `ambiguous`.

    A word is ambiguous if it bears more than one tag in training (so it is seen too).

    Args:
        training: the tags of each training word
    """
    kinds = np.array([len(training.get(word, ())) for word in words], np.int64)
    return {"seen": kinds > 0, "unseen": kinds == 0, "ambiguous": kinds > 1}


def sentence_accuracies(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """Right words and words of every sentence, (sentences, 2): what resampling needs."""
    pairs = zip(gold, predicted, strict=True)
    rows = [(sum(a == b for a, b in zip(g, p, strict=True)), len(g)) for g, p in pairs]
    return np.array(rows, np.int64).reshape(-1, 2)


def confusion_matrix(
    gold: Sequence[str], predicted: Sequence[str], tags: Sequence[str]
) -> NDArray[np.int64]:
    """How often each gold tag (row) was tagged as each tag (column): (tags, tags).

    Raises ValueError for a tag that is not in `tags`.
    """
    ids = {tag: index for index, tag in enumerate(tags)}
    unknown = (set(gold) | set(predicted)) - set(ids)
    if unknown:
        raise ValueError(f"tag {min(unknown)} is not among the {len(ids)} tags")
    matrix = np.zeros((len(tags), len(tags)), np.int64)
    for (row, column), count in Counter(zip(gold, predicted, strict=True)).items():
        matrix[ids[row], ids[column]] = count
    return matrix


class TagScores(NamedTuple):
    """In per cent, 0 where nothing could be right; each (tags,)."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]


def tag_scores(confusion: NDArray[np.int64]) -> TagScores:
    """Precision, recall and F1 of each tag from the confusion matrix, (tags, tags)."""
    right = confusion.diagonal()
    predicted, gold = confusion.sum(axis=0), confusion.sum(axis=1)
    return TagScores(
        100 * right / np.maximum(predicted, 1),
        100 * right / np.maximum(gold, 1),
        200 * right / np.maximum(predicted + gold, 1),
    )


def accuracy_by_frequency(
    correct: Mask, counts: NDArray[np.integer]
) -> list[tuple[str, int, float]]:
    """Accuracy of words by how often they occur in training.

    Args:
        correct: (words,)
        counts: occurrences in training of each test word, (words,)

    Returns:
        bucket ("0", "2–4", "1000 or more"), its words, per cent; empty buckets too
    """
    places = np.searchsorted(FREQUENCIES, counts, side="right") - 1
    rows = []
    for place, start in enumerate(FREQUENCIES):
        if place + 1 == len(FREQUENCIES):
            name = f"{start} or more"
        else:
            last = FREQUENCIES[place + 1] - 1
            name = str(start) if start == last else f"{start}–{last}"
        bucket = accuracy(correct, places == place)
        rows.append((name, bucket.total, bucket.percent))
    return rows
