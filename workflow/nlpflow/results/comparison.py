"""Tables that compare the scores of runs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from nlpflow.metrics.names import metric_heading, metric_label
from nlpflow.results.markup import tables_page
from nlpflow.tables import read_json

SIGNIFICANT = 0.05
"""Differences with a smaller p value are marked."""

COLUMN_NAMES = {"test_set": "test set", "compared_with": "compared with", "seed": "random seed"}
"""The headings in the report of columns that are not metrics, by column of the table."""

NO_SCORES = (
    "No run has a score: skip-gram and CBOW are evaluated only on test lists, and none of these "
    "experiments names any (`lists`)."
)


def read_scores(files: Sequence[Path], labels: Mapping[str, str]) -> pd.DataFrame:
    """Read the scores of runs and baselines.

    Args:
        files: `.../<experiment>/seed-<n>/<test set>/metrics.json` of a run;
            `.../<baseline>/<test set>/metrics.json` of a baseline
        labels: the name of each experiment in tables and plots

    Returns:
        one row per score, with columns experiment, seed (0 for a baseline), test_set, metric and
        value
    """
    rows = []
    for file in files:
        *_, experiment, seed, test_set, _ = file.parts
        if not seed.startswith("seed-"):
            experiment, seed = seed, "seed-0"
        for metric, value in json.loads(file.read_text(encoding="utf-8"))["scores"].items():
            rows.append(
                {
                    "experiment": labels[experiment],
                    "seed": int(seed.removeprefix("seed-")),
                    "test_set": test_set,
                    "metric": metric,
                    "value": value,
                }
            )
    columns = ["experiment", "seed", "test_set", "metric", "value"]
    # Without rows pandas does not know that the values are numbers.
    return pd.DataFrame(rows, columns=columns).astype({"value": float})


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation of each experiment's scores over random seeds.

    Returns:
        columns experiment, test_set, metric, n (number of random seeds), mean and sd (empty for
        n = 1)
    """
    groups = runs.groupby(["experiment", "test_set", "metric"], sort=False)["value"]
    return groups.agg(n="size", mean="mean", sd="std").reset_index()


def read_signatures(files: Sequence[Path]) -> pd.DataFrame:
    """The signatures of scores, which tell how they are measured.

    Args:
        files: as for `read_scores`

    Returns:
        columns test_set, metric and signature
    """
    rows = [
        (file.parts[-2], metric, signature)
        for file in files
        for metric, signature in read_json(file).get("signatures", {}).items()
    ]
    return pd.DataFrame(rows, columns=["test_set", "metric", "signature"]).drop_duplicates()


def read_floors(files: Sequence[Path], labels: Mapping[str, str]) -> pd.DataFrame:
    """The runs whose dev score never rose above its lowest possible value.

    Args:
        files: `.../<experiment>/seed-<n>/card.json`
        labels: as for `read_scores`

    Returns:
        columns experiment, seed and dev score
    """
    rows = []
    for file in files:
        if said := read_json(file).get("floor"):
            *_, experiment, seed, _ = file.parts
            score, _, rest = said.partition(" ")
            said = f"{metric_label(score)} {rest}"
            rows.append((labels[experiment], seed.removeprefix("seed-"), said))
    return pd.DataFrame(rows, columns=["experiment", "seed", "dev score"])


def summary_html(
    summary: pd.DataFrame, compared: pd.DataFrame, further: Mapping[str, pd.DataFrame] | None = None
) -> str:
    """An HTML page with the table of means, and below it the table of differences.

    Args:
        summary: from `summarise`
        compared: from `nlpflow.results.differences`; left out if it has no rows
        further: more tables for the end of the page, by title
    """
    tables = {"": wide_table(summary), "Differences": differences_table(compared)}
    tables |= {title: with_names(table) for title, table in (further or {}).items()}
    return tables_page("Comparison", tables, note="" if len(summary) else NO_SCORES)


def differences_table(compared: pd.DataFrame) -> pd.DataFrame:
    """The table of differences, with one row per pair of experiments and test set.

    It has one column per metric. A cell is the difference with its interval, and a star if p <
    0.05.
    """
    if compared.empty:
        return compared
    numbers = compared[["difference", "low", "high", "p"]].itertuples(index=False, name=None)
    cells = compared.assign(cell=[_difference(*found) for found in numbers])
    about = ["experiment", "compared_with", "test_set", "n"]
    wide = cells.pivot(index=about, columns="metric", values="cell")
    wide = wide[list(compared["metric"].unique())].reset_index().rename_axis(columns=None)
    found = compared[about].drop_duplicates().merge(wide, on=about)  # the order of the config
    return found.rename(columns=_heading)


def _difference(difference: float, low: float, high: float, p: float) -> str:
    star = " *" if p < SIGNIFICANT else ""
    return f"{difference:+.2f} [{low:+.2f}, {high:+.2f}]{star}"


def wide_table(summary: pd.DataFrame) -> pd.DataFrame:
    """The table of means, with one row per experiment and test set and one column per metric.

    A cell is `mean ± standard deviation`.
    """
    if summary.empty:
        return summary[["experiment", "test_set", "n"]].rename(columns=_heading)
    pairs = zip(summary["mean"], summary["sd"], strict=True)
    cells = summary.assign(cell=[score_cell(mean, sd) for mean, sd in pairs])
    wide = cells.pivot(index=["experiment", "test_set", "n"], columns="metric", values="cell")
    order = {"experiment": list(summary["experiment"].unique())}
    wide = wide.reindex(order["experiment"], level="experiment")[list(summary["metric"].unique())]
    return wide.reset_index().rename_axis(columns=None).rename(columns=_heading)


def with_names(table: pd.DataFrame) -> pd.DataFrame:
    """A table of the report with metrics and columns as people call them, and rounded means."""
    means = table.columns.intersection(["mean", "baseline_mean"])
    table = table.assign(**{column: [_rounded(mean) for mean in table[column]] for column in means})
    if "metric" in table:
        table = table.assign(metric=[metric_label(name) for name in table["metric"]])
    return table.rename(columns=_heading)


def _heading(column: str) -> str:
    return COLUMN_NAMES.get(column) or metric_heading(column)


def score_cell(mean: float, sd: float) -> str:
    """`mean ± standard deviation`; the mean alone where there is one random seed (NaN)."""
    return _rounded(mean) if pd.isna(sd) else f"{_rounded(mean)} ± {_rounded(sd, like=mean)}"


def _rounded(value: float, like: float | None = None) -> str:
    """One decimal; two more where `like` (or the value) is close to 100 per cent."""
    near = 99 < (value if like is None else like) < 100
    return f"{value:.{3 if near else 1}f}"
