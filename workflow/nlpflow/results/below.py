"""Finds the experiments that score worse than a baseline on the same data."""

from collections.abc import Mapping, Sequence

import pandas as pd

COLUMNS = ["experiment", "test_set", "metric", "mean", "baseline", "baseline_mean"]


def below_baselines(
    summary: pd.DataFrame, datasets: Mapping[str, str], baselines: Sequence[str]
) -> pd.DataFrame:
    """One row per experiment, test set and better baseline: `COLUMNS`, worst first.

    Each task's main score decides: the one that metrics.json names first.

    Args:
        summary: the table of `nlpflow.results.comparison.summarise`
        datasets: the dataset of each experiment and baseline, by label
        baselines: the labels of the baselines
    """
    main = summary.drop_duplicates(["experiment", "test_set"])
    main = main.assign(dataset=main["experiment"].map(datasets))[
        ["experiment", "test_set", "metric", "mean", "dataset"]
    ]
    is_baseline = main["experiment"].isin(list(baselines))
    counted = main[is_baseline].rename(columns={"experiment": "baseline", "mean": "baseline_mean"})
    both = main[~is_baseline].merge(counted, on=["dataset", "test_set", "metric"])
    below = both[both["mean"] < both["baseline_mean"]]
    missing = below["baseline_mean"] - below["mean"]
    return below.loc[missing.sort_values(ascending=False, kind="stable").index, COLUMNS]


def sentences(below: pd.DataFrame) -> list[str]:
    """The rows of `below_baselines` as warnings."""
    return [
        f"{row.experiment}: {row.metric} {row.mean:.1f} on {row.test_set} is below the baseline "
        f"'{row.baseline}' ({row.baseline_mean:.1f})"
        for row in below.itertuples()
    ]
