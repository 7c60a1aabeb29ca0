"""Plot of the differences between experiments with their intervals."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nlpflow.figures.fonts import in_order
from nlpflow.figures.panels import stack_panels
from nlpflow.figures.style import BLUE, GREY, Style, styled
from nlpflow.metrics.names import metric_heading


def draw_differences(table: pd.DataFrame, style: Style) -> Figure:
    """Plot the differences of one metric. One panel per test set, one row per comparison.

    Args:
        table: columns experiment, compared_with, test_set, metric, difference, low and high, in the
            order of the plot
        style: width and fonts
    """
    (metric,) = table["metric"].unique()
    panels = [part for _, part in table.groupby("test_set", sort=False)]

    def draw(axes: Axes, number: int) -> None:
        _draw_panel(axes, panels[number])

    with styled(style):
        figure = stack_panels([len(part) for part in panels], style, draw)
        name = metric_heading(str(metric))
        figure.axes[-1].set_xlabel(f"difference in {name}, with 95% interval")
    return figure


def _draw_panel(axes: Axes, table: pd.DataFrame) -> None:
    rows = range(len(table))[::-1]
    axes.axvline(0, color=GREY, linewidth=1)
    axes.hlines(rows, table["low"], table["high"], color=BLUE, linewidth=2)
    axes.plot(table["difference"], rows, linestyle="none", marker="o", color=BLUE, markersize=5)
    labels = [
        in_order(one, " − ", other)
        for one, other in zip(table["experiment"], table["compared_with"], strict=True)
    ]
    axes.set_yticks(rows, labels=labels)
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_title(str(table["test_set"].iloc[0]))
