"""Plot of a score against the size of the networks or the time of their training."""

import math
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from nlpflow.figures.style import BLUE, GREY, POINTS_PER_INCH, VERMILION, Style, styled
from nlpflow.metrics.names import lower_is_better, metric_heading

COSTS = {"parameters": "parameters", "minutes": "minutes of training"}
"""The names of costs on the axis."""
Cost = Literal["parameters", "minutes"]


def trade_off(table: pd.DataFrame, metric: str, cost: Cost, style: Style) -> Figure:
    """Plot the mean score of each experiment against its mean cost, on a logarithmic axis.

    A line joins the experiments on the Pareto front: no other one costs at most as much and has at
    least the same score. Points are numbered by cost, and a list beside the plot names them.

    Args:
        table: columns experiment, seed, value and the cost, one row per run on one test set
        metric: what `value` is
        cost: a key of `COSTS`
        style: width and fonts

    Raises:
        ValueError: the table is empty
    """
    if table.empty:
        raise ValueError("there are no runs to draw")
    grouped = table.groupby("experiment", sort=True)
    points = pd.DataFrame(
        {
            "cost": grouped[cost].mean(),
            "mean": grouped["value"].mean(),
            "sd": grouped["value"].std(ddof=1).fillna(0),
        }
    ).sort_values("cost", kind="stable")
    front = points[on_front(points, lower_is_better(metric))]
    with styled(style):
        figure = Figure(figsize=(style.width, 0.62 * style.width), layout="constrained")
        axes = figure.subplots()
        axes.plot(front["cost"], front["mean"], color=VERMILION, linewidth=1.2, zorder=1)
        axes.errorbar(
            points["cost"],
            points["mean"],
            points["sd"],
            linestyle="none",
            marker="o",
            markersize=5,
            color=BLUE,
            ecolor=GREY,
            elinewidth=0.8,
            zorder=2,
        )
        for number, (at, mean) in enumerate(points[["cost", "mean"]].to_numpy(), start=1):
            offset = 0.45 * style.font_size
            axes.annotate(
                str(number), (at, mean), xytext=(offset, offset), textcoords="offset points"
            )
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
        ticks = _ticks(points["cost"].min(), points["cost"].max())
        axes.set_xticks(ticks, labels=[_shown(tick) for tick in ticks])
        axes.margins(x=0.1, y=0.12)
        axes.grid(visible=True)
        axes.set_xlabel(COSTS[cost])
        axes.set_ylabel(metric_heading(metric))
        names = [f"{number}  {name}" for number, name in enumerate(points.index, start=1)]
        line = style.font_size / POINTS_PER_INCH / figure.get_figwidth()
        figure.text(1 + line, 0.98, "\n".join(names), va="top", linespacing=1.4)
    return figure


def on_front(points: pd.DataFrame, lower_wins: bool) -> list[bool]:
    """Whether each point is on the Pareto front.

    Args:
        points: columns cost and mean
        lower_wins: whether a smaller mean is better
    """
    sign = -1 if lower_wins else 1
    pairs = [(cost, sign * mean) for cost, mean in points[["cost", "mean"]].to_numpy()]
    return [
        not any(
            other_cost <= cost and other >= mean and (other_cost, other) != (cost, mean)
            for other_cost, other in pairs
        )
        for cost, mean in pairs
    ]


def _ticks(least: float, most: float) -> list[float]:
    """Round numbers between two costs; the costs themselves if there are not two."""
    multiples = (1, 2, 5) if most < 100 * least else (1,)
    powers = range(math.floor(math.log10(least)), math.floor(math.log10(most)) + 1)
    ticks = [multiple * 10.0**power for power in powers for multiple in multiples]
    between = [tick for tick in ticks if least <= tick <= most]
    return between if len(between) > 1 else [least, most]


def _shown(value: float) -> str:
    """A number of parameters or minutes with at most three digits."""
    for size, name in ((999_500, "M"), (999.5, "k")):
        if value >= size:
            return _digits(value / (1e6 if name == "M" else 1e3)) + name
    return _digits(value)


def _digits(value: float) -> str:
    """A number below 1,000 with three digits, without zeros at its end."""
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
