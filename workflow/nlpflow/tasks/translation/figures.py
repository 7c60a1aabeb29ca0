"""The figures of one translation run, from its tables alone."""

from collections.abc import Mapping
from pathlib import Path

from nlpflow.figures.attention import attention_from_table
from nlpflow.figures.breakdown import breakdown
from nlpflow.figures.curves import training_curves
from nlpflow.figures.style import Style, save
from nlpflow.tables import read_table


def draw(tables: Mapping[str, Path], figures: Mapping[str, Path], style: Style) -> None:
    """Draw curves, breakdown and one attention matrix a sentence, each as SVG and PNG.

    :param tables: TSV files `history`, `breakdown`, `attention`
    :param figures: files `curves` and `breakdown`, folder `attention`
    """
    read = {name: read_table(path) for name, path in tables.items()}
    save(training_curves(read["history"], style), figures["curves"].with_suffix(""), style)
    save(breakdown(read["breakdown"], style), figures["breakdown"].with_suffix(""), style)
    folder = figures["attention"]
    folder.mkdir(parents=True, exist_ok=True)
    for number, table in read["attention"].groupby("sentence"):
        save(attention_from_table(table, style), folder / f"sentence-{number}", style)
