"""Words as points on a plane, each with its name, no name upon another."""

import warnings

import pandas as pd
from adjustText import adjust_text
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from nlpflow.figures.style import BLUE, GREY, VERMILION, Style, styled

ROUNDS = 300
"""Of pushing names apart; a limit in seconds would make figures differ from machine to machine."""
GROWTH = 1.2
"""How much the figure grows when names still lie upon one another."""
LARGEST = 8.0
"""At most so many times the width that was asked for."""


def word_map(table: pd.DataFrame, style: Style) -> Figure:
    """Draw words at their places; the figure grows until no name covers another.

    Columns: word, x, y, chosen (1 for words of the settings, 0 for frequent ones).
    Raises ValueError on an empty table, or if even a huge figure leaves names upon one another.
    """
    if table.empty:
        raise ValueError("the map has no words to draw")
    scale = 1.0
    while scale <= LARGEST:
        with styled(style):
            figure = Figure(figsize=(scale * style.width, 0.75 * scale * style.width))
            canvas = FigureCanvasAgg(figure)
            names = _draw(figure.add_subplot(), table, canvas)
            if not overlaps(names, canvas):
                return figure
        scale *= GROWTH
    raise ValueError(f"{len(table)} names find no room on a figure {LARGEST:g} times as wide")


def overlaps(names: list[Text], canvas: FigureCanvasAgg) -> bool:
    """Whether any two of the texts cover each other."""
    boxes = [name.get_window_extent(canvas.get_renderer()) for name in names]
    return any(
        Bbox.intersection(first, second) is not None
        for place, first in enumerate(boxes)
        for second in boxes[:place]
    )


def _draw(axes: Axes, table: pd.DataFrame, canvas: FigureCanvasAgg) -> list[Text]:
    colours = [VERMILION if chosen else BLUE for chosen in table["chosen"]]
    axes.scatter(table["x"], table["y"], s=9, color=colours)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    axes.margins(0.08)
    canvas.draw()  # the names are moved in pixels
    names = [
        axes.text(x, y, word, ha="center", va="center")
        for word, x, y in zip(table["word"], table["x"], table["y"], strict=True)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that some names are still close: they are counted later
        adjust_text(
            names,
            x=table["x"].to_numpy(),
            y=table["y"].to_numpy(),
            ax=axes,
            iter_lim=ROUNDS,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5},
        )
    return names
