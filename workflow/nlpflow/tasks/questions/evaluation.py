"""Evaluation of a run that answers questions: scores, tables, samples, attention."""

from nlpflow.settings.questions import QuestionsExperiment
from nlpflow.tasks.interface import EvaluationJob
from nlpflow.tasks.questions.counting import COUNTINGS
from nlpflow.tasks.translation.counted import evaluate_with


def evaluate(job: EvaluationJob) -> None:
    """Evaluate a run; see `nlpflow.tasks.interface.Evaluate`."""
    evaluate_with(COUNTINGS, job, (QuestionsExperiment,))
