"""Plot that compares the scores of experiments, with one point per random seed.

A mean alone would hide how much the seeds differ.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nlpflow.errors import UserError
from nlpflow.figures.fonts import in_order
from nlpflow.figures.panels import PANEL_GAP, stack_panels
from nlpflow.figures.style import (
    BLUE,
    GREY,
    POINTS_PER_INCH,
    VERMILION,
    Style,
    styled,
)
from nlpflow.metrics.names import lower_is_better, metric_heading

FEWEST_FOR_DEVIATION = 5  # fewest seeds for which a standard deviation is drawn


def compare_runs(table: pd.DataFrame, metric: str, style: Style) -> Figure:
    """Plot one metric of many runs, with one panel per test set and one row per experiment.

    Rows are sorted with the best mean on top. Each has one point per seed and a tick at the mean.
    From five seeds on, a bar shows one standard deviation (n - 1) to either side.

    Args:
        table: columns experiment, seed, test_set, metric and value, one row per score
        metric: the metric to plot
        style: width and fonts

    Raises:
        UserError: the table lacks the metric
        ValueError: a value is missing, or a run occurs twice
    """
    values = _values_of(table, metric)
    lowest_on_top = lower_is_better(metric)
    panels = [part for _, part in values.groupby("test_set", sort=False)]
    rows = [part["experiment"].nunique() for part in panels]

    def draw(axes: Axes, number: int) -> None:
        _draw_panel(axes, panels[number], style, lowest_on_top)

    with styled(style):
        figure = stack_panels(rows, style, draw)
        figure.axes[-1].margins(x=0.06)
        figure.axes[-1].set_xlabel(metric_heading(metric))
        line = style.font_size / POINTS_PER_INCH
        most = values.groupby(["test_set", "experiment"]).size().max()
        figure.legend(
            handles=_key(with_deviation=most >= FEWEST_FOR_DEVIATION),
            loc="upper center",
            bbox_to_anchor=(0.5, -PANEL_GAP * line / figure.get_figheight()),
            ncols=3,
            handletextpad=0.8,
        )
    return figure


def _values_of(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    values = table[table["metric"] == metric]
    if values.empty:
        known = ", ".join(sorted(table["metric"].unique())) or "none"
        raise UserError(f"comparison: no run has the metric '{metric}'; the runs have: {known}")
    if values["value"].isna().any():
        raise ValueError(f"comparison: some values of {metric} are missing")
    run = ["experiment", "seed", "test_set"]
    if values.duplicated(run).any():
        twice = values.loc[values.duplicated(run), run].iloc[0].tolist()
        raise ValueError(f"comparison: {metric} of {twice} is in the table more than once")
    return values


def _draw_panel(axes: Axes, values: pd.DataFrame, style: Style, lowest_on_top: bool) -> None:
    """Draw the rows of one test set, with the mean as a number at the right."""
    groups = values.groupby("experiment", sort=True)["value"]
    means = groups.mean().sort_values(kind="stable", ascending=not lowest_on_top)
    decimals = 2 if values["value"].abs().max() > 1 else 4  # per cent, or a share of 1
    labels = []
    for row, (experiment, mean) in enumerate(means.items()):
        seeds = groups.get_group(experiment)
        many = len(seeds) >= FEWEST_FOR_DEVIATION
        if many:
            spread = seeds.std(ddof=1)
            axes.plot(
                [mean - spread, mean + spread],
                [row, row],
                color=BLUE,
                linewidth=9,
                alpha=0.35,
                solid_capstyle="butt",
            )
        axes.plot(
            seeds,
            [row] * len(seeds),
            linestyle="none",
            marker="o",
            color=BLUE,
            markersize=5,
            markeredgewidth=0,
            alpha=0.35 if many else 0.65,
        )
        axes.plot(
            [mean],
            [row],
            linestyle="none",
            marker="|",
            color=VERMILION,
            markersize=style.font_size * 1.3,
            markeredgewidth=2,
        )
        axes.annotate(
            f"{mean:.{decimals}f}",
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
        labels.append(in_order(str(experiment), f" (n={len(seeds)})"))
    axes.set_yticks(range(len(labels)), labels=labels)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_title(str(values["test_set"].iloc[0]))
    axes.annotate(
        "mean",
        (1, 1),
        xycoords="axes fraction",
        xytext=(6, 4),
        textcoords="offset points",
        color=GREY,
    )


def _key(with_deviation: bool) -> list[Line2D]:
    key = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            color=BLUE,
            alpha=0.65,
            markersize=5,
            markeredgewidth=0,
            label="one seed",
        ),
        Line2D(
            [],
            [],
            linestyle="none",
            marker="|",
            color=VERMILION,
            markersize=12,
            markeredgewidth=2,
            label="mean",
        ),
    ]
    if with_deviation:
        key.append(
            Line2D([], [], color=BLUE, linewidth=9, alpha=0.35, label="± 1 standard deviation")
        )
    return key
