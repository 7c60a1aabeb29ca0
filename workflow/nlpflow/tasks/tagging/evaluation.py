"""Evaluate a run of `tagging` on one test set; see `nlpflow.tasks.labelling`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlpflow.tasks.labelling.evaluation import evaluate_labeller
from nlpflow.tasks.labelling.tag_scoring import TagScoring


def evaluate(
    run: Path, prepared: Path, split: str, settings: Mapping[str, Any], folder: Path
) -> None:
    """Write scores, predictions and tables into `folder`, see `evaluate_labeller`."""
    evaluate_labeller(run, prepared, split, settings, folder, TagScoring(), None)
