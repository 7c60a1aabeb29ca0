"""Alignment error rate (AER) of attention against gold word alignments."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlpflow.text.links import Links


def attention_links(weights: NDArray[np.floating]) -> Links:
    """Link each target word to the source position with the largest attention weight.

    Args:
        weights: attention weights of the words, without `<EOS>` on either side, (tgt_time,
            src_time)
    """
    return frozenset((int(src), tgt) for tgt, src in enumerate(weights.argmax(axis=1)))


def diagonal_links(src_words: int, tgt_words: int) -> Links:
    """Link each target word to the source word at the same relative position of the sentence."""
    return frozenset((int((j + 0.5) * src_words / tgt_words), j) for j in range(tgt_words))


def alignment_error_rate(found: Sequence[Links], gold: Sequence[Links]) -> float:
    """AER = 1 - 2 |A ∩ S| / (|A| + |S|) over all sentences, in per cent.

    Och & Ney 2003, eq. 26. All gold links count as sure, so that P = S.

    Args:
        found: the links A of each sentence
        gold: the links S of each sentence
    """
    common = sum(len(a & s) for a, s in zip(found, gold, strict=True))
    total = sum(map(len, found)) + sum(map(len, gold))
    return 100 * (1 - 2 * common / total)


def uniform_error_rate(gold: Sequence[Links], sizes: Sequence[tuple[int, int]]) -> float:
    """The expected AER if each target word is linked to a random source word, in per cent.

    Args:
        gold: the gold links of each sentence
        sizes: number of source words and of target words of each sentence
    """
    common = sum(len(s) / src for s, (src, _) in zip(gold, sizes, strict=True))
    total = sum(tgt for _, tgt in sizes) + sum(map(len, gold))
    return 100 * (1 - 2 * common / total)
