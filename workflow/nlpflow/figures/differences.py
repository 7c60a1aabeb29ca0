"""Differences between experiments with their intervals: zero inside one is luck, perhaps."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nlpflow.figures.comparison import PANEL_GAP, ROW
from nlpflow.figures.style import (
    BLUE,
    GREY,
    POINTS_PER_INCH,
    Style,
    add_axes,
    metric_label,
    styled,
)


def draw_differences(table: pd.DataFrame, style: Style) -> Figure:
    """Draw the differences of one metric: a panel a test set, a row a comparison, in their order.

    :param table: columns experiment, compared_with, test_set, metric, difference, low, high
    """
    (metric,) = table["metric"].unique()
    panels = [part for _, part in table.groupby("test_set", sort=False)]
    line = style.font_size / POINTS_PER_INCH
    heights = [ROW * line * len(part) for part in panels]
    width = 0.65 * style.width
    total = sum(heights) + PANEL_GAP * line * (len(panels) - 1)
    with styled(style):
        figure = Figure(figsize=(width, total))
        top = total
        for part, height in zip(panels, heights, strict=True):
            _draw_panel(add_axes(figure, 0, top - height, width, height), part)
            top -= height + PANEL_GAP * line
        for upper in figure.axes[:-1]:
            upper.sharex(figure.axes[-1])
            upper.tick_params(labelbottom=False)
        name = metric_label(str(metric))
        figure.axes[-1].set_xlabel(f"difference in {name}, with 95% interval")
    return figure


def _draw_panel(axes: Axes, table: pd.DataFrame) -> None:
    rows = range(len(table))[::-1]
    axes.axvline(0, color=GREY, linewidth=1)
    axes.hlines(rows, table["low"], table["high"], color=BLUE, linewidth=2)
    axes.plot(table["difference"], rows, linestyle="none", marker="o", color=BLUE, markersize=5)
    labels = [
        f"{one} − {other}"
        for one, other in zip(table["experiment"], table["compared_with"], strict=True)
    ]
    axes.set_yticks(rows, labels=labels)
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_title(str(table["test_set"].iloc[0]))
