"""The protocol of a task: the signatures of the functions that its spec names.

`nlpflow.settings.tasks` is the registry of specs. The signature of a training, `Train`, is in
`nlpflow.training.run`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from nlpflow.jobs import Inputs
from nlpflow.metrics.statistics import Statistic
from nlpflow.settings.origin import origins_beside
from nlpflow.tables import file_digest

if TYPE_CHECKING:  # training and evaluation draw nothing, and matplotlib takes half a second
    from nlpflow.figures.style import Style

Files = Mapping[str, Path]
"""Paths, by the names that the task's spec gives them."""


class EvaluationJob(NamedTuple):
    """The arguments of an evaluation."""

    run: Path
    """The run's folder."""
    test_set: str
    settings: dict[str, Any]
    """The experiment's settings that affect scores and tables."""
    inputs: Inputs
    outputs: Files


def made_with(job: EvaluationJob) -> dict[str, Any]:
    """What determines an evaluation's scores besides the code; recorded in `metrics.json`."""
    files = job.inputs.named_files()
    digests = {name: file_digest(path) for name, path in files.items()}
    origins = origins_beside(files.values())
    return {"settings": job.settings, "data": digests, "origins": origins}


Evaluate = Callable[[EvaluationJob], None]
"""Evaluates a run on a test set and writes the outputs."""

Plot = Callable[[Files, Files, "Style"], None]
"""Draws the plots of a run as SVG and PNG. Arguments: its tables, the plots to write, the style."""


class BaselineJob(NamedTuple):
    """The arguments of a baseline."""

    task: str
    baseline: str
    """The key of the baseline in the task's spec."""
    dataset: dict[str, Any]
    """The settings of the dataset."""
    tables: Files
    """The prepared tables of the dataset, by name."""
    outputs: Mapping[str, Files]
    """The files to write for each test set; `tables` has its table under the same name."""


Baseline = Callable[[BaselineJob], None]
"""Trains a baseline on a dataset, evaluates it and writes the outputs."""

Statistics = Callable[[pd.DataFrame, Mapping[str, str]], dict[str, Statistic]]
"""Computes the statistics, by metric, that a comparison resamples. Arguments: the predictions of a
run, and the `comparison_settings` of its experiment merged with `measured_with` of its
metrics.json."""
