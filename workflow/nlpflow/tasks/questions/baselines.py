"""Baselines of questions: one fixed answer, one for each beginning, the nearest question's."""

from collections import Counter
from collections.abc import Sequence

from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.questions.counting import COUNTINGS
from nlpflow.tasks.translation.counted import (
    Predict,
    Strings,
    TrainBaseline,
    evaluate_baseline,
    nearest,
)

BEGINNING = 2
"""Words of a question that decide its answer."""


def evaluate(job: BaselineJob) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`."""
    evaluate_baseline(COUNTINGS, job, BASELINES)


def fixed(questions: Strings, answers: Strings) -> Predict:
    """The most frequent answer, whatever the question."""
    answer = _most_frequent(answers)
    return lambda sentences: [answer] * len(sentences)


def by_beginning(questions: Strings, answers: Strings) -> Predict:
    """The most frequent answer to questions with the same first words."""
    found: dict[tuple[str, ...], list[str]] = {}
    for question, answer in zip(questions, answers, strict=True):
        found.setdefault(_beginning(question), []).append(answer)
    best = {beginning: _most_frequent(those) for beginning, those in found.items()}
    rest = _most_frequent(answers)
    return lambda sentences: [best.get(_beginning(text), rest) for text in sentences]


def _beginning(question: str) -> tuple[str, ...]:
    return tuple(question.lower().split()[:BEGINNING])


def _most_frequent(answers: Sequence[str]) -> str:
    """The most frequent answer; of equally frequent ones the first by code point."""
    counts = Counter(answers)
    return min(counts, key=lambda answer: (-counts[answer], answer))


BASELINES: dict[str, TrainBaseline] = {
    "fixed": fixed,
    "beginning": by_beginning,
    "nearest": nearest,
}
