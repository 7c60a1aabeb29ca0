"""Where attention looks, against gold word alignments, under forced decoding of the reference."""

import numpy as np
import pandas as pd
import torch

from nlpflow.metrics.alignment import (
    alignment_error_rate,
    attention_links,
    diagonal_links,
    parse_links,
    uniform_error_rate,
)
from nlpflow.models.attention import NoAttention
from nlpflow.tasks.translation.translator import Translator
from nlpflow.vocabulary import EOS


@torch.inference_mode()
def alignment_scores(translator: Translator, table: pd.DataFrame) -> dict[str, float]:
    """Alignment error rate of the attention, of a uniform and of a diagonal guess, in per cent.

    Empty where the dataset has no gold alignment, or tokens are not its words, or the model has no
    attention. A target word is linked to the source word that it looks at most; `<EOS>` is not a
    word.
    """
    decoder = translator.model.decoder
    if "alignment" not in table or translator.source.kind != "words":
        return {}
    if isinstance(decoder.attention, NoAttention):
        return {}
    table = table[table["alignment"].notna()]
    if table.empty:
        return {}
    gold = [parse_links(text) for text in table["alignment"]]
    found, sizes = [], []
    for src, tgt in zip(table["source"], table["target"], strict=True):
        found.append(attention_links(_forced_weights(translator, src, tgt)))
        sizes.append((len(translator.source.tokens(src)), len(translator.target.tokens(tgt))))
    return {
        "aer": alignment_error_rate(found, gold),
        "aer_diagonal": alignment_error_rate([diagonal_links(*size) for size in sizes], gold),
        "aer_uniform": uniform_error_rate(gold, sizes),
    }


def _forced_weights(translator: Translator, source: str, target: str) -> np.ndarray:
    """Attention weights (tgt words, src words) while the reference is decoded word by word."""
    src = torch.tensor([[*translator.source.encode(source), EOS]], device=translator.device)
    tgt = torch.tensor([[*translator.target.encode(target), EOS]], device=translator.device)
    _, weights = translator.model.teacher_forced(src, torch.tensor([src.shape[1]]), tgt)
    words: np.ndarray = weights[0, :-1, : src.shape[1] - 1].float().cpu().numpy()
    return words
