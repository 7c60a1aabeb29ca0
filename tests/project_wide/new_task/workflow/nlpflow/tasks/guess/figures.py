"""The plots of one run of guess."""

from nlpflow.figures.curves import training_curves
from nlpflow.figures.style import Style, save
from nlpflow.tables import read_table
from nlpflow.tasks.interface import Files


def plot(tables: Files, plots: Files, style: Style) -> None:
    """Draw the training curves."""
    save(
        training_curves(read_table(tables["history"]), style),
        plots["curves"].with_suffix(""),
        style,
    )
