"""Baselines of chat: the most frequent response, and that of the nearest context."""

from nlpflow.tasks.chat.evaluation import write_scores
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.questions.baselines import fixed
from nlpflow.tasks.translation.counted import TrainBaseline, nearest, predicted


def evaluate(job: BaselineJob) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`."""
    for found in predicted(job, BASELINES):
        write_scores(found.files, found.test_set, found.outputs, found.unseen, {}, {})


BASELINES: dict[str, TrainBaseline] = {"fixed": fixed, "nearest": nearest}
