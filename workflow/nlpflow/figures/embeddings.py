"""Plots of word embeddings: map of words, scores on test lists, nearest neighbours."""

from itertools import count

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from nlpflow.figures.fonts import give_fonts, in_order, width_in_letters
from nlpflow.figures.style import (
    BLUE,
    GREY,
    POINTS_PER_INCH,
    SKY,
    VERMILION,
    Style,
    add_axes,
    styled,
)

Boxes = NDArray[np.float64]
"""Left, bottom, right and top, in points, (boxes, 4)."""

DOT = 3.0  # radius of a dot with some margin, in points
GAP = 1.0  # between names, in points
STEP = 4.0  # between the rings on which a position is searched for, in points
DIRECTIONS = 16
NO_WORDS = "the experiment names no words, or none of them occurs in the training set"
NEAR = 8.0  # in points; a name that is further from its dot is joined to it by a line


def word_map(table: pd.DataFrame, style: Style) -> Figure:
    """Plot words on a plane. Names are moved so that none covers another name or a dot.

    Args:
        table: columns word, x, y and chosen (1 for words of the settings, 0 for frequent ones); for
            an empty table the plot is a text
        style: width and fonts
    """
    with styled(style):
        figure = Figure(figsize=(style.width, 0.75 * style.width), dpi=POINTS_PER_INCH)
        axes = add_axes(figure, 0, 0, style.width, 0.75 * style.width)
        axes.set_xlim(0, style.width * POINTS_PER_INCH)
        axes.set_ylim(0, 0.75 * style.width * POINTS_PER_INCH)
        axes.axis("off")
        if table.empty:
            axes.text(0.5, 0.5, NO_WORDS, transform=axes.transAxes, ha="center", va="center")
            return figure
        dots = _stretched(table[["x", "y"]].to_numpy(np.float64), style)
        names = [
            axes.text(0, 0, word, ha="center", va="center", color=VERMILION if chosen else BLUE)
            for word, chosen in zip(table["word"], table["chosen"], strict=True)
        ]
        give_fonts(names, style.families)  # before they are measured
        renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        extents = [name.get_window_extent(renderer) for name in names]
        sizes = np.array([[box.width, box.height] for box in extents])
        middles = place_names(dots, sizes)
        edges = np.clip(dots, middles - sizes / 2, middles + sizes / 2)
        for (x, y), middle, edge, name in zip(dots, middles, edges, names, strict=True):
            name.set_position((middle[0], middle[1]))
            if np.hypot(edge[0] - x, edge[1] - y) > NEAR:
                axes.plot([x, edge[0]], [y, edge[1]], color=GREY, linewidth=0.5, zorder=0)
        colours = [name.get_color() for name in names]
        axes.scatter(dots[:, 0], dots[:, 1], s=DOT**2, color=colours, zorder=3)
    return figure


