"""Baselines of translation: the translation of the nearest training sentence."""

from nlpflow.tables import write_json, write_table
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.translation.counted import TrainBaseline, nearest, predicted
from nlpflow.tasks.translation.evaluation import breakdown, predictions, scored


def evaluate(job: BaselineJob) -> None:
    """Translate by look-up and score it; see `nlpflow.tasks.interface.Baseline`."""
    for found in predicted(job, BASELINES):
        write_json(found.files["metrics"], scored(found.test_set, found.outputs))
        write_table(found.files["predictions"], predictions(found.test_set, found.outputs))
        table = breakdown(found.test_set, found.outputs, found.unseen)
        write_table(found.files["breakdown"], table)


BASELINES: dict[str, TrainBaseline] = {"nearest": nearest}
