"""Decoding of a CRF: the best tag sequence (Viterbi 1967) and the k best ones."""

from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain, at_last_word, by_word, check_scores, scan


class Best(NamedTuple):
    """The best tag sequences of a batch."""

    tags: Tensor
    """(batch, time), or (batch, k, time) best first; 0 at padding."""
    scores: Tensor
    """(batch,) or (batch, k)."""


@torch.no_grad()
def viterbi(chain: Chain) -> Best:
    """The best tag sequence of every sentence. The choice among equal scores is deterministic.

    Raises:
        ValueError: no sequence is allowed, or a score is not finite
    """
    pointers: list[Tensor] = []
    transitions = chain.transitions

    def step(values: Tensor) -> Tensor:
        best, previous = (values.unsqueeze(2) + transitions).max(dim=1)
        pointers.append(previous)
        return best

    first = chain.start.expand(len(chain.mask), -1)
    after = scan(first, by_word(chain), step, torch.add)
    scores, tag = (at_last_word(after, chain.lengths) + chain.stop).max(dim=1)
    check_scores(chain, scores)
    return Best(_trace(chain, pointers, tag.unsqueeze(1)).squeeze(1), scores)


@torch.no_grad()
def k_best(chain: Chain, k: int) -> Best:
    """The `k` best tag sequences of every sentence.

    Where Viterbi keeps one value per tag, this keeps one per tag and rank. If a sentence has fewer
    than `k` sequences, the rest has scores of -inf and tags of 0.

    Raises:
        ValueError: no sequence is allowed, a score is not finite, or `k` is below 1
    """
    if k < 1:
        raise ValueError(f"k is {k}, expected 1 or more")
    pointers: list[Tensor] = []

    def best(candidates: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, tags, ranks, any) -> the k best, (batch, any, k), and their flat (tag, rank)."""
        flat = candidates.flatten(1, 2).transpose(1, 2)
        values, origins = flat.topk(k, dim=2)
        return values, origins

    def step(values: Tensor) -> Tensor:
        kept, origins = best(values.unsqueeze(3) + chain.transitions[:, None])
        pointers.append(origins.flatten(1))
        return kept

    first = torch.full((len(chain.mask), len(chain.start), k), float("-inf")).to(chain.emissions)
    first[:, :, 0] = chain.start
    after = scan(first, by_word(chain), step, lambda values, word: values + word.unsqueeze(2))
    last = at_last_word(after, chain.lengths) + chain.stop[:, None]
    scores, origin = (part.squeeze(1) for part in best(last.unsqueeze(3)))
    check_scores(chain, scores[:, 0])
    tags = _trace(chain, pointers, origin) // k
    return Best(tags.masked_fill(scores.isneginf().unsqueeze(2), 0), scores)


def _trace(chain: Chain, pointers: list[Tensor], last: Tensor) -> Tensor:
    """Follow the pointers back from the last word of each sentence to the first.

    Args:
        chain: the scores
        pointers: the index of the value that each value came from, (batch, any), for each word but
            the first
        last: the index to start from at the last word of each sentence, (batch, paths)

    Returns:
        the index at each word, (batch, paths, time), 0 at padding
    """
    inside = chain.mask.t().unsqueeze(2).unbind(0)
    path = [last]
    for pointer, word in zip(reversed(pointers), reversed(inside[1:]), strict=True):
        # At padding the index of the sentence's last word is carried along.
        path.append(torch.where(word, pointer.gather(1, path[-1]), path[-1]))
    path.reverse()
    return torch.stack(path, dim=2).masked_fill(~chain.mask.unsqueeze(1), 0)
