"""Scores of many runs side by side."""

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
"""Columns of tables, but for those that are metrics, by what the report calls them."""

NO_SCORES = (
    "No run has a score: skip-gram and CBOW are measured on the lists that experiments name as "
    "`lists`, and these name none."
)


def read_scores(files: Sequence[Path], labels: Mapping[str, str]) -> pd.DataFrame:
    """A tidy table: experiment, seed, test_set, metric, value.

    Args:
        files: `.../<experiment>/seed-<n>/<test set>/metrics.json`; of a baseline, which has no
            random seed and gets 0, `.../<baseline>/<test set>/metrics.json`
        labels: the name of each experiment in tables and figures
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
    # Of no rows pandas would not know that values are numbers.
    return pd.DataFrame(rows, columns=columns).astype({"value": float})


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over the n random seeds (empty for n = 1) of each experiment."""
    groups = runs.groupby(["experiment", "test_set", "metric"], sort=False)["value"]
    return groups.agg(n="size", mean="mean", sd="std").reset_index()


def read_signatures(files: Sequence[Path]) -> pd.DataFrame:
    """What scores are measured with, where metrics.json says so: test_set, metric, signature.

    Args:
        files: as for `read_scores`
    """
    rows = [
        (file.parts[-2], metric, signature)
        for file in files
        for metric, signature in read_json(file).get("signatures", {}).items()
    ]
    return pd.DataFrame(rows, columns=["test_set", "metric", "signature"]).drop_duplicates()


def read_floors(files: Sequence[Path], labels: Mapping[str, str]) -> pd.DataFrame:
    """The runs whose dev score stayed at its floor: experiment, seed, dev score.

    Args:
        files: `.../<experiment>/seed-<n>/card.json`
        labels: as for `read_scores`
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
    """The table of means as a page; below it the differences, a star where p < 0.05.

    Args:
        compared: the table of `nlpflow.results.differences`; without rows nothing is added
        further: tables that are put below, by title
    """
    tables = {"": wide_table(summary), "Differences": differences_table(compared)}
    tables |= {title: with_names(table) for title, table in (further or {}).items()}
    return tables_page("Comparison", tables, note="" if len(summary) else NO_SCORES)


def differences_table(compared: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of experiments and test set, one column per metric, as people call it.

    A cell is the difference with its interval, and a star where p < 0.05.
    """
    if compared.empty:
        return compared
    figures = compared[["difference", "low", "high", "p"]].itertuples(index=False, name=None)
    cells = compared.assign(cell=[_difference(*found) for found in figures])
    about = ["experiment", "compared_with", "test_set", "n"]
    wide = cells.pivot(index=about, columns="metric", values="cell")
    wide = wide[list(compared["metric"].unique())].reset_index().rename_axis(columns=None)
    found = compared[about].drop_duplicates().merge(wide, on=about)  # the order of the config
    return found.rename(columns=_heading)


def _difference(difference: float, low: float, high: float, p: float) -> str:
    star = " *" if p < SIGNIFICANT else ""
    return f"{difference:+.2f} [{low:+.2f}, {high:+.2f}]{star}"


def wide_table(summary: pd.DataFrame) -> pd.DataFrame:
    """One row per experiment and test set, one column per metric, as people call it.

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
    """A table of the report with metrics and columns as people call them."""
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
