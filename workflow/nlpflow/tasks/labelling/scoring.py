"""Scoring of tagging (accuracy) and of entities (precision, recall and F1 of spans)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from nlpflow.metrics.labelling import (
    accuracy,
    accuracy_by_frequency,
    confusion_matrix,
    tag_scores,
    training_tags,
    word_groups,
)
from nlpflow.metrics.spans import SpanCounts, count_spans, precision_recall_f1
from nlpflow.prepare.tagged import Sentence
from nlpflow.settings.labelling import EntitiesExperiment, LabellingExperiment
from nlpflow.text.tag_schemes import OUTSIDE, Scheme

Tags = Sequence[Sequence[str]]
"""The tags of each word of each sentence."""


class TaggedTestSet(NamedTuple):
    """The sentences of a test set, and how its words are tagged in the training set."""

    sentences: Sequence[Sentence]
    training: Mapping[str, Counter[str]]
    """For each word of the training set, how often it has each tag."""


class ScoreReport(NamedTuple):
    """Scores of the predicted tags of a test set."""

    scores: dict[str, float]
    """In per cent, except counts. Scores that this test set cannot give are left out."""
    by_tag: pd.DataFrame
    """`tag` (or type of entity), `precision`, `recall`, `f1`, `gold` (number of gold ones)."""
    by_frequency: pd.DataFrame
    """`bucket` (words grouped by frequency in training), `words` (their number), `accuracy`."""


class Scoring(Protocol):
    """How a task scores tags. Gold and predicted tags are in the scheme of the model."""

    @property
    def score(self) -> str:
        """The name of the main score, by which models are compared."""
        ...

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """The scores on the dev set after every epoch, by name."""
        ...

    def report(self, test_set: TaggedTestSet, predicted: Tags) -> ScoreReport:
        """All scores on a test set."""
        ...


@dataclass(frozen=True)
class TagScoring:
    """Scoring of tagging; see `Scoring`."""

    score: str = "accuracy"

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """Accuracy in per cent."""
        correct = np.array(flat(gold)) == np.array(flat(predicted))
        return {"accuracy": accuracy(correct).percent}

    def report(self, test_set: TaggedTestSet, predicted: Tags) -> ScoreReport:
        """Accuracy over all words and over several groups of them.

        The groups are: words seen in training, unseen words, words seen with several tags, unseen
        words that end in -ly, and words of sentences that are not in the training set.
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
        return ScoreReport(scores, by_tag, by_frequency)


NAMES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class EntityScoring:
    """Scoring of entities; see `Scoring`."""

    scheme: Scheme
    """The scheme of the model's tags."""
    score: str = "f1"

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """F1, precision and recall of spans, in per cent."""
        return _scores(count_spans(gold, predicted, self.scheme))

    def report(self, test_set: TaggedTestSet, predicted: Tags) -> ScoreReport:
        """Precision, recall and F1 of all entities and by type.

        There is also F1 over the sentences that are not in the training set, the number of invalid
        tag sequences, none of which counts as an entity, and the accuracy of the words inside gold
        entities by their frequency in training.
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
        return ScoreReport(scores, by_tag, by_frequency)


def _scores(counts: SpanCounts) -> dict[str, float]:
    precision, recall, f1 = precision_recall_f1(counts.counts.sum(axis=(0, 1)))
    return {"f1": float(f1), "precision": float(precision), "recall": float(recall)}


def scheme_of(settings: LabellingExperiment) -> Scheme | None:
    """The tag scheme of the model; None for tagging."""
    return settings.model.scheme if isinstance(settings, EntitiesExperiment) else None


def scoring_of(scheme: Scheme | None) -> Scoring:
    """The scoring of entities in a tag scheme; None: the scoring of tagging."""
    return TagScoring() if scheme is None else EntityScoring(scheme)


def tagged_test_set(sentences: Sequence[Sentence], train: Sequence[Sentence]) -> TaggedTestSet:
    """A test set together with the tags of the words of its training set."""
    words = [word for sentence in train for word in sentence.words]
    tags = [tag for sentence in train for tag in sentence.tags]
    return TaggedTestSet(sentences, training_tags(words, tags))


def flat(rows: Sequence[Sequence[str]]) -> list[str]:
    """The words or tags of all sentences in one list."""
    return [item for row in rows for item in row]
