"""Plot of a training run's history: losses above, dev scores below, by epoch."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nlpflow.figures.style import GREY, PALETTE, VERMILION, Style, styled
from nlpflow.metrics.names import metric_label

PANEL_HEIGHT = 0.38  # relative to the width of the plot
MOST_MARKERS = 40  # with more epochs the markers would touch and hide the line


def training_curves(history: pd.DataFrame, style: Style) -> Figure:
    """Plot the history of one run.

    The epoch with the highest value of the first metric is marked. Lines are drawn across empty
    cells. Without metrics there is only the panel of the losses.

    Args:
        history: one row per epoch; columns epoch, train_loss, dev_loss and any dev_<metric>; other
            columns are ignored
        style: width and fonts

    Raises:
        ValueError: the history is empty
    """
    if history.empty:
        raise ValueError("the history has no epochs to draw")
    columns = [str(name) for name in history.columns]
    metrics = [name for name in columns if name.startswith("dev_") and name != "dev_loss"]
    rows = 2 if metrics else 1
    with styled(style):
        figure = Figure(
            figsize=(style.width, rows * PANEL_HEIGHT * style.width), layout="constrained"
        )
        panels: list[Axes] = list(figure.subplots(rows, sharex=True, squeeze=False)[:, 0])
        _draw_lines(panels[0], history, {"train_loss": "train", "dev_loss": "dev"}, PALETTE)
        panels[0].set_ylabel("loss")
        if metrics:
            labels = {name: metric_label(name.removeprefix("dev_")) for name in metrics}
            _draw_lines(panels[1], history, labels, PALETTE[2:] + PALETTE[:2])
            panels[1].set_ylabel("dev scores" if len(metrics) > 1 else f"dev {labels[metrics[0]]}")
            _mark_best(panels, history, metrics[0], labels[metrics[0]])
        panels[-1].set_xlabel("epoch")
        if len(history) == 1:  # matplotlib would choose ticks at fractions of an epoch
            panels[-1].set_xticks(history["epoch"])
        else:
            panels[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
            panels[-1].margins(x=0.02)
        for panel in panels:
            panel.grid(visible=True)
            panel.legend(
                loc="lower left",
                bbox_to_anchor=(0, 1),
                ncols=4,
                columnspacing=1.4,
                borderpad=0,
                borderaxespad=0.6,
            )
    return figure


def _draw_lines(
    panel: Axes, history: pd.DataFrame, labels: dict[str, str], colours: tuple[str, ...]
) -> None:
    marker = "o" if len(history) <= MOST_MARKERS else None
    for index, (column, label) in enumerate(labels.items()):
        known = history.dropna(subset=[column])
        panel.plot(
            known["epoch"],
            known[column],
            label=label,
            color=colours[index % len(colours)],
            marker=marker,
            markersize=3.5,
            linewidth=1.4,
        )


def _mark_best(panels: list[Axes], history: pd.DataFrame, metric: str, label: str) -> None:
    """Draw a line through every panel at the best epoch; of equal ones the earliest."""
    if history[metric].isna().all():
        return
    best = history.iloc[int(history[metric].argmax())]
    for panel in panels:
        panel.axvline(best["epoch"], color=GREY, linestyle=(0, (4, 3)), linewidth=1, zorder=1)
    panels[-1].plot(
        best["epoch"],
        best[metric],
        linestyle="none",
        marker="o",
        markersize=8,
        markerfacecolor="none",
        markeredgecolor=VERMILION,
        label=f"best {label}: {best[metric]:.4g} (epoch {best['epoch']:.0f})",
    )
