"""Which classes are taken for which: wrong answers as a matrix of colours."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.style import GREY, POINTS_PER_INCH, Style, add_axes, styled

CELL = 2.6  # the side of a cell in lines of text


def confusion_matrix(table: pd.DataFrame, style: Style) -> Figure:
    """Draw how many sentences of each class (down) got each wrong answer (across).

    The colour is the share of the class's sentences; right answers are left blank, because they
    would outshine everything else.
    :param table: of `nlpflow.metrics.classification.confusions`
    """
    if table.empty:
        raise ValueError("there are no answers to draw")
    truths = sorted(table["truth"].unique())
    answers = sorted(
        set(truths) | set(table["answer"]), key=lambda name: (name not in truths, name)
    )
    counts = table.pivot(index="truth", columns="answer", values="count")
    counts = counts.reindex(index=truths, columns=answers).fillna(0)
    values = counts.to_numpy(np.float64)
    shares = 100 * values / values.sum(axis=1, keepdims=True)
    right = np.eye(*values.shape, dtype=np.bool_)
    side = CELL * style.font_size / POINTS_PER_INCH
    width, height = side * len(answers), side * len(truths)
    with styled(style):
        figure = Figure(figsize=(width, height))
        axes = add_axes(figure, 0, 0, width, height)
        mesh = axes.pcolormesh(
            np.ma.array(shares, mask=right), cmap="Blues", edgecolors="white", vmin=0
        )
        axes.invert_yaxis()
        axes.set_xticks(np.arange(len(answers)) + 0.5, labels=answers, rotation=90)
        axes.set_yticks(np.arange(len(truths)) + 0.5, labels=truths)
        axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        axes.xaxis.set_label_position("top")
        axes.set_xlabel("answer", color=GREY)
        axes.set_ylabel("language", color=GREY)
        most = float(np.ma.array(shares, mask=right).max())
        for row, column in np.argwhere((values > 0) & ~right):
            dark = shares[row, column] > 0.6 * most
            axes.text(
                column + 0.5,
                row + 0.5,
                f"{values[row, column]:.0f}",
                ha="center",
                va="center",
                fontsize=0.8 * style.font_size,
                color="white" if dark else "black",
            )
        bar = figure.colorbar(mesh, ax=axes, fraction=0.05, pad=0.04)
        bar.set_label("% of the language's sentences", color=GREY)
    return figure
