"""Scores of entities: precision, recall and F1 of whole spans, strictly read."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlpflow.metrics.labelling import accuracy_by_frequency
from nlpflow.metrics.spans import SpanCounts, count_spans, precision_recall_f1
from nlpflow.tasks.labelling.scoring import Report, Tags, TestSet, flat
from nlpflow.text.tag_schemes import OUTSIDE, Scheme

NAMES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class EntityScoring:
    """See `nlpflow.tasks.labelling.scoring.Scoring`."""

    scheme: Scheme
    """Of the tags inside the model."""
    score: str = "f1"

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """F1, precision and recall of spans, in per cent."""
        return _scores(count_spans(gold, predicted, self.scheme))

    def report(self, test_set: TestSet, predicted: Tags) -> Report:
        """The same, by type as well, and without the sentences that stand in training; the number
        of invalid sequences, none of which is an entity. Words of gold entities by frequency.
        """
        gold = [sentence.tags for sentence in test_set.sentences]
        counts = count_spans(gold, predicted, self.scheme)
        scores = _scores(counts) | {"invalid_sequences": float(counts.invalid.sum())}
        new = np.array([not sentence.in_train for sentence in test_set.sentences])
        without = counts._replace(counts=counts.counts[new])
        scores["f1_without_overlap"] = _scores(without)["f1"]
        by_type = counts.counts.sum(axis=0)
        columns = dict(zip(NAMES, precision_recall_f1(by_type).T, strict=True))
        by_tag = pd.DataFrame({"tag": counts.types, **columns})
        by_tag["gold"] = by_type[:, 0] + by_type[:, 2]
        words = flat([sentence.words for sentence in test_set.sentences])
        inside = np.array(flat(gold)) != OUTSIDE
        correct = np.array(flat(gold)) == np.array(flat(predicted))
        seen = np.array([sum(test_set.training.get(word, {}).values()) for word in words])
        buckets = accuracy_by_frequency(correct[inside], seen[inside])
        by_frequency = pd.DataFrame(buckets, columns=["bucket", "words", "accuracy"])
        return Report(scores, by_tag, by_frequency)


def _scores(counts: SpanCounts) -> dict[str, float]:
    precision, recall, f1 = precision_recall_f1(counts.counts.sum(axis=(0, 1)))
    return {"f1": float(f1), "precision": float(precision), "recall": float(recall)}
