"""Scores of part-of-speech tags: accuracy, apart for words of every kind."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlpflow.metrics.labelling import (
    accuracy,
    accuracy_by_frequency,
    confusion_matrix,
    tag_scores,
    word_groups,
)
from nlpflow.tasks.labelling.scoring import Report, Tags, TestSet, flat


@dataclass(frozen=True)
class TagScoring:
    """See `nlpflow.tasks.labelling.scoring.Scoring`."""

    score: str = "accuracy"

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """Accuracy in per cent."""
        correct = np.array(flat(gold)) == np.array(flat(predicted))
        return {"accuracy": accuracy(correct).percent}

    def report(self, test_set: TestSet, predicted: Tags) -> Report:
        """Accuracy of all words; of those seen and not seen in training, and of those seen with
        several tags; of unseen words in -ly; and without the sentences that stand in training.
        """
        words = flat([sentence.words for sentence in test_set.sentences])
        gold = flat([sentence.tags for sentence in test_set.sentences])
        found = flat(predicted)
        correct = np.array(gold) == np.array(found)
        groups = word_groups(words, test_set.training)
        ending = np.array([word.lower().endswith("ly") for word in words])
        new = np.repeat(
            [not sentence.in_train for sentence in test_set.sentences],
            [len(sentence.words) for sentence in test_set.sentences],
        )
        measured = {
            "accuracy": accuracy(correct),
            **{f"accuracy_{name}": accuracy(correct, group) for name, group in groups.items()},
            "accuracy_unseen_ly": accuracy(correct, groups["unseen"] & ending),
            "accuracy_without_overlap": accuracy(correct, new),
        }
        scores = {name: value.percent for name, value in measured.items() if value.total}
        tags = sorted({*gold, *found})
        by_tag = pd.DataFrame({"tag": tags})
        confusion = confusion_matrix(gold, found, tags)
        for name, column in tag_scores(confusion)._asdict().items():
            by_tag[name] = column
        by_tag["gold"] = confusion.sum(axis=1)
        scores["f1_macro"] = float(by_tag.loc[by_tag["gold"] > 0, "f1"].mean())
        counts = np.array([sum(test_set.training.get(word, {}).values()) for word in words])
        buckets = accuracy_by_frequency(correct, counts)
        by_frequency = pd.DataFrame(buckets, columns=["bucket", "words", "accuracy"])
        return Report(scores, by_tag, by_frequency)
