"""Baselines of chat: the most frequent response, and that of the nearest context."""

from nlpflow.tasks.chat.evaluation import write_scores
from nlpflow.tasks.commands.baselines import nearest
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.questions.baselines import fixed
from nlpflow.tasks.translation.counted import TrainBaseline, predicted


def evaluate(job: BaselineJob) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`."""
    for found in predicted(job, BASELINES):
        known = {word for source in found.sources for word in source.split()}
        unseen = [
            sum(word not in known for word in text.split()) for text in found.test_set.sources
        ]
        write_scores(found.files, found.test_set, found.outputs, unseen, {}, {})


BASELINES: dict[str, TrainBaseline] = {"fixed": fixed, "nearest": nearest}
