"""The held-out scores of a trained model, from the files that its evaluations have written."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from nlpflow.metrics.names import is_of_model
from nlpflow.settings.checks import checked
from nlpflow.tables import read_json

NOT_HELD_OUT = "dev"
"""The set that selects the epoch of a run."""


class Metrics(BaseModel):
    """What readers of a run need of `metrics.json`."""

    data: dict[str, Any]
    scores: dict[str, float | None]
    settings: dict[str, Any]


def metrics_of(folder: Path) -> Iterator[tuple[str, Metrics]]:
    """The sets that a run was evaluated on, and what was measured on each.

    Raises:
        UserError: a file is damaged
    """
    for file in sorted(folder.glob("*/metrics.json")):
        where = f"{file}: damaged, run the workflow again"
        yield file.parent.name, checked(Metrics, read_json(file), where)


def held_out_scores(folder: Path, weights: str) -> dict[str, dict[str, float]]:
    """The scores of a run's present weights on its test sets, by test set and metric.

    Left out are the dev set, on which the epoch was selected; scores of other weights; scores that
    are missing or not finite; and values that do not measure the model, such as the perplexity of
    the reference translations.

    Args:
        folder: of the run
        weights: SHA-256 of the weights, as in `run.json`

    Raises:
        UserError: a file is damaged
    """
    found = {}
    for test_set, metrics in metrics_of(folder):
        if test_set == NOT_HELD_OUT or metrics.data.get("weights") != weights:
            continue
        scores = {
            metric: value
            for metric, value in metrics.scores.items()
            if value is not None and math.isfinite(value) and is_of_model(metric)
        }
        if scores:
            found[test_set] = scores
    return found
