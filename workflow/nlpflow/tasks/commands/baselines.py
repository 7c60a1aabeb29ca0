"""Baselines of commands: the nearest request's command, and a parser with hand-written features."""

from nlpflow.baselines.feature_frames import FeatureFrames
from nlpflow.tasks.commands.counting import COUNTINGS
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.translation.counted import (
    Predict,
    Strings,
    TrainBaseline,
    evaluate_baseline,
    nearest,
)


def evaluate(job: BaselineJob) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`."""
    evaluate_baseline(COUNTINGS, job, BASELINES)


def features(sources: Strings, targets: Strings) -> Predict:
    """An intent and slots from hand-written features."""
    return FeatureFrames(sources, targets).predict


BASELINES: dict[str, TrainBaseline] = {"nearest": nearest, "features": features}
