"""Attention as a matrix of colours: which source words the decoder looked at for each output word.

The picture is figure 3 of Bahdanau, Cho and Bengio (2015), "Neural machine translation by jointly
learning to align and translate": source words across, output words downwards.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nlpflow.figures.heatmap import Scale, heat_map
from nlpflow.figures.style import Style, styled


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
    scale = Scale("attention weight", 0, 1, (0, 0.25, 0.5, 0.75, 1), style.colour_map)
    with styled(style):
        return heat_map(weights, tgt_tokens, src_tokens, ("output", "source"), scale, style, title)


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
