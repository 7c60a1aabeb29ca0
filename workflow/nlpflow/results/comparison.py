"""Scores of many runs side by side."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from nlpflow.tables import read_json

SIGNIFICANT = 0.05
"""Differences with a smaller p value are marked."""

NO_SCORES = (
    "No run has a score: skip-gram and CBOW are measured on the lists that experiments name as "
    "<code>lists</code>, and these name none."
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


def summary_html(
    summary: pd.DataFrame, compared: pd.DataFrame, further: Mapping[str, pd.DataFrame] | None = None
) -> str:
    """The table of means as a page; below it the differences, a star where p < 0.05.

    Args:
        compared: the table of `nlpflow.results.differences`; without rows nothing is added
        further: tables that are put below, by title
    """
    tables = {"": wide_table(summary), "Differences": differences_table(compared)}
    page = html_page(tables | dict(further or {}))
    return page if len(summary) else f"{page}<p>{NO_SCORES}</p>\n"


def differences_table(compared: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of experiments and a test set, one column a metric, with interval and star."""
    if compared.empty:
        return compared
    figures = compared[["difference", "low", "high", "p"]].itertuples(index=False, name=None)
    cells = compared.assign(cell=[_difference(*found) for found in figures])
    about = ["experiment", "compared_with", "test_set", "n"]
    wide = cells.pivot(index=about, columns="metric", values="cell")
    wide = wide[list(compared["metric"].unique())].reset_index().rename_axis(columns=None)
    return compared[about].drop_duplicates().merge(wide, on=about)  # the order of the config


def _difference(difference: float, low: float, high: float, p: float) -> str:
    star = " *" if p < SIGNIFICANT else ""
    return f"{difference:+.2f} [{low:+.2f}, {high:+.2f}]{star}"


def wide_table(summary: pd.DataFrame) -> pd.DataFrame:
    """One row an experiment and test set, one column a metric; cells are `mean ± sd`."""
    if summary.empty:
        return summary[["experiment", "test_set", "n"]]
    cells = summary.assign(
        cell=[
            _rounded(mean) if pd.isna(sd) else f"{_rounded(mean)} ± {_rounded(sd, like=mean)}"
            for mean, sd in zip(summary["mean"], summary["sd"], strict=True)
        ]
    )
    wide = cells.pivot(index=["experiment", "test_set", "n"], columns="metric", values="cell")
    order = {"experiment": list(summary["experiment"].unique())}
    wide = wide.reindex(order["experiment"], level="experiment")[list(summary["metric"].unique())]
    return wide.reset_index().rename_axis(columns=None)


def html_page(tables: Mapping[str, pd.DataFrame]) -> str:
    """A page with tables under their titles; those without rows are left out."""
    parts = [f"<!DOCTYPE html>\n<meta charset='utf-8'>\n<style>{_CSS}</style>"]
    for title, table in tables.items():
        if len(table):
            parts += [f"<h2>{title}</h2>"] if title else []
            parts.append(table.to_html(index=False, na_rep="", border=0))
    return "\n".join([*parts, ""])


def _rounded(value: float, like: float | None = None) -> str:
    """One decimal; two more where `like` (or the value) is close to 100 per cent."""
    near = 99 < (value if like is None else like) < 100
    return f"{value:.{3 if near else 1}f}"


_CSS = (
    "body{font-family:sans-serif} h2{font-size:1em} table{border-collapse:collapse} "
    "th,td{padding:.3em .8em;text-align:right;border-bottom:1px solid #ccc} "
    "th:first-child,td:first-child{text-align:left}"
)
