"""Greedy search: the best next word, again and again. It knows no task."""

from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.vocabulary import EOS, SOS


class Hypotheses(NamedTuple):
    """What a search found for a batch."""

    words: Tensor
    """Token ids, (batch, steps); after `<EOS>` whatever follows is to be ignored."""
    lengths: Tensor
    """Words before `<EOS>`, (batch,)."""
    weights: Tensor
    """Attention weights, (batch, steps, src_time)."""


@torch.inference_mode()
def greedy(model: Seq2Seq, src: Tensor, lengths: Tensor, max_tokens: int) -> Hypotheses:
    """Translate a batch until every sentence has said `<EOS>` or has `max_tokens` words.

    :param src: padded ids, (batch, src_time)
    :param lengths: (batch,), on the CPU
    """
    memory, state = model.encode(src, lengths)
    words = torch.full_like(src[:, :1], SOS)
    running = torch.ones_like(words[:, 0], dtype=torch.bool)
    counts = torch.zeros_like(words[:, 0])
    chosen, weights = [], []
    for _ in range(max_tokens + 1):  # one more for the <EOS> of the longest
        decoded = model.decoder(words, state, memory)
        state = decoded.state
        words = model.decoder.logits(decoded.readout).argmax(dim=-1)
        running = running & (words[:, 0] != EOS)
        counts += running
        chosen.append(words)
        weights.append(decoded.weights)
        if not running.any():
            break
    return Hypotheses(
        torch.cat(chosen, dim=1), counts.clamp(max=max_tokens), torch.cat(weights, dim=1)
    )
