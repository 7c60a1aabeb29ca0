"""Changes of the sources of a batch: words read as unknown, left out, or swapped."""

import torch
from torch import Tensor

from nlpflow.models.recurrent import sequence_mask
from nlpflow.vocabulary import EOS, UNK


def with_unknown_words(src: Tensor, counts: Tensor, rate: float) -> Tensor:
    """Read some words as the unknown word: those that occur n times with probability a / (a + n).

    Kiperwasser & Goldberg 2016, section 4.

    Args:
        src: token ids padded with 0, (batch, src_time)
        counts: how often each id occurs in training, (vocabulary,)
        rate: a
    """
    shares = rate / (rate + counts[src])
    dropped = (torch.rand(src.shape, device=src.device) < shares) & (src > EOS)
    return src.masked_fill(dropped, UNK)


def rearranged(lengths: Tensor, time: int, drop: float, swap: int) -> tuple[Tensor, Tensor]:
    """Which words of each source are read, and in which order.

    Lample et al. 2018, "Unsupervised machine translation using monolingual corpora only", section
    2.2.1. `<EOS>` stays at the end, and at least one word of a sentence that has words.

    Args:
        lengths: number of tokens of each source, `<EOS>` included, (batch,), on the CPU
        time: length of the padded sources
        drop: probability that a word is left out
        swap: the order of words is that of their position plus a number drawn from [0, swap]

    Returns:
        positions in the source, (batch, time), those that are not read at the end; and the new
        lengths, (batch,)
    """
    inside = sequence_mask(lengths, time)
    words = sequence_mask(lengths - 1, time)
    steps = torch.arange(time, dtype=torch.float32).expand(len(lengths), time)
    gone = words & (torch.rand(inside.shape) < drop)
    # If all words of a sentence would go, they all stay.
    gone &= ~(gone.sum(dim=1) == words.sum(dim=1)).unsqueeze(1)
    keys = torch.where(words, steps + torch.rand(inside.shape) * swap, steps + swap)
    keys = keys.masked_fill(gone | ~inside, float("inf"))
    return keys.argsort(dim=1, stable=True), lengths - gone.sum(dim=1)
