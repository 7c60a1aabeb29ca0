"""A matrix of colours whose rows and columns are all labelled, and whose labels keep apart.

What attention, transitions, confusions and marginals look like.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from nlpflow.figures.style import BLACK, GREY, POINTS_PER_INCH, Style, add_axes

# The side of a cell in lines of text. Labels slant by 45 degrees, so that neighbours keep apart
# by side / sqrt(2): under about 1.7 lines they would touch.
SMALLEST_CELL, LARGEST_CELL = 2.2, 4.5
LABEL_SLANT = 45
NOTE_SIZE = 0.75  # of the font size: numbers inside cells


@dataclass(frozen=True)
class Scale:
    """What the colours of a heat map mean."""

    label: str
    low: float
    high: float
    ticks: Sequence[float]
    colour_map: str


def heat_map(
    values: np.ndarray,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    names: tuple[str, str],
    scale: Scale,
    style: Style,
    title: str | None = None,
) -> Figure:
    """Draw a matrix, (rows, columns), first row on top; call inside `styled`.

    Cells are square and never smaller than their labels need, so that the figure grows with the
    matrix. A value that is not finite is a grey cell.

    :param names: of the rows and of the columns
    """
    line = style.font_size / POINTS_PER_INCH
    fitting = 0.75 * style.width / len(column_labels)
    side = float(np.clip(fitting, SMALLEST_CELL * line, LARGEST_CELL * line))
    width, height = side * len(column_labels), side * len(row_labels)
    figure = Figure(figsize=(width, height))
    axes = add_axes(figure, 0, 0, width, height)
    axes.set_facecolor("#BBBBBB")  # shows through where there is no value
    mesh = axes.pcolormesh(
        np.ma.masked_invalid(values),
        cmap=scale.colour_map,
        norm=Normalize(scale.low, scale.high),
        edgecolors="white",
        linewidth=0.5,
    )
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, pad=5, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.set_xticks(
        np.arange(len(column_labels)) + 0.5,
        labels=list(column_labels),
        rotation=LABEL_SLANT,
        ha="left",
        va="center",
        rotation_mode="anchor",
    )
    axes.set_yticks(np.arange(len(row_labels)) + 0.5, labels=list(row_labels))
    axes.xaxis.set_label_position("top")
    axes.set_ylabel(names[0], color=GREY)
    axes.set_xlabel(names[1], color=GREY)
    if title is not None:
        axes.set_title(title, pad=line * POINTS_PER_INCH)
    _add_colour_bar(figure, mesh, scale, left=width + 2.5 * line, top=height, line=line)
    return figure


def note_cells(axes: Axes, notes: Sequence[Sequence[str]], style: Style) -> None:
    """Write a text into every cell of a heat map, black or white, whichever stands out more."""
    mesh = axes.collections[0]
    assert isinstance(mesh, QuadMesh)
    values = mesh.get_array()
    assert values is not None
    colours = mesh.to_rgba(values)
    for row, texts in enumerate(notes):
        for column, text in enumerate(texts):
            red, green, blue, _ = colours[row, column]
            light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5  # ITU-R BT.601
            axes.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                color=BLACK if light else "white",
                fontsize=NOTE_SIZE * style.font_size,
            )


def _add_colour_bar(
    figure: Figure, mesh: QuadMesh, scale: Scale, left: float, top: float, line: float
) -> None:
    """A bar, top edge level with the matrix and long enough for its own label."""
    height = float(np.clip(top, 9 * line, 24 * line))
    bar = add_axes(figure, left, top - height, 1.2 * line, height)
    figure.colorbar(mesh, cax=bar, label=scale.label, ticks=scale.ticks)
    bar.tick_params(length=2)
