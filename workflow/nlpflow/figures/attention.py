"""Attention as a matrix of colours: which source words the decoder looked at for each output word.

The picture is figure 3 of Bahdanau, Cho and Bengio (2015), "Neural machine translation by jointly
learning to align and translate": source words across, output words downwards.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from nlpflow.figures.style import GREY, POINTS_PER_INCH, Style, add_axes, styled

# The side of a cell in lines of text. Labels slant by 45 degrees, so that neighbours keep apart
# by side / sqrt(2): under about 1.7 lines they would touch.
SMALLEST_CELL, LARGEST_CELL = 2.2, 4.5
LABEL_SLANT = 45


def attention_matrix(
    weights: np.ndarray,
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    style: Style,
    title: str | None = None,
) -> Figure:
    """Draw one sentence's attention weights, every token labelled.

    `weights` is (tgt, src) with values from 0 to 1. Cells are square and never smaller than their
    labels need, so that the figure grows with the sentence. Raises ValueError if the shape does
    not fit the tokens or a weight is no share.
    """
    _check(weights, src_tokens, tgt_tokens)
    line = style.font_size / POINTS_PER_INCH
    side = float(
        np.clip(0.75 * style.width / len(src_tokens), SMALLEST_CELL * line, LARGEST_CELL * line)
    )
    width, height = side * len(src_tokens), side * len(tgt_tokens)
    with styled(style):
        figure = Figure(figsize=(width, height))
        axes = add_axes(figure, 0, 0, width, height)
        mesh = axes.pcolormesh(
            weights, cmap=style.colour_map, vmin=0, vmax=1, edgecolors="white", linewidth=0.5
        )
        axes.invert_yaxis()
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, pad=5, top=True, labeltop=True, bottom=False, labelbottom=False)
        axes.set_xticks(
            np.arange(len(src_tokens)) + 0.5,
            labels=list(src_tokens),
            rotation=LABEL_SLANT,
            ha="left",
            va="center",
            rotation_mode="anchor",
        )
        axes.set_yticks(np.arange(len(tgt_tokens)) + 0.5, labels=list(tgt_tokens))
        axes.xaxis.set_label_position("top")
        axes.set_xlabel("source", color=GREY)
        axes.set_ylabel("output", color=GREY)
        if title is not None:
            axes.set_title(title, pad=line * POINTS_PER_INCH)
        _add_colour_bar(figure, mesh, left=width + 2.5 * line, top=height, line=line)
    return figure


def attention_from_table(table: pd.DataFrame, style: Style, title: str | None = None) -> Figure:
    """Draw one sentence's part of a long attention table.

    Columns: sentence, tgt_position, tgt_token, src_position, src_token, weight; one row a cell, in
    any order. Raises ValueError if there is not exactly one sentence or a cell is missing or twice.
    """
    sentences = table["sentence"].unique()
    if len(sentences) != 1:
        raise ValueError(f"one sentence makes one figure, but the table holds {len(sentences)}")
    cells = table.pivot(index="tgt_position", columns="src_position", values="weight")
    src = table.drop_duplicates("src_position").set_index("src_position")["src_token"]
    tgt = table.drop_duplicates("tgt_position").set_index("tgt_position")["tgt_token"]
    return attention_matrix(
        cells.to_numpy(dtype=float),
        src.loc[cells.columns].tolist(),
        tgt.loc[cells.index].tolist(),
        style,
        title,
    )


def _check(weights: np.ndarray, src_tokens: Sequence[str], tgt_tokens: Sequence[str]) -> None:
    expected = (len(tgt_tokens), len(src_tokens))
    if weights.shape != expected or 0 in expected:
        raise ValueError(f"weights are {weights.shape}, tokens ask for (tgt, src) = {expected}")
    # Written so that NaN fails too; float32 softmax may pass 1 by a rounding error.
    if not np.all((weights >= 0) & (weights <= 1 + 1e-5)):
        raise ValueError("attention weights must lie between 0 and 1")


def _add_colour_bar(figure: Figure, mesh: QuadMesh, left: float, top: float, line: float) -> None:
    """A bar from 0 to 1, top edge level with the matrix and long enough for its own label."""
    height = float(np.clip(top, 9 * line, 24 * line))
    bar = add_axes(figure, left, top - height, 1.2 * line, height)
    figure.colorbar(mesh, cax=bar, label="attention weight", ticks=[0, 0.25, 0.5, 0.75, 1])
    bar.tick_params(length=2)
