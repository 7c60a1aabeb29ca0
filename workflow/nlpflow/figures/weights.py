"""What training did to the weights of words."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.style import GREY, PALETTE, POINTS_PER_INCH, Style, styled

ROW = 1.6  # lines of text between two words


def before_and_after(table: pd.DataFrame, style: Style) -> Figure:
    """Draw the weights of words for every class: hollow before training, filled after it.

    Columns: word, language, before, after; words are drawn in the table's order, from the top.
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
            places = np.arange(len(words)) * len(languages) + number
            colour = PALETTE[number % len(PALETTE)]
            axes.hlines(places, mine["before"], mine["after"], color=colour, alpha=0.5)
            axes.plot(
                mine["before"],
                places,
                linestyle="none",
                marker="o",
                color=colour,
                markerfacecolor="white",
            )
            axes.plot(mine["after"], places, linestyle="none", marker="o", color=colour)
        labels = [f"{word}  {language}" for word in words for language in languages]
        axes.set_yticks(np.arange(rows), labels=labels)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.axvline(0, color=GREY, linewidth=1, zorder=1)
        axes.grid(visible=True, axis="x")
        axes.set_xlabel("weight: hollow before training, filled after it")
    return figure
