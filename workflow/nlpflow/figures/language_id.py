"""Plots of language identification: confusions, calibration, weights of words."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, PercentFormatter, StrMethodFormatter

from nlpflow.figures.fonts import in_order
from nlpflow.figures.style import BLUE, GREY, PALETTE, POINTS_PER_INCH, SKY, Style, add_axes, styled

CELL = 2.6  # side of a cell, in lines of text


def confusion_matrix(table: pd.DataFrame, style: Style) -> Figure:
    """Plot the number of sentences by language (down) and wrong answer (across).

    Colours are shares of the language's sentences. Cells of correct answers are blank, because
    their far larger numbers would make all other colours look alike.

    Args:
        table: from `nlpflow.metrics.classification.confusions`
        style: width and fonts

    Raises:
        ValueError: the table is empty
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


def reliability(table: pd.DataFrame, error: float, style: Style) -> Figure:
    """Plot a reliability diagram: accuracy by confidence, and below it the number of answers.

    Guo et al. (2017), figure 1. On the dashed line accuracy equals confidence.

    Args:
        table: from `nlpflow.metrics.classification.calibration`
        error: the expected calibration error in per cent, for the title
        style: width and fonts

    Raises:
        ValueError: the table is empty
    """
    if table.empty:
        raise ValueError("there are no answers to draw")
    with styled(style):
        figure = Figure(figsize=(0.7 * style.width, 0.8 * style.width), layout="constrained")
        upper, lower = figure.subplots(2, sharex=True, height_ratios=[3, 1])
        upper.plot([0, 1], [0, 1], color=GREY, linestyle=(0, (4, 3)), linewidth=1)
        upper.plot(table["confidence"], table["accuracy"], color=BLUE, marker="o", markersize=4)
        upper.set_ylabel("correct answers")
        upper.set_title(f"calibration error {error:.2f} %")
        widths = table["high"] - table["low"]
        lower.bar(table["low"], table["sentences"], widths * 0.94, align="edge", color=SKY)
        lower.set_yscale("log")
        lower.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        lower.yaxis.set_minor_formatter(NullFormatter())
        lower.set_ylabel("answers")
        lower.set_xlabel("probability of the answer")
        for axes in (upper, lower):
            axes.grid(visible=True)
        upper.xaxis.set_major_formatter(PercentFormatter(1))
        upper.yaxis.set_major_formatter(PercentFormatter(1))
        upper.set_xlim(min(0.9, float(table["low"].min())), 1.02)
    return figure


ROW = 1.6  # height of a row, in lines of text


def before_and_after(table: pd.DataFrame, style: Style) -> Figure:
    """Plot the weights of words for every language: hollow before training, filled after it.

    Args:
        table: columns word, language, before and after, in the order of the plot from the top
        style: width and fonts

    Raises:
        ValueError: the table is empty
    """
    if table.empty:
        raise ValueError("there are no words to draw")
    words = list(dict.fromkeys(table["word"]))
    languages = list(dict.fromkeys(table["language"]))
    line = style.font_size / POINTS_PER_INCH
    rows = len(words) * len(languages)
    with styled(style):
        figure = Figure(figsize=(style.width, (ROW * rows + 5) * line), layout="constrained")
        axes = figure.subplots()
        for number, language in enumerate(languages):
            mine = table[table["language"] == language].set_index("word").loc[words]
            heights = np.arange(len(words)) * len(languages) + number
            colour = PALETTE[number % len(PALETTE)]
            axes.hlines(heights, mine["before"], mine["after"], color=colour, alpha=0.5)
            axes.plot(
                mine["before"],
                heights,
                linestyle="none",
                marker="o",
                color=colour,
                markerfacecolor="white",
            )
            axes.plot(mine["after"], heights, linestyle="none", marker="o", color=colour)
        labels = [in_order(word, f"  {language}") for word in words for language in languages]
        axes.set_yticks(np.arange(rows), labels=labels)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.axvline(0, color=GREY, linewidth=1, zorder=1)
        axes.grid(visible=True, axis="x")
        axes.set_xlabel("weight (hollow: before training, filled: after it)")
    return figure
