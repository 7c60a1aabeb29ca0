"""Evaluate a run of `entities` on one test set; see `nlpflow.tasks.labelling`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlpflow.runs.run import load_run
from nlpflow.tasks.labelling.entity_scoring import EntityScoring
from nlpflow.tasks.labelling.evaluation import evaluate_labeller
from nlpflow.text.tag_schemes import Scheme


def evaluate(
    run: Path, prepared: Path, split: str, settings: Mapping[str, Any], folder: Path
) -> None:
    """Write scores, predictions and tables into `folder`, see `evaluate_labeller`."""
    scheme: Scheme = load_run(run)[0].settings["model"]["scheme"]
    evaluate_labeller(run, prepared, split, settings, folder, EntityScoring(scheme), scheme)
