"""The protocol of a task: what the functions that its spec names are asked for.

`nlpflow.settings.tasks` is the registry of specs; `Train` is in `nlpflow.training.run`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from nlpflow.figures.style import Style
from nlpflow.jobs import Inputs
from nlpflow.metrics.statistics import Statistic
from nlpflow.settings.origin import origins_beside
from nlpflow.tables import file_digest

Files = Mapping[str, Path]
"""By the names that the task's spec gives them."""


class EvaluationJob(NamedTuple):
    """What the workflow asks of a task's evaluation."""

    run: Path
    """The run's folder."""
    test_set: str
    settings: dict[str, Any]
    """Those of the experiment that change scores and tables."""
    inputs: Inputs
    outputs: Files


def made_with(job: EvaluationJob) -> dict[str, Any]:
    """What the scores of an evaluation depend on beside the code: to be kept in `metrics.json`."""
    files = job.inputs.named_files()
    digests = {name: file_digest(path) for name, path in files.items()}
    origins = origins_beside(files.values())
    return {"settings": job.settings, "data": digests, "origins": origins}


Evaluate = Callable[[EvaluationJob], None]
"""Scores a run on a test set and writes the outputs."""

Plot = Callable[[Files, Files, Style], None]
"""Draws the plots (second) of a run from its tables (first), each as SVG and PNG."""

Baseline = Callable[[str, str, Files, Mapping[str, Files]], None]
"""Trains a task's baseline on a dataset and scores it: task, baseline, the dataset's tables by
split, and what to write by split."""

Statistics = Callable[[pd.DataFrame, Mapping[str, str]], dict[str, Statistic]]
"""What resampling the sentences of a run's predictions needs, by metric; the second argument is
`comparison_settings` of the experiment, and what metrics.json says under `measured_with`."""
