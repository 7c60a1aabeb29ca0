"""Scores of tagged words against counting by hand."""

import numpy as np
import pytest

from nlpflow.metrics.labelling import (
    Accuracy,
    accuracy,
    accuracy_by_frequency,
    confusion_matrix,
    sentence_accuracies,
    tag_scores,
    training_tags,
    word_groups,
)

TRAINING = training_tags(
    ["the", "can", "can", "run", "the", "run"], ["DET", "NOUN", "VERB", "VERB", "DET", "VERB"]
)
WORDS = ["the", "can", "run", "quickly", "can"]
GOLD = ["DET", "NOUN", "VERB", "ADV", "VERB"]
PREDICTED = ["DET", "VERB", "VERB", "NOUN", "VERB"]
CORRECT = np.array([True, False, True, False, True])


def test_training_tags_are_counted() -> None:
    assert TRAINING == {"the": {"DET": 2}, "can": {"NOUN": 1, "VERB": 1}, "run": {"VERB": 2}}


def test_accuracy_of_each_kind_of_word() -> None:
    groups = word_groups(WORDS, TRAINING)
    found = {name: accuracy(CORRECT, mask) for name, mask in groups.items()}
    assert found == {"seen": (3, 4), "unseen": (0, 1), "ambiguous": (1, 2)}
    assert accuracy(CORRECT) == (3, 5)
    assert accuracy(CORRECT).percent == 60


def test_accuracy_of_no_words_is_not_a_number() -> None:
    none = accuracy(CORRECT, np.zeros(5, bool))
    assert none == Accuracy(0, 0)
    assert np.isnan(none.percent)


def test_sentences_add_up_to_the_whole() -> None:
    rows = sentence_accuracies([GOLD[:2], GOLD[2:], []], [PREDICTED[:2], PREDICTED[2:], []])
    assert rows.tolist() == [[1, 2], [2, 3], [0, 0]]
    assert sentence_accuracies([], []).shape == (0, 2)
    with pytest.raises(ValueError, match="shorter"):
        sentence_accuracies([GOLD], [PREDICTED[:-1]])


def test_confusion_matrix_has_gold_downwards() -> None:
    tags = ["ADV", "DET", "NOUN", "VERB"]
    matrix = confusion_matrix(GOLD, PREDICTED, tags)
    assert matrix.tolist() == [[0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2]]
    with pytest.raises(ValueError, match="tag ADV is not one of the 3"):
        confusion_matrix(GOLD, PREDICTED, tags[1:])


def test_tag_scores_from_the_confusion_matrix() -> None:
    scores = tag_scores(np.array([[6, 2, 0], [1, 3, 0], [0, 0, 0]]))
    assert scores.precision.tolist() == pytest.approx([600 / 7, 60, 0])
    assert scores.recall.tolist() == pytest.approx([75, 75, 0])
    harmonic = [2 * p * 75 / (p + 75) for p in (600 / 7, 60)]
    assert scores.f1.tolist() == pytest.approx([*harmonic, 0])


def test_frequency_buckets_hold_every_word_once() -> None:
    counts = np.array([0, 1, 2, 4, 5, 9, 10, 99, 100, 999, 1000, 50000])
    correct = np.array([True, False] * 6)
    rows = accuracy_by_frequency(correct, counts)
    assert [row[0] for row in rows] == ["0", "1", "2–4", "5–9", "10–99", "100–999", "1000 or more"]
    assert [row[1] for row in rows] == [1, 1, 2, 2, 2, 2, 2]
    assert [row[2] for row in rows] == [100, 0, 50, 50, 50, 50, 50]
    empty = accuracy_by_frequency(correct[:0], counts[:0])
    assert [row[1] for row in empty] == [0] * 7
    assert np.isnan(empty[0][2])
