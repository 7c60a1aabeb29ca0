"""Finds the experiments that score worse than a baseline on the same data."""

from collections.abc import Mapping, Sequence

import pandas as pd

from nlpflow.metrics.names import base_of, lower_is_better, metric_label

COLUMNS = ["experiment", "test_set", "metric", "mean", "baseline", "baseline_mean"]


def below_baselines(
    summary: pd.DataFrame,
    datasets: Mapping[str, str],
    baselines: Sequence[str],
    headline: Sequence[str],
) -> pd.DataFrame:
    """One row per experiment, test set and better baseline: `COLUMNS`, worst first.

    The first metric of the headline that both have decides.

    Args:
        summary: the table of `nlpflow.results.comparison.summarise`
        datasets: the dataset of each experiment and baseline, by label
        baselines: the labels of the baselines
        headline: the metrics of the report's first page, the most important one first
    """
    ranks = {name: rank for rank, name in enumerate(headline)}
    table = summary[["experiment", "test_set", "metric", "mean"]].assign(
        dataset=summary["experiment"].map(datasets),
        rank=summary["metric"].map(lambda metric: ranks.get(base_of(metric))),
    )
    table = table[table["rank"].notna()]
    is_baseline = table["experiment"].isin(list(baselines))
    counted = table[is_baseline].rename(columns={"experiment": "baseline", "mean": "baseline_mean"})
    both = table[~is_baseline].merge(counted, on=["dataset", "test_set", "metric", "rank"])
    both = both.sort_values("rank", kind="stable")
    both = both.drop_duplicates(["experiment", "test_set", "baseline"])
    signs = both["metric"].map(lambda metric: -1.0 if lower_is_better(metric) else 1.0)
    missing = (both["baseline_mean"] - both["mean"]) * signs.astype(float)
    worst_first = missing[missing > 0].sort_values(ascending=False, kind="stable")
    return both.loc[worst_first.index, COLUMNS].reset_index(drop=True)


def sentences(below: pd.DataFrame) -> list[str]:
    """The rows of `below_baselines` as warnings."""
    return [
        f"{row.experiment}: {metric_label(str(row.metric))} {row.mean:.1f} on {row.test_set} is "
        f"worse than that of the baseline '{row.baseline}' ({row.baseline_mean:.1f})"
        for row in below.itertuples()
    ]
