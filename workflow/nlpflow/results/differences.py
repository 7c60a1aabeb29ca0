"""Differences between experiments with intervals and p values, from their runs' predictions."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from nlpflow.errors import UserError
from nlpflow.metrics.significance import paired_bootstrap
from nlpflow.metrics.statistics import Statistic
from nlpflow.settings.comparisons import Comparison
from nlpflow.tables import read_json, read_texts
from nlpflow.tasks.interface import Statistics

RESAMPLING_SEED = 1
"""The random seed of all comparisons, so that those on one test set use the same resamples."""

DIFFERENCE_COLUMNS = ["experiment", "compared_with", "test_set", "metric", "n"]
DIFFERENCE_COLUMNS += ["difference", "low", "high", "p"]


class Scored(NamedTuple):
    """The statistics of one run on one test set."""

    sentences: pd.DataFrame
    """The sentences of the test set, to check that two runs have the same."""
    statistics: dict[str, Statistic]
    """The statistics of each metric, by its name in metrics.json."""
    measured_with: dict[str, str]
    """What affects the scores besides sentences and outputs, such as the tokeniser."""


Read = Callable[[str, int, str], Scored]
"""Reads a run's predictions. Arguments: experiment, random seed, test set."""


def differences(pairs: Sequence[Comparison], labels: Mapping[str, str], read: Read) -> pd.DataFrame:
    """One row per comparison, test set and metric, with the columns `DIFFERENCE_COLUMNS`.

    The column `n` is the number of random seeds that both experiments have.

    Args:
        labels: the name of each experiment in tables and plots

    Raises:
        UserError: two runs were scored on different sentences
    """
    rows = []
    for pair in pairs:
        names = pair.experiment, pair.compared_with
        for test_set in pair.test_sets:
            runs = [[read(name, seed, test_set) for seed in pair.seeds] for name in names]
            first = runs[0][0]
            if any(not run.sentences.equals(first.sentences) for part in runs for run in part):
                raise UserError(
                    f"{' and '.join(names)}: scored on different sentences of '{test_set}'; "
                    "evaluate both again"
                )
            about = (*(labels[name] for name in names), test_set)
            if any(run.measured_with != first.measured_with for part in runs for run in part):
                raise UserError(
                    f"{' and '.join(names)}: scores of '{test_set}' were measured with different "
                    "tokenizers; evaluate both again"
                )
            for metric, (_, aggregate) in first.statistics.items():
                one, other = (
                    np.stack([run.statistics[metric].sentences for run in part]) for part in runs
                )
                found = paired_bootstrap(one, other, aggregate, RESAMPLING_SEED)
                rows.append((*about, metric, len(pair.seeds), *found))
    return pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS)


def predictions_of(
    files: Sequence[Path],
    columns: Sequence[str],
    statistics: Statistics,
    settings: Mapping[str, Mapping[str, str]],
) -> Read:
    """A function that reads predictions; each file is read once, on first use.

    Args:
        files: `.../<experiment>/seed-<n>/<test set>/predictions.tsv`, each beside a metrics.json;
            for a baseline, which has no random seed, `.../<baseline>/<test set>/predictions.tsv`
        columns: those that runs on the same sentences have in common
        settings: `comparison_settings` of each experiment that has any
    """
    by_run: dict[tuple[str, ...], Path] = {}
    for file in files:
        run = file.parts[-4:-1]
        by_run[run if run[1].startswith("seed-") else run[1:]] = file

    @cache
    def read(experiment: str, seed: int, test_set: str) -> Scored:
        file = by_run.get((experiment, f"seed-{seed}", test_set)) or by_run[experiment, test_set]
        table = read_texts(file)
        metrics = read_json(file.with_name("metrics.json"))
        measured_with = metrics.get("measured_with", {})
        found = statistics(table, {**settings.get(experiment, {}), **measured_with})
        named = {
            name if name in metrics["scores"] else f"{name}_normalised": part
            for name, part in found.items()
        }
        return Scored(table[list(columns)], named, measured_with)

    return read
