"""Plots of one run of translation or commands, drawn from its tables."""

from nlpflow.figures.breakdown import breakdown
from nlpflow.figures.curves import training_curves
from nlpflow.figures.heatmap import attention_from_table
from nlpflow.figures.style import Style, save
from nlpflow.tables import read_table
from nlpflow.tasks.interface import Files

TEXTS = {
    "history": (),
    "breakdown": ("kind", "bucket"),
    "attention": ("tgt_token", "src_token"),
}
"""The tables that are plotted, with their text columns."""


def plot(tables: Files, plots: Files, style: Style) -> None:
    """Plot curves, breakdown and the attention of each sentence."""
    read = {name: read_table(tables[name], *texts) for name, texts in TEXTS.items()}
    save(training_curves(read["history"], style), plots["curves"].with_suffix(""), style)
    metric = "chrf2" if "chrf2" in read["breakdown"] else "exact"
    save(breakdown(read["breakdown"], style, metric), plots["breakdown"].with_suffix(""), style)
    folder = plots["attention"]
    folder.mkdir(parents=True, exist_ok=True)
    for number, table in read["attention"].groupby("sentence"):
        save(attention_from_table(table, style), folder / f"sentence-{number}", style)
