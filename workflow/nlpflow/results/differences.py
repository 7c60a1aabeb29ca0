"""Differences between experiments with interval and p value, from what their runs predicted."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlpflow.errors import UserError
from nlpflow.metrics.labelling import sentence_accuracies
from nlpflow.metrics.significance import (
    Aggregate,
    accuracy_aggregate,
    f1_aggregate,
    paired_bootstrap,
)
from nlpflow.metrics.spans import count_spans
from nlpflow.metrics.translation_statistics import (
    bleu_aggregate,
    bleu_statistics,
    chrf_aggregate,
    chrf_statistics,
    exact_statistics,
)
from nlpflow.settings.comparisons import Comparison
from nlpflow.tables import read_json
from nlpflow.text.tag_schemes import Scheme

RESAMPLING_SEED = 1
"""One for all comparisons: those on one test set have the same resamples."""

REFERENCES = " ||| "
"""What stands between the references of a sentence in a table of predictions."""

COLUMNS = ["experiment", "compared_with", "test_set", "metric", "n"]
COLUMNS += ["difference", "low", "high", "p"]

AGGREGATES: dict[str, Aggregate] = {
    "bleu": bleu_aggregate,
    "chrf2": chrf_aggregate,
    "exact": accuracy_aggregate,
    "accuracy": accuracy_aggregate,
    "f1": f1_aggregate,
}
SENTENCES = {
    "translation": ["source", "references"],
    "tagging": ["sentence", "word"],
    "entities": ["sentence", "word"],
    "language_id": ["raw", "language"],
}
"""The columns of predictions.tsv that runs on the same sentences have in common, by task."""


class Scored(NamedTuple):
    """One run on one test set."""

    sentences: pd.DataFrame
    statistics: dict[str, NDArray[np.int64]]
    """(sentences, statistics), by the metric's name in metrics.json."""


def differences(
    task: str,
    pairs: Sequence[Comparison],
    results: Path,
    labels: Mapping[str, str],
    schemes: Mapping[str, Scheme],
) -> pd.DataFrame:
    """A row a comparison, test set and metric: the columns are `COLUMNS`, n the random seeds.

    Raises UserError if two runs were scored on different sentences.

    :param results: the folder with the task's runs
    :param labels: the name of each experiment in tables and figures
    :param schemes: of the tags that each experiment on entities predicts
    """

    @cache
    def scored(experiment: str, seed: int, test_set: str) -> Scored:
        folder = results / experiment / f"seed-{seed}" / test_set
        return read_scored(task, folder, schemes.get(experiment))

    rows = []
    for pair in pairs:
        names = pair.experiment, pair.compared_with
        for test_set in pair.test_sets:
            runs = [[scored(name, seed, test_set) for seed in pair.seeds] for name in names]
            first = runs[0][0]
            if any(not run.sentences.equals(first.sentences) for part in runs for run in part):
                raise UserError(
                    f"{' and '.join(names)}: scored on different sentences of '{test_set}'; "
                    "evaluate both again"
                )
            about = (*(labels[name] for name in names), test_set)
            for metric in first.statistics:
                one, other = (np.stack([run.statistics[metric] for run in part]) for part in runs)
                aggregate = AGGREGATES[metric.removesuffix("_normalised")]
                found = paired_bootstrap(one, other, aggregate, RESAMPLING_SEED)
                rows.append((*about, metric, len(pair.seeds), *found))
    return pd.DataFrame(rows, columns=COLUMNS)


def read_scored(task: str, folder: Path, scheme: Scheme | None) -> Scored:
    """The sentences and their statistics of a run's predictions.tsv.

    :param scheme: of the tags, for task `entities`
    """
    table = pd.read_csv(folder / "predictions.tsv", sep="\t", keep_default_na=False, dtype=str)
    statistics = _statistics(task, table, scheme)
    scores = read_json(folder / "metrics.json")["scores"]
    named = {
        name if name in scores else f"{name}_normalised": part for name, part in statistics.items()
    }
    return Scored(table[SENTENCES[task]], named)


def _statistics(
    task: str, table: pd.DataFrame, scheme: Scheme | None
) -> dict[str, NDArray[np.int64]]:
    if task == "translation":
        outputs = table["output"].tolist()
        references = [text.split(REFERENCES) for text in table["references"]]
        return {
            "bleu": bleu_statistics(outputs, references),
            "chrf2": chrf_statistics(outputs, references),
            "exact": exact_statistics(outputs, references),
        }
    if task == "language_id":
        right = (table["language"] == table["answer"]).to_numpy(np.int64)
        return {"accuracy": np.column_stack([right, np.ones_like(right)])}
    sentences = table.groupby("sentence", sort=False)
    gold, predicted = (sentences[column].agg(list).tolist() for column in ("gold", "predicted"))
    if scheme is None:
        return {"accuracy": sentence_accuracies(gold, predicted)}
    return {"f1": count_spans(gold, predicted, scheme).counts.sum(axis=1)}
