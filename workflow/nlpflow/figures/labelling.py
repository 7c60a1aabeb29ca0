"""What a tagger learnt and where it fails: transitions, confusions, marginals, rare words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.bars import draw_bars, explain_numbers, slots_width
from nlpflow.figures.heatmap import ColourScale, heat_map, note_cells
from nlpflow.figures.style import POINTS_PER_INCH, Style, styled

DIVERGING = "PuOr_r"  # orange and purple: told apart under the common colour blindnesses
SHARES = (0, 0.25, 0.5, 0.75, 1)


def transition_matrix(
    scores: np.ndarray,
    before: Sequence[str],
    after: Sequence[str],
    style: Style,
    title: str | None = None,
) -> Figure:
    """Draw a CRF's transition scores, white at 0; a forbidden transition (-inf) is grey.

    Args:
        scores: (before, after)
        before: tags, and perhaps the start
        after: tags, and perhaps the stop

    Raises:
        ValueError: the scores do not fit the labels, one is not a number, or none is finite
    """
    _check_shape(scores, (len(before), len(after)), "(before, after)")
    if np.isnan(scores).any() or not np.isfinite(scores).any():
        raise ValueError("transition scores must be numbers, and not all infinite")
    most = float(np.abs(scores[np.isfinite(scores)]).max()) or 1.0
    ticks = [float(f"{tick:.1g}") for tick in (-most / 2, 0, most / 2)]
    label = "transition score" + "\n(grey: forbidden)" * bool(np.isinf(scores).any())
    scale = ColourScale(label, -most, most, ticks, DIVERGING)
    with styled(style):
        names = ("tag before", "tag after")
        return heat_map(scores, before, after, names, scale, style, title)


def confusion_figure(
    counts: np.ndarray, tags: Sequence[str], style: Style, title: str | None = None
) -> Figure:
    """Draw which tag was taken for which; colours are shares of a gold tag, numbers are words.

    Args:
        counts: (gold, predicted), as `metrics.labelling.confusion_matrix` gives them

    Raises:
        ValueError: the counts do not fit the tags or one is negative
    """
    _check_shape(counts, (len(tags), len(tags)), "(gold, predicted)")
    if (counts < 0).any():
        raise ValueError("counts cannot be negative")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    scale = ColourScale("share of the gold tag", 0, 1, SHARES, style.colour_map)
    notes = [[_short(count) if count else "" for count in row] for row in counts.tolist()]
    with styled(style):
        figure = heat_map(shares, tags, tags, ("gold tag", "predicted tag"), scale, style, title)
        note_cells(figure.axes[0], notes, style)
    return figure


def marginals_strip(
    marginals: np.ndarray,
    words: Sequence[str],
    tags: Sequence[str],
    style: Style,
    title: str | None = None,
) -> Figure:
    """Draw the probability of every tag at every word: words across, tags downwards.

    Args:
        marginals: (words, tags) with values from 0 to 1

    Raises:
        ValueError: the marginals do not fit the words and tags or one is not a probability
    """
    _check_shape(marginals, (len(words), len(tags)), "(words, tags)")
    # Written so that NaN fails too; float32 may pass 1 by a rounding error.
    if not np.all((marginals >= 0) & (marginals <= 1 + 1e-5)):
        raise ValueError("marginals must lie between 0 and 1")
    scale = ColourScale("probability", 0, 1, SHARES, style.colour_map)
    with styled(style):
        return heat_map(marginals.T, tags, words, ("tag", "word"), scale, style, title)


def accuracy_by_frequency(table: pd.DataFrame, style: Style) -> Figure:
    """Draw accuracy by how often words occur in training, the number of words over each bar.

    Columns: bucket, words, accuracy (per cent), in the order of
    `metrics.labelling.accuracy_by_frequency`. A bucket without words has no bar, only its 0.
    Raises ValueError on an empty table.
    """
    if table.empty:
        raise ValueError("there are no buckets to draw")
    labels = [bucket.replace(" or ", "\nor ") for bucket in table["bucket"]]
    counts = table["words"].tolist()
    margins = 8 * style.font_size / POINTS_PER_INCH
    with styled(style):
        width = max(style.width, slots_width(labels, counts, style) + margins)
        figure = Figure(figsize=(width, 0.45 * style.width), layout="constrained")
        axes = figure.subplots()
        draw_bars(axes, labels, table["accuracy"].tolist(), counts, style)
        axes.set_xlabel("occurrences of the word in training")
        axes.set_ylabel("accuracy (%)")
        explain_numbers(axes, "words", style)
    return figure


def _check_shape(values: np.ndarray, expected: tuple[int, int], axes: str) -> None:
    if values.shape != expected or 0 in expected:
        raise ValueError(f"values are {values.shape}, labels ask for {axes} = {expected}")


def _short(count: int) -> str:
    """At most four letters: 12345 is "12k"."""
    return str(count) if count < 10_000 else f"{count // 1000}k"
