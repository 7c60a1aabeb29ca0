"""Plots of one run of word embeddings, drawn from its tables."""

from nlpflow.figures.curves import training_curves
from nlpflow.figures.embeddings import list_scores, neighbour_columns, word_map
from nlpflow.figures.style import Style, save
from nlpflow.tables import read_table
from nlpflow.tasks.interface import Files

TEXTS = {
    "history": (),
    "lists": ("list", "section"),
    "map": ("word",),
    "neighbours": ("word", "neighbour"),
}
"""The tables that are plotted, with their text columns."""


def plot(tables: Files, plots: Files, style: Style) -> None:
    """Plot curves, scores of test lists, the map and the neighbours."""
    read = {name: read_table(tables[name], *texts) for name, texts in TEXTS.items()}
    drawn = {
        "curves": training_curves(read["history"], style),
        "lists": list_scores(read["lists"], style),
        "map": word_map(read["map"], style),
        "neighbours": neighbour_columns(read["neighbours"], style),
    }
    for name, figure in drawn.items():
        save(figure, plots[name].with_suffix(""), style)
