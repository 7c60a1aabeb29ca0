"""Words and the words nearest to them, as a table to look at."""

import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.style import GREY, POINTS_PER_INCH, Style, add_axes, styled

LINE = 1.6  # in letters' heights
LETTER = 0.62  # width of a letter, in heights; of DejaVu Sans a generous mean
COSINE = " 0.00"


def neighbour_columns(table: pd.DataFrame, style: Style) -> Figure:
    """Draw a column a word, its neighbours below it with their cosines, best first.

    Columns: word, rank, neighbour, cosine. Columns that the width has no room for start a new row.
    Without any word the figure says so.
    """
    unit = style.font_size / POINTS_PER_INCH
    longest = max([10, *table["word"].str.len(), *table["neighbour"].str.len()])
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
            axes.text(0, LINE * unit / 2, "none of the words was in training", va="center")
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
