"""The figures of one run of word embeddings, from its tables alone."""

from collections.abc import Mapping
from pathlib import Path

from nlpflow.figures.curves import training_curves
from nlpflow.figures.lists import list_scores
from nlpflow.figures.neighbours import neighbour_columns
from nlpflow.figures.style import Style, save
from nlpflow.figures.wordmap import word_map
from nlpflow.tables import read_table


def draw(tables: Mapping[str, Path], figures: Mapping[str, Path], style: Style) -> None:
    """Draw curves, scores of lists, the map and the neighbours, each as SVG and PNG.

    :param tables: TSV files `history`, `lists`, `map`, `neighbours`
    :param figures: files `curves`, `lists`, `map`, `neighbours`
    """
    read = {name: read_table(path) for name, path in tables.items()}
    save(training_curves(read["history"], style), figures["curves"].with_suffix(""), style)
    save(list_scores(read["lists"], style), figures["lists"].with_suffix(""), style)
    save(word_map(read["map"], style), figures["map"].with_suffix(""), style)
    save(neighbour_columns(read["neighbours"], style), figures["neighbours"].with_suffix(""), style)