def place_names(dots: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find a position for each name on the nearest ring around its dot that has space.

    The most crowded dots come first. The result is deterministic. The rings are not bounded, so
    that there is always space.

    Args:
        dots: x and y of each dot, (words, 2)
        sizes: width and height of each name, (words, 2)

    Returns:
        x and y of the middle of each name, (words, 2)
    """
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    round_about = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    distances = np.linalg.norm(dots[:, None] - dots, axis=2)
    order = np.argsort(
        np.sort(distances, axis=1)[:, : min(5, len(dots))].sum(axis=1), kind="stable"
    )
    taken = np.concatenate([dots - DOT, dots + DOT], axis=1)
    found = np.zeros_like(dots)
    for word in order:
        half = sizes[word] / 2 + GAP
        for ring in count():
            # The ring has the shape of the name, which is then equally near in all directions.
            middles = dots[word] + round_about * (half + DOT + ring * STEP)
            boxes = np.concatenate([middles - half, middles + half], axis=1)
            free = np.flatnonzero(~covers(boxes, taken).any(axis=1))
            if len(free):
                found[word] = middles[free[0]]
                taken = np.concatenate([taken, boxes[free[:1]]])
                break
    return found


def covers(first: Boxes, second: Boxes) -> NDArray[np.bool_]:
    """Whether each of the first boxes overlaps each of the second ones, (first, second)."""
    low = np.maximum(first[:, None, :2], second[:, :2])
    high = np.minimum(first[:, None, 2:], second[:, 2:])
    return np.asarray((low < high).all(axis=2))


def _stretched(points: NDArray[np.float64], style: Style) -> NDArray[np.float64]:
    """Scale the points to the size of the plot, less a margin; in typographic points."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1)
    size = np.array([style.width, 0.75 * style.width]) * POINTS_PER_INCH
    margin = 4 * style.font_size
    return np.asarray(margin + (points - low) / span * (size - 2 * margin))


ROW = 2.0  # height of a row, in lines of text
NOTHING = "the experiment names no lists, or none of their words occurs in the training set"


def list_scores(table: pd.DataFrame, style: Style) -> Figure:
    """Plot the score of each test list as a dot on its interval.

    The sections of a list follow below it with hollow dots. A list without a score has no dot. If
    no list has one, the plot is a text.

    Args:
        table: one row per list or section; columns list, section (empty for the whole list), score
            (NaN if too few items are known), low, high, known and all
        style: width and fonts
    """
    rows = len(table)
    measured = table["score"].notna().to_numpy()
    line = style.font_size / POINTS_PER_INCH
    with styled(style):
        figure = Figure(
            figsize=(style.width, (ROW * max(1, rows) + 4) * line), layout="constrained"
        )
        axes = figure.subplots()
        for index in measured.nonzero()[0]:
            row = table.iloc[index]
            colour = SKY if row["section"] else BLUE
            axes.hlines(index, row["low"], row["high"], color=colour, linewidth=2)
            axes.plot(
                row["score"],
                index,
                marker="o",
                color=colour,
                markerfacecolor="white" if row["section"] else colour,
            )
        labels = [
            in_order(row["section"] or row["list"], f"  ({row['known']:,} of {row['all']:,})")
            for _, row in table.iterrows()
        ]
        axes.set_yticks(range(rows), labels=labels)
        axes.set_ylim(max(1, rows) - 0.5, -0.5)
        axes.axvline(0, color=GREY, linewidth=1, zorder=1)
        axes.grid(visible=True, axis="x")
        axes.set_xlabel("rank correlation × 100 (word pairs), accuracy in % (analogies)")
        if not measured.any():
            axes.text(0.5, 0.5, NOTHING, transform=axes.transAxes, ha="center", va="center")
            axes.set_xlim(0, 100)
    return figure


LINE = 1.6  # height of a line, relative to the font size
LETTER = 0.62  # mean width of a character of DejaVu Sans, rounded up, relative to the font size
COSINE = " 0.00"


def neighbour_columns(table: pd.DataFrame, style: Style) -> Figure:
    """Write the nearest neighbours of words, one column per word, the nearest first.

    Columns that do not fit into the width go into a next row.

    Args:
        table: columns word, rank, neighbour and cosine; for an empty table the plot is a text
        style: width and fonts
    """
    unit = style.font_size / POINTS_PER_INCH
    longest = max([10, *map(width_in_letters, [*table["word"], *table["neighbour"]])])
    width = (longest + len(COSINE) + 2) * LETTER * unit
    across = max(1, int(style.width / width))
    words = list(dict.fromkeys(table["word"]))
    ranks = int(table["rank"].max()) if len(table) else 0
    rows = -(-len(words) // across)
    height = max(1, rows * (ranks + 2)) * LINE * unit
    with styled(style):
        figure = Figure(figsize=(style.width, height))
        axes = add_axes(figure, 0, 0, style.width, height)
        axes.set_xlim(0, style.width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        if not words:
            axes.text(0, LINE * unit / 2, NO_WORDS, va="center")
        for number, word in enumerate(words):
            left, top = number % across * width, number // across * (ranks + 2) * LINE * unit
            axes.text(left, top + LINE * unit / 2, word, va="center", weight="bold")
            mine = table[table["word"] == word]
            for line, (neighbour, cosine) in enumerate(
                zip(mine["neighbour"], mine["cosine"], strict=True), start=1
            ):
                middle = top + (line + 0.5) * LINE * unit
                axes.text(left, middle, f"{cosine:.2f}", va="center", color=GREY)
                axes.text(left + len(COSINE) * LETTER * unit, middle, neighbour, va="center")
    return figure
