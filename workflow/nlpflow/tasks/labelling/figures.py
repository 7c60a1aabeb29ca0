"""Plots of one run of tagging or entities, drawn from its tables."""

import numpy as np
import pandas as pd

from nlpflow.figures.curves import training_curves
from nlpflow.figures.labelling import (
    accuracy_by_frequency,
    confusion_figure,
    marginals_strip,
    transition_matrix,
)
from nlpflow.figures.style import Style, save
from nlpflow.tables import read_table
from nlpflow.tasks.interface import Files

TEXTS = {
    "history": (),
    "confusion": ("gold", "predicted"),
    "frequency": ("bucket",),
    "transitions": ("from", "to"),
    "marginals": ("word", "tag"),
}
"""The tables that are plotted, with their text columns."""


def plot(tables: Files, plots: Files, style: Style) -> None:
    """Plot curves, confusions, accuracy by frequency, transitions and marginals of sentences.

    Args:
        tables: the path of each table in `TEXTS`
        plots: the path of each plot; `transitions` and `marginals` are folders, and the folder
            `transitions` stays empty for a network without a CRF
        style: fonts and file formats
    """
    read = {name: read_table(tables[name], *texts) for name, texts in TEXTS.items()}
    save(training_curves(read["history"], style), plots["curves"].with_suffix(""), style)
    confusion = read["confusion"]
    tags = sorted({*confusion["gold"], *confusion["predicted"]})
    counts = _matrix(confusion, "gold", "predicted", "count", tags, tags, 0)
    save(
        confusion_figure(counts.astype(int), tags, style),
        plots["confusion"].with_suffix(""),
        style,
    )
    frequency = accuracy_by_frequency(read["frequency"], style)
    save(frequency, plots["frequency"].with_suffix(""), style)
    for name in ("transitions", "marginals"):
        plots[name].mkdir(parents=True, exist_ok=True)
    transitions = read["transitions"]
    if len(transitions):
        before, after = (list(transitions[name].unique()) for name in ("from", "to"))
        # The table lacks start -> stop, a sentence without words.
        scores = _matrix(transitions, "from", "to", "score", before, after, float("-inf"))
        figure = transition_matrix(scores, before, after, style)
        save(figure, plots["transitions"] / "transitions", style)
    for number, table in read["marginals"].groupby("sentence"):
        tags = list(table["tag"].unique())
        words = list(table.drop_duplicates("position")["word"])
        marginals = table["probability"].to_numpy().reshape(len(words), len(tags))
        figure = marginals_strip(marginals, words, tags, style)
        save(figure, plots["marginals"] / f"sentence-{number}", style)


def _matrix(
    table: pd.DataFrame,
    row: str,
    column: str,
    value: str,
    rows: list[str],
    columns: list[str],
    missing: float,
) -> np.ndarray:
    """Pivot a table to a matrix, (rows, columns); cells without a row in it become `missing`."""
    wide = table.pivot(index=row, columns=column, values=value)
    return wide.reindex(index=rows, columns=columns).fillna(missing).to_numpy()
