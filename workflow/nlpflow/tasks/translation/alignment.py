"""Alignment error rate of attention, teacher-forced on the reference translations."""

import numpy as np
import pandas as pd
import torch

from nlpflow.metrics.alignment import (
    alignment_error_rate,
    attention_links,
    diagonal_links,
    uniform_error_rate,
)
from nlpflow.tasks.translation.translator import Translator
from nlpflow.text.links import parse_links
from nlpflow.vocabulary import EOS


@torch.inference_mode()
def alignment_scores(translator: Translator, table: pd.DataFrame) -> dict[str, float]:
    """Alignment error rate, in per cent, of the attention and of two simple guesses.

    Each target word is linked to the source word with the largest attention weight; `<EOS>` is
    ignored. The guesses link each target word to the source word at the same relative position
    (`aer_diagonal`), and to a random one (`aer_uniform`).

    Args:
        translator: to evaluate
        table: columns `source`, `target` and, with gold alignments, `alignment`

    Returns:
        the scores by name; empty if there are no gold alignments, the tokens are not words, or the
        model has no attention
    """
    decoder = translator.model.decoder
    if "alignment" not in table or translator.source.kind != "words":
        return {}
    if not decoder.has_attention:
        return {}
    table = table[table["alignment"].notna()]
    if table.empty:
        return {}
    gold = [parse_links(text) for text in table["alignment"]]
    found, sizes = [], []
    for src, tgt in zip(table["source"], table["target"], strict=True):
        found.append(attention_links(_teacher_forced_weights(translator, src, tgt)))
        sizes.append((len(translator.source.tokens(src)), len(translator.target.tokens(tgt))))
    return {
        "aer": alignment_error_rate(found, gold),
        "aer_diagonal": alignment_error_rate([diagonal_links(*size) for size in sizes], gold),
        "aer_uniform": uniform_error_rate(gold, sizes),
    }


def _teacher_forced_weights(translator: Translator, source: str, target: str) -> np.ndarray:
    """Attention weights for the words of a reference translation, (tgt words, src words)."""
    src = torch.tensor([[*translator.source.encode(source), EOS]], device=translator.device)
    tgt = torch.tensor([[*translator.target.encode(target), EOS]], device=translator.device)
    _, weights = translator.model.teacher_forced(src, torch.tensor([src.shape[1]]), tgt)
    words: np.ndarray = weights[0, :-1, : src.shape[1] - 1].float().cpu().numpy()
    return words
