"""Baselines of `entities`; see `nlpflow.tasks.labelling`."""

from pathlib import Path

from nlpflow.tasks.labelling.baselines import evaluate_baseline
from nlpflow.tasks.labelling.entity_scoring import EntityScoring


def evaluate(kind: str, prepared: Path, folders: dict[str, Path]) -> None:
    """Train a baseline and write its scores and tables for each split, see `evaluate_baseline`."""
    evaluate_baseline(kind, prepared, folders, EntityScoring("IOB2"))
