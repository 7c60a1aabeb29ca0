"""Heat maps with labelled rows and columns: attention, transitions, confusions, marginals.

The plot of attention follows figure 3 of Bahdanau, Cho and Bengio (2015), "Neural machine
translation by jointly learning to align and translate": source words across, output words down.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from nlpflow.figures.style import BLACK, GREY, POINTS_PER_INCH, Style, add_axes, styled

# The side of a cell in lines of text. Labels slant by 45 degrees, so that the distance between two
# of them is side / sqrt(2): below about 1.7 lines they would touch.
SMALLEST_CELL, LARGEST_CELL = 2.2, 4.5
LABEL_SLANT = 45
NOTE_SIZE = 0.75  # size of numbers inside cells, relative to the font size


@dataclass(frozen=True)
class ColourScale:
    """The meaning of the colours of a heat map: label, range, ticks and colour map."""

    label: str
    low: float
    high: float
    ticks: Sequence[float]
    colour_map: str


def heat_map(
    values: np.ndarray,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    names: tuple[str, str],
    scale: ColourScale,
    style: Style,
    title: str | None = None,
) -> Figure:
    """Plot a matrix with the first row on top. Call it inside `styled`.

    Cells are square and never smaller than their labels need, so that the plot grows with the
    matrix. A value that is not finite gives a grey cell.

    Args:
        values: (rows, columns)
        row_labels: one for each row
        column_labels: one for each column
        names: axis labels of the rows and of the columns
        scale: colours
        style: width and fonts
        title: over the plot; None: no title
    """
    line = style.font_size / POINTS_PER_INCH
    fitting = 0.75 * style.width / len(column_labels)
    side = float(np.clip(fitting, SMALLEST_CELL * line, LARGEST_CELL * line))
    width, height = side * len(column_labels), side * len(row_labels)
    figure = Figure(figsize=(width, height))
    axes = add_axes(figure, 0, 0, width, height)
    axes.set_facecolor("#BBBBBB")  # visible in cells without a value
    mesh = axes.pcolormesh(
        np.ma.masked_invalid(values),
        cmap=scale.colour_map,
        norm=Normalize(scale.low, scale.high),
        edgecolors="white",
        linewidth=0.5,
    )
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, pad=5, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.set_xticks(
        np.arange(len(column_labels)) + 0.5,
        labels=list(column_labels),
        rotation=LABEL_SLANT,
        ha="left",
        va="center",
        rotation_mode="anchor",
    )
    axes.set_yticks(np.arange(len(row_labels)) + 0.5, labels=list(row_labels))
    axes.xaxis.set_label_position("top")
    axes.set_ylabel(names[0], color=GREY)
    axes.set_xlabel(names[1], color=GREY)
    if title is not None:
        axes.set_title(title, pad=line * POINTS_PER_INCH)
    _add_colour_bar(figure, mesh, scale, left=width + 2.5 * line, top=height, line=line)
    return figure


def attention_matrix(
    weights: np.ndarray,
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    style: Style,
    title: str | None = None,
    copying: Sequence[float] | None = None,
) -> Figure:
    """Plot the attention weights of one sentence, with every token as a label.

    Args:
        weights: from 0 to 1, (tgt, src)
        src_tokens: tokens of the source; spaces are shown as `␣`, here and in the output
        tgt_tokens: tokens of the output
        style: width and fonts
        title: over the plot; None: no title
        copying: the probability of copying at each token of the output, written beside it; None:
            nothing is written

    Raises:
        ValueError: the shape does not match the tokens, or a weight is not between 0 and 1
    """
    _check(weights, src_tokens, tgt_tokens)
    scale = ColourScale("attention weight", 0, 1, (0, 0.25, 0.5, 0.75, 1), style.colour_map)
    columns, rows = (
        [token if token.strip() else "␣" for token in tokens] for tokens in (src_tokens, tgt_tokens)
    )
    name = "output"
    if copying is not None:
        rows = [f"{token}  {share:.2f}" for token, share in zip(rows, copying, strict=True)]
        name = "output, with the probability of copying"
    with styled(style):
        return heat_map(weights, rows, columns, (name, "source"), scale, style, title)


def attention_from_table(table: pd.DataFrame, style: Style, title: str | None = None) -> Figure:
    """Plot the attention weights of one sentence from a table.

    Args:
        table: columns sentence, tgt_position, tgt_token, src_position, src_token, weight and, if
            the decoder can copy, copying; one row per pair of tokens, in any order
        style: width and fonts
        title: over the plot; None: no title

    Raises:
        ValueError: there is not exactly one sentence, or a pair is missing or occurs twice
    """
    sentences = table["sentence"].unique()
    if len(sentences) != 1:
        raise ValueError(f"the table must have one sentence, but it has {len(sentences)}")
    cells = table.pivot(index="tgt_position", columns="src_position", values="weight")
    src = table.drop_duplicates("src_position").set_index("src_position")["src_token"]
    outputs = table.drop_duplicates("tgt_position").set_index("tgt_position").loc[cells.index]
    return attention_matrix(
        cells.to_numpy(dtype=float),
        src.loc[cells.columns].tolist(),
        outputs["tgt_token"].tolist(),
        style,
        title,
        outputs["copying"].tolist() if "copying" in outputs else None,
    )


def note_cells(axes: Axes, notes: Sequence[Sequence[str]], style: Style) -> None:
    """Write a text into every cell of a heat map, black on light cells and white on dark ones."""
    mesh = axes.collections[0]
    assert isinstance(mesh, QuadMesh)
    values = mesh.get_array()
    assert values is not None
    colours = mesh.to_rgba(values)
    for row, texts in enumerate(notes):
        for column, text in enumerate(texts):
            red, green, blue, _ = colours[row, column]
            light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5  # ITU-R BT.601
            axes.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                color=BLACK if light else "white",
                fontsize=NOTE_SIZE * style.font_size,
            )


def _add_colour_bar(
    figure: Figure, mesh: QuadMesh, scale: ColourScale, left: float, top: float, line: float
) -> None:
    """Add a colour bar, aligned with the top of the matrix and long enough for its own label."""
    height = float(np.clip(top, 9 * line, 24 * line))
    bar = add_axes(figure, left, top - height, 1.2 * line, height)
    figure.colorbar(mesh, cax=bar, label=scale.label, ticks=scale.ticks)
    bar.tick_params(length=2)


def _check(weights: np.ndarray, src_tokens: Sequence[str], tgt_tokens: Sequence[str]) -> None:
    expected = (len(tgt_tokens), len(src_tokens))
    if weights.shape != expected or 0 in expected:
        raise ValueError(f"weights have shape {weights.shape}, expected (tgt, src) = {expected}")
    # Written so that NaN fails too. A float32 softmax may exceed 1 by a rounding error.
    if not np.all((weights >= 0) & (weights <= 1 + 1e-5)):
        raise ValueError("attention weights must lie between 0 and 1")
