"""How word vectors do on each test list, with intervals and how much of the list was measured."""

import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.style import BLUE, GREY, POINTS_PER_INCH, SKY, Style, styled

ROW = 2.0  # lines of text between two lists
NUMBERS = ("score", "low", "high")
NOTHING = "the experiment names no lists, or none of their words was in training"


def list_scores(table: pd.DataFrame, style: Style) -> Figure:
    """Draw the score of each list as a dot on its interval; sections of a list hollow below it.

    Columns: list, section (empty for the whole list), score, low, high, known, all. A list too few
    of whose items are known has its name and no dot. Without any the figure says so.
    """
    rows = len(table)
    # An empty cell is a score that there is not.
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in NUMBERS}
    table = table.assign(**numbers)
    measured = table["score"].notna().to_numpy()
    line = style.font_size / POINTS_PER_INCH
    with styled(style):
        figure = Figure(
            figsize=(style.width, (ROW * max(1, rows) + 4) * line), layout="constrained"
        )
        axes = figure.subplots()
        for place in measured.nonzero()[0]:
            row = table.iloc[place]
            colour = SKY if row["section"] else BLUE
            axes.hlines(place, row["low"], row["high"], color=colour, linewidth=2)
            axes.plot(
                row["score"],
                place,
                marker="o",
                color=colour,
                markerfacecolor="white" if row["section"] else colour,
            )
        labels = [
            f"{row['section'] or row['list']}  ({row['known']:,} of {row['all']:,})"
            for _, row in table.iterrows()
        ]
        axes.set_yticks(range(rows), labels=labels)
        axes.set_ylim(max(1, rows) - 0.5, -0.5)
        axes.axvline(0, color=GREY, linewidth=1, zorder=1)
        axes.grid(visible=True, axis="x")
        axes.set_xlabel("rank correlation × 100 (pairs), right answers in % (analogies)")
        if not measured.any():
            axes.text(0.5, 0.5, NOTHING, transform=axes.transAxes, ha="center", va="center")
            axes.set_xlim(0, 100)
    return figure
