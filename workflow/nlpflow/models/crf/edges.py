"""Words between edges, laid out for a scan that needs no mask."""

import torch
from torch import Tensor, nn

from nlpflow.models.crf.chain import Chain


def from_edge_to_edge(chain: Chain, words: Tensor, zero: float, one: float) -> Tensor:
    """Lay words out for a scan: edge, words, edge; nothing but the edge is possible at padding.

    :param words: the scores of their tags in some semiring, (batch, time, tags)
    :param zero: that semiring's score of what is impossible
    :param one: that of what is free
    :returns: (time + 2, batch, tags + 1)
    """
    found = nn.functional.pad(words.transpose(0, 1), (0, 1, 0, 0, 1, 1), value=zero)
    found[:: len(found) - 1, :, -1] = one
    if chain.padded:
        padding = ~chain.mask.t()
        found[1:-1].masked_fill_(padding.unsqueeze(2), zero)
        found[1:-1, :, -1].masked_fill_(padding, one)
    return found


def both_ways(words: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Forward and backward as one scan: backward is forward over the batch from its other end.

    :param words: from `from_edge_to_edge`, (places, batch, tags + 1)
    :returns: the words in both ways, (places, 2, batch, tags + 1), and the weights of both
    """
    return torch.stack([words, words.flip(0)], dim=1), torch.stack([weights, weights.t()])
