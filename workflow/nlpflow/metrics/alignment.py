"""Alignment error rate: does attention look where the words come from?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Links = frozenset[tuple[int, int]]
"""Pairs (source position, target position), counted from 0."""


def parse_links(text: str) -> Links:
    """Pharaoh format: `0-0 1-2` -> {(0, 0), (1, 2)}."""
    pairs = (link.split("-") for link in text.split())
    return frozenset((int(src), int(tgt)) for src, tgt in pairs)


def attention_links(weights: NDArray[np.floating]) -> Links:
    """Each target word linked to the source position it looks at most.

    Args:
        weights: (tgt_time, src_time), of words alone (`<EOS>` cut off on both sides)
    """
    return frozenset((int(src), tgt) for tgt, src in enumerate(weights.argmax(axis=1)))


def diagonal_links(src_words: int, tgt_words: int) -> Links:
    """Target word j linked to the source word at the same share of the sentence."""
    return frozenset((int((j + 0.5) * src_words / tgt_words), j) for j in range(tgt_words))


def alignment_error_rate(found: Sequence[Links], gold: Sequence[Links]) -> float:
    """AER = 1 - 2 |A ∩ S| / (|A| + |S|) in per cent, where all gold links are sure.

    Och & Ney 2003, eq. 26, with P = S. Over all sentences together.
    """
    common = sum(len(a & s) for a, s in zip(found, gold, strict=True))
    total = sum(map(len, found)) + sum(map(len, gold))
    return 100 * (1 - 2 * common / total)


def uniform_error_rate(gold: Sequence[Links], sizes: Sequence[tuple[int, int]]) -> float:
    """The expected AER of linking each target word to a source word drawn uniformly.

    Args:
        sizes: (source words, target words) of each sentence
    """
    common = sum(len(s) / src for s, (src, _) in zip(gold, sizes, strict=True))
    total = sum(tgt for _, tgt in sizes) + sum(map(len, gold))
    return 100 * (1 - 2 * common / total)
