"""Greedy search: the best next word, again and again. It knows no task."""

from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.attention import Memory
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.vocabulary import EOS, SOS

BLOCK = 16
"""Sentences leave the batch by so many at once, and its last ones stay.

Matrix products work on blocks of rows, and round otherwise in a last block that is not full. As
whole blocks leave, a sentence's rounding does not depend on when its neighbours end (on the CPUs
tried, and for attentions whose scores are not a batched product: those of Luong et al. may differ
in the last digit).
"""


class Hypotheses(NamedTuple):
    """What a search found for a batch."""

    words: Tensor
    """Token ids, (batch, steps); after `<EOS>` whatever follows is to be ignored."""
    lengths: Tensor
    """Words before `<EOS>`, (batch,)."""
    weights: Tensor
    """Attention weights, (batch, steps, src_time); as `words` after `<EOS>`."""


@torch.inference_mode()
def greedy(model: Seq2Seq, src: Tensor, lengths: Tensor, max_tokens: int) -> Hypotheses:
    """Translate a batch until every sentence has said `<EOS>` or has `max_tokens` words.

    Args:
        src: padded ids, (batch, src_time)
        lengths: (batch,), on the CPU
    """
    memory, state = model.encode(src, lengths)
    rows = torch.arange(len(src), device=src.device)  # the sentences still in the batch
    words = torch.full_like(src[:, :1], SOS)
    running = torch.ones_like(words[:, 0], dtype=torch.bool)
    counts = torch.zeros_like(words[:, 0])
    chosen, weights = [], []
    for _ in range(max_tokens + 1):  # one more for the <EOS> of the longest
        decoded = model.decoder(words, state, memory)
        state = decoded.state
        words = model.decoder.logits(decoded.readout).argmax(dim=-1)
        chosen.append(torch.full_like(src[:, :1], EOS).index_copy(0, rows, words))
        seen = decoded.weights.new_zeros(len(src), *decoded.weights.shape[1:])
        weights.append(seen.index_copy(0, rows, decoded.weights))
        running = running & (words[:, 0] != EOS)
        counts[rows] += running
        if not running.any():
            break
        kept = _kept(running)
        if len(kept) < len(rows):
            rows, words, running = rows[kept], words[kept], running[kept]
            state = state[:, kept]
            memory = Memory(*(part[kept] for part in memory))
    return Hypotheses(
        torch.cat(chosen, dim=1), counts.clamp(max=max_tokens), torch.cat(weights, dim=1)
    )


def _kept(running: Tensor) -> Tensor:
    """Which rows go on, (rows,) -> (fewer,): all but whole blocks of finished ones."""
    finished = (~running[:-BLOCK]).nonzero().flatten()
    dropped = finished[: len(finished) // BLOCK * BLOCK]
    kept = torch.ones_like(running)
    kept[dropped] = False
    return kept.nonzero().flatten()
