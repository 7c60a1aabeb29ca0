"""Baselines of chat: the most frequent response, and that of the nearest context."""

from nlpflow.tasks.chat.evaluation import write_scores
from nlpflow.tasks.chat.retrieval import recall_of_outputs
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.questions.baselines import fixed
from nlpflow.tasks.translation.counted import TrainBaseline, nearest, predicted


def evaluate(job: BaselineJob) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`."""
    for found in predicted(job, BASELINES):
        recall = recall_of_outputs(found.outputs, found.test_set.references, found.targets)
        write_scores(found.files, found.test_set, found.outputs, found.unseen, recall, {})


BASELINES: dict[str, TrainBaseline] = {"fixed": fixed, "nearest": nearest}
