"""Plots of sequence labelling: transitions, confusions, marginals, accuracy by word frequency."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.bars import draw_bars, explain_numbers, slots_width
from nlpflow.figures.heatmap import ColourScale, heat_map, note_cells
from nlpflow.figures.style import POINTS_PER_INCH, Style, styled

DIVERGING = "PuOr_r"  # orange and purple can be told apart with common colour blindnesses
SHARES = (0, 0.25, 0.5, 0.75, 1)


def transition_matrix(
    scores: np.ndarray,
    before: Sequence[str],
    after: Sequence[str],
    style: Style,
    title: str | None = None,
) -> Figure:
    """Plot the transition scores of a CRF: white at 0, grey for a forbidden transition (-inf).

    Args:
        scores: (before, after)
        before: tags, and possibly the start
        after: tags, and possibly the stop
        style: width and fonts
        title: over the plot; None: no title

    Raises:
        ValueError: the shape does not match the labels, a score is NaN, or none is finite
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
    """Plot a confusion matrix. Numbers are words; colours are shares of the gold tag.

    Args:
        counts: from `metrics.labelling.confusion_matrix`, (gold, predicted)
        tags: of rows and columns
        style: width and fonts
        title: over the plot; None: no title

    Raises:
        ValueError: the shape does not match the tags, or a count is negative
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
    """Plot the probability of every tag (down) at every word (across).

    Args:
        marginals: probabilities, (words, tags)
        words: of the sentence
        tags: all tags
        style: width and fonts
        title: over the plot; None: no title

    Raises:
        ValueError: the shape does not match the words and tags, or a value is not between 0 and 1
    """
    _check_shape(marginals, (len(words), len(tags)), "(words, tags)")
    # Written so that NaN fails too. In float32 a sum may exceed 1 by a rounding error.
    if not np.all((marginals >= 0) & (marginals <= 1 + 1e-5)):
        raise ValueError("marginals must lie between 0 and 1")
    scale = ColourScale("probability", 0, 1, SHARES, style.colour_map)
    with styled(style):
        return heat_map(marginals.T, tags, words, ("tag", "word"), scale, style, title)


def accuracy_by_frequency(table: pd.DataFrame, style: Style) -> Figure:
    """Plot accuracy by word frequency in training, with the number of words over each bar.

    A bucket without words has no bar, only the number 0.

    Args:
        table: columns bucket, words and accuracy (in per cent), in the order of
            `metrics.labelling.accuracy_by_frequency`
        style: width and fonts

    Raises:
        ValueError: the table is empty
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
        raise ValueError(f"values have shape {values.shape}, expected {axes} = {expected}")


def _short(count: int) -> str:
    """The count in at most four characters: 12345 is "12k"."""
    return str(count) if count < 10_000 else f"{count // 1000}k"
