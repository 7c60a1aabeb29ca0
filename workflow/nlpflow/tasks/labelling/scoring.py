"""How tags are scored: accuracy of parts of speech; precision, recall and F1 of entities."""

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
"""Of sentences."""


class TaggedTestSet(NamedTuple):
    """Sentences to score on, with what was known of their words in training."""

    sentences: Sequence[Sentence]
    training: Mapping[str, Counter[str]]
    """How often each training word bears each tag."""


class ScoreReport(NamedTuple):
    """How good the tags of a test set are."""

    scores: dict[str, float]
    """In per cent, but for counts; what cannot be measured on this test set is left out."""
    by_tag: pd.DataFrame
    """`tag` (or type of entity), `precision`, `recall`, `f1`, `gold` (how often it is right)."""
    by_frequency: pd.DataFrame
    """`bucket` of words by their training frequency, `words`, `accuracy`."""


class Scoring(Protocol):
    """How a task scores tags. Gold and predicted are in the scheme of the model."""

    @property
    def score(self) -> str:
        """The score that says which model is better."""
        ...

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """What is measured after every epoch."""
        ...

    def report(self, test_set: TaggedTestSet, predicted: Tags) -> ScoreReport:
        """Everything that is measured on a test set."""
        ...


@dataclass(frozen=True)
class TagScoring:
    """See `Scoring`."""

    score: str = "accuracy"

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """Accuracy in per cent."""
        correct = np.array(flat(gold)) == np.array(flat(predicted))
        return {"accuracy": accuracy(correct).percent}

    def report(self, test_set: TaggedTestSet, predicted: Tags) -> ScoreReport:
        """Accuracy of all words and of several groups of them.

        The groups: words seen in training, not seen, seen with several tags, unseen words in -ly,
        and the words of sentences that training lacks.
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
    """See `Scoring`."""

    scheme: Scheme
    """Of the tags inside the model."""
    score: str = "f1"

    def dev_scores(self, gold: Tags, predicted: Tags) -> dict[str, float]:
        """F1, precision and recall of spans, in per cent."""
        return _scores(count_spans(gold, predicted, self.scheme))

    def report(self, test_set: TaggedTestSet, predicted: Tags) -> ScoreReport:
        """Scores of the entities, over all, by type, and without sentences that training has.

        Also the number of invalid sequences, none of which counts as an entity, and the words of
        gold entities by frequency.
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
    """The scheme of the tags inside the model; None where tags are not entities."""
    return settings.model.scheme if isinstance(settings, EntitiesExperiment) else None


def scoring_of(scheme: Scheme | None) -> Scoring:
    """The scoring of tags in a scheme; None: they are not entities."""
    return TagScoring() if scheme is None else EntityScoring(scheme)


def tagged_test_set(sentences: Sequence[Sentence], train: Sequence[Sentence]) -> TaggedTestSet:
    """A test set with the words of its training set."""
    words = [word for sentence in train for word in sentence.words]
    tags = [tag for sentence in train for tag in sentence.tags]
    return TaggedTestSet(sentences, training_tags(words, tags))


def flat(rows: Sequence[Sequence[str]]) -> list[str]:
    """All words, or all tags, of some sentences."""
    return [item for row in rows for item in row]
