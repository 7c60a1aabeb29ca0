"""What is needed to plot scores against the size of networks and the time of their training."""

from collections.abc import Iterator, Sequence

import pandas as pd

from nlpflow.figures.trade_off import Cost
from nlpflow.metrics.names import base_of
from nlpflow.results.cards import Cards

FEWEST = 3
"""Experiments with different costs for which a plot is drawn."""


def trade_offs(
    runs: pd.DataFrame, cards: Cards, headline: Sequence[str]
) -> Iterator[tuple[Cost, str, pd.DataFrame]]:
    """The cost, the metric and the table of each plot.

    The metric is the first of the headline that runs have, on their first test set.

    Args:
        runs: columns experiment, seed, test_set, metric and value
        cards: of the runs; baselines have none
        headline: the metrics of the report's first page
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
    names: tuple[Cost, Cost] = ("parameters", "minutes")
    for cost in names:
        if table.groupby("experiment")[cost].mean().round(6).nunique() >= FEWEST:
            yield cost, metrics[0], table
