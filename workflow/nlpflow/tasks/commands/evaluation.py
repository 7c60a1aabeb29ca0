"""Evaluation of a run whose output is a command: scores, tables, samples, attention."""

from nlpflow.settings.commands import BashExperiment, FramesExperiment
from nlpflow.tasks.commands.counting import COUNTINGS
from nlpflow.tasks.interface import EvaluationJob
from nlpflow.tasks.translation.counted import evaluate_with


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a run of `bash` or `frames`; see `nlpflow.tasks.interface.Evaluate`."""
    evaluate_with(COUNTINGS, job, (BashExperiment, FramesExperiment))
