"""What tagging and entities measure each in its own way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import pandas as pd

from nlpflow.metrics.labelling import training_tags
from nlpflow.prepare.tagged import Sentence

Tags = Sequence[Sequence[str]]
"""Of sentences."""


class TestSet(NamedTuple):
    """Sentences to score on, with what was known of their words in training."""

    sentences: Sequence[Sentence]
    training: Mapping[str, Counter[str]]
    """How often each training word bears each tag."""


class Report(NamedTuple):
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

    def report(self, test_set: TestSet, predicted: Tags) -> Report:
        """Everything that is measured on a test set."""
        ...


def read_test_set(sentences: Sequence[Sentence], train: Sequence[Sentence]) -> TestSet:
    """A test set with the words of its training set."""
    words = [word for sentence in train for word in sentence.words]
    tags = [tag for sentence in train for tag in sentence.tags]
    return TestSet(sentences, training_tags(words, tags))


def flat(rows: Sequence[Sequence[str]]) -> list[str]:
    """All words, or all tags, of some sentences."""
    return [item for row in rows for item in row]
