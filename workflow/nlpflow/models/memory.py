"""The encoded source that attention reads, and what every attention does with it."""

from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.precision import wide


class Memory(NamedTuple):
    """The encoded source of a batch. It is computed once and read at every decoder step."""

    values: Tensor
    """Encoder outputs, (sentences, src_time, size)."""
    keys: Tensor
    """What the attention computes from the values before the first step, (sentences, src_time,
    any)."""
    mask: Tensor
    """True at tokens, False at padding, (sentences, src_time)."""


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the last axis with weight exactly 0 where `mask` is False; both (..., time)."""
    return scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)


def guided_alignment_loss(weights: Tensor, shares: Tensor) -> Tensor:
    """Cross-entropy of attention weights and gold alignments, summed over the linked words.

    Chen et al. 2016, "Guided alignment training for topic-aware neural machine translation",
    section 3.

    Args:
        weights: attention weights, (batch, tgt_time, src_time)
        shares: what the alignments ask for: each row sums to 1, or to 0 for a word without a link,
            (batch, tgt_time, src_time)
    """
    wide_weights = wide(weights)
    return -(shares * wide_weights.clamp_min(torch.finfo(wide_weights.dtype).tiny).log()).sum()
