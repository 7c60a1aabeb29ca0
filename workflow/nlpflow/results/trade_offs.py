"""What is needed to plot scores against the size of networks and the time of their training."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from nlpflow.figures.trade_off import Cost
from nlpflow.metrics.names import ON, base_of
from nlpflow.results.cards import Cards
from nlpflow.tables import read_json

FEWEST = 3
"""Experiments with different costs for which a plot is drawn."""


def trade_offs(
    runs: pd.DataFrame, cards: Cards, headline: Sequence[str], tested_on: Mapping[str, str]
) -> Iterator[tuple[Cost, str, pd.DataFrame]]:
    """The cost, the name (see `nlpflow.metrics.names.plot_label`) and the table of each plot.

    The metric is the first of the headline that runs have, on their first test set. Experiments
    with other test data are in other plots, because their scores are not comparable.

    Args:
        runs: columns experiment, seed, test_set, metric and value
        cards: of the runs; baselines have none
        headline: the metrics of the report's first page
        tested_on: the test data of each experiment, by label, see `data_of_tests`
    """
    costs = pd.DataFrame(
        [
            {
                "experiment": card["label"],
                "seed": card["seed"],
                "parameters": card["parameters"],
                "minutes": card["seconds"] / 60,
            }
            for card in cards.values()
        ]
    )
    present = dict.fromkeys(runs["metric"])
    metrics = [metric for name in headline for metric in present if base_of(metric) == name]
    if costs.empty or not metrics:
        return
    scored = runs[(runs["metric"] == metrics[0]) & (runs["test_set"] == runs["test_set"].iloc[0])]
    scored = scored[scored["experiment"].isin(costs["experiment"])]
    table = scored.astype({"seed": "int64"}).merge(costs, on=["experiment", "seed"])
    parts = list(table.groupby(table["experiment"].map(tested_on), sort=False))
    names: tuple[Cost, Cost] = ("parameters", "minutes")
    for cost in names:
        for data, part in parts:
            if part.groupby("experiment")[cost].mean().round(6).nunique() >= FEWEST:
                where = f"{ON}{data}" if len(parts) > 1 else ""
                yield cost, f"{cost}_{metrics[0]}{where}", part.drop(columns="test_set")


def data_of_tests(
    files: Sequence[Path], labels: Mapping[str, str], datasets: Mapping[str, str]
) -> dict[str, str]:
    """The test data of each experiment: the first dataset in order that has the same test set.

    Datasets that differ only in their training pairs have equal test sets.

    Args:
        files: `.../<experiment>/seed-<n>/<test set>/metrics.json` of the runs
        labels: the name of each experiment
        datasets: the dataset of each experiment, by label
    """
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for file in files:
        *_, experiment, seed, _, _ = file.parts
        label = labels.get(experiment)
        if label is None or label in found or not seed.startswith("seed-"):
            continue
        digest = read_json(file).get("data", {}).get("table", "")
        found[label] = first.setdefault(digest, datasets[label])
    return found
