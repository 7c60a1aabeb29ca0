"""Greedy search over the outputs of a sequence-to-sequence model: the best word at every step."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.recurrent import take_rows
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.vocabulary import EOS, SOS

BLOCK = 16
"""How many finished sentences are removed from the batch at once; the last `BLOCK` rows stay.

Matrix products are computed in blocks of rows, and a last block that is not full rounds
differently. Removing whole blocks keeps a sentence's rounding independent of when its neighbours
end. This was tested on some CPUs, and holds unless the attention's scores are a batched product:
those of Luong et al. may differ in the last digit.
"""


class Hypotheses(NamedTuple):
    """The translations of a batch."""

    words: Tensor
    """Token ids, (batch, steps); arbitrary after `<EOS>`."""
    lengths: Tensor
    """Number of words before `<EOS>`, (batch,)."""
    weights: Tensor
    """Attention weights, (batch, steps, src_time); arbitrary after `<EOS>`."""


Choose = Callable[[Tensor, Tensor, int], Tensor]
"""The next words, (rows,), given their scores (rows, vocabulary), the numbers of their sentences in
the batch, (rows,), and the number of the step."""


def greedy(
    model: Seq2Seq, src: Tensor, lengths: Tensor, max_tokens: int, copies: Tensor | None = None
) -> Hypotheses:
    """Translate a batch until every sentence ends with `<EOS>` or has `max_tokens` words.

    Args:
        model: in evaluation mode
        src: token ids padded with 0, (batch, src_time)
        lengths: number of tokens of each sentence, (batch,), on the CPU
        max_tokens: the maximum number of words of a translation
        copies: see `Seq2Seq.encode`
    """

    def best(logits: Tensor, rows: Tensor, step: int) -> Tensor:
        return logits.argmax(dim=-1)

    return word_by_word(model, src, lengths, max_tokens, best, copies)


@torch.inference_mode()
def word_by_word(
    model: Seq2Seq,
    src: Tensor,
    lengths: Tensor,
    max_tokens: int,
    choose: Choose,
    copies: Tensor | None = None,
) -> Hypotheses:
    """Translate a batch with one hypothesis for each sentence; see `greedy`."""
    memory, state = model.encode(src, lengths, copies)
    rows = torch.arange(len(src), device=src.device)  # of the sentences still in the batch
    words = torch.full_like(src[:, :1], SOS)
    running = torch.ones_like(words[:, 0], dtype=torch.bool)
    counts = torch.zeros_like(words[:, 0])
    chosen, weights = [], []
    for step in range(max_tokens + 1):  # one more step for the <EOS> of the longest
        decoded = model.decoder(words, state, memory)
        state = decoded.state
        logits = model.decoder.logits(decoded.readout)[:, 0]
        words = choose(logits, rows, step).unsqueeze(1)
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
            state, memory = take_rows((state, memory), kept)
    return Hypotheses(
        torch.cat(chosen, dim=1), counts.clamp(max=max_tokens), torch.cat(weights, dim=1)
    )


def _kept(running: Tensor) -> Tensor:
    """The indices of the rows to keep: all but the finished ones that fill whole blocks.

    Args:
        running: True for unfinished sentences, (rows,)
    """
    finished = (~running[:-BLOCK]).nonzero().flatten()
    dropped = finished[: len(finished) // BLOCK * BLOCK]
    kept = torch.ones_like(running)
    kept[dropped] = False
    return kept.nonzero().flatten()
