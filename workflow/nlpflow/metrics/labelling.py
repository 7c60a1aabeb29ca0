"""Scores of tagged words: accuracy by group of words, and precision, recall and F1 of each tag."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.arrays import Mask

FREQUENCIES = (0, 1, 2, 5, 10, 100, 1000)
"""The lowest training frequency of each bucket."""


class Accuracy(NamedTuple):
    """Number of correct words, and of all words."""

    correct: int
    total: int

    @property
    def percent(self) -> float:
        """The accuracy in per cent; NaN if there are no words."""
        return 100 * self.correct / self.total if self.total else float("nan")


def accuracy(correct: Mask, where: Mask | None = None) -> Accuracy:
    """Accuracy over all words, or over the words where the mask `where` is True; (words,) each."""
    chosen = correct if where is None else correct[where]
    return Accuracy(int(chosen.sum()), len(chosen))


def training_tags(words: Sequence[str], tags: Sequence[str]) -> dict[str, Counter[str]]:
    """For each word of the training set, count how often it has each tag."""
    found: dict[str, Counter[str]] = {}
    for word, tag in zip(words, tags, strict=True):
        found.setdefault(word, Counter())[tag] += 1
    return found


def word_groups(words: Sequence[str], training: Mapping[str, Collection[str]]) -> dict[str, Mask]:
    """Masks over the words of a test set.

    Args:
        words: the words of the test set
        training: the tags of each word of the training set

    Returns:
        `seen` in training, `unseen`, and `ambiguous` (seen with more than one tag), each (words,)
    """
    kinds = np.array([len(training.get(word, ())) for word in words], np.int64)
    return {"seen": kinds > 0, "unseen": kinds == 0, "ambiguous": kinds > 1}


def sentence_accuracies(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]
) -> NDArray[np.int64]:
    """Number of correct words and of all words of each sentence, (sentences, 2), for resampling."""
    pairs = zip(gold, predicted, strict=True)
    rows = [(sum(a == b for a, b in zip(g, p, strict=True)), len(g)) for g, p in pairs]
    return np.array(rows, np.int64).reshape(-1, 2)


def confusion_matrix(
    gold: Sequence[str], predicted: Sequence[str], tags: Sequence[str]
) -> NDArray[np.int64]:
    """Number of words by gold tag (row) and predicted tag (column), (tags, tags).

    Args:
        gold: the gold tag of each word
        predicted: the predicted tag of each word
        tags: all tags, in the order of rows and columns

    Raises:
        ValueError: a gold or predicted tag is not in `tags`
    """
    ids = {tag: index for index, tag in enumerate(tags)}
    unknown = (set(gold) | set(predicted)) - set(ids)
    if unknown:
        raise ValueError(f"tag {min(unknown)} is not one of the {len(ids)} tags")
    matrix = np.zeros((len(tags), len(tags)), np.int64)
    for (row, column), count in Counter(zip(gold, predicted, strict=True)).items():
        matrix[ids[row], ids[column]] = count
    return matrix


class TagScores(NamedTuple):
    """Scores of each tag in per cent, (tags,); 0 if a score is undefined."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]


def tag_scores(confusion: NDArray[np.int64]) -> TagScores:
    """Precision, recall and F1 of each tag from the confusion matrix, (tags, tags)."""
    correct = confusion.diagonal()
    predicted, gold = confusion.sum(axis=0), confusion.sum(axis=1)
    return TagScores(
        100 * correct / np.maximum(predicted, 1),
        100 * correct / np.maximum(gold, 1),
        200 * correct / np.maximum(predicted + gold, 1),
    )


def accuracy_by_frequency(
    correct: Mask, counts: NDArray[np.integer]
) -> list[tuple[str, int, float]]:
    """Accuracy of words by their frequency in training.

    Args:
        correct: whether each word is correct, (words,)
        counts: how often each word occurs in training, (words,)

    Returns:
        for each bucket its name ("0", "2–4", "1000 or more"), its number of words and its accuracy
        in per cent; empty buckets are included
    """
    buckets = np.searchsorted(FREQUENCIES, counts, side="right") - 1
    rows = []
    for index, start in enumerate(FREQUENCIES):
        if index + 1 == len(FREQUENCIES):
            name = f"{start} or more"
        else:
            last = FREQUENCIES[index + 1] - 1
            name = str(start) if start == last else f"{start}–{last}"
        bucket = accuracy(correct, buckets == index)
        rows.append((name, bucket.total, bucket.percent))
    return rows
