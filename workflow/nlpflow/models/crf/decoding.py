"""The best tag sequences: the scan with maximum and sum (Viterbi 1967), and its k-best form."""

from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain, by_word, check_scores, scan


class Best(NamedTuple):
    """The best tag sequences of a batch."""

    tags: Tensor
    """(batch, time), or (batch, k, time) best first; 0 at padding."""
    scores: Tensor
    """(batch,) or (batch, k)."""


@torch.no_grad()
def viterbi(chain: Chain) -> Best:
    """The best tag sequence of every sentence; of equal ones always the same.

    Raises:
        ValueError: no sequence is allowed, or scores that are not finite
    """
    pointers: list[Tensor] = []
    transitions = chain.transitions

    def step(values: Tensor) -> Tensor:
        best, previous = (values.unsqueeze(2) + transitions).max(dim=1)
        pointers.append(previous)
        return best

    first = chain.start.expand(len(chain.mask), -1)
    after = scan(first, by_word(chain), step, torch.add)
    scores, tag = (_at_last_word(after, chain.lengths) + chain.stop).max(dim=1)
    check_scores(chain, scores)
    return Best(_trace(chain, pointers, tag.unsqueeze(1)).squeeze(1), scores)


@torch.no_grad()
def k_best(chain: Chain, k: int) -> Best:
    """The `k` best tag sequences of every sentence.

    A value for every tag and rank takes the place of Viterbi's value for every tag. A sentence
    with fewer sequences has scores of -inf, and tags of 0, behind them.

    Raises:
        ValueError: no sequence is allowed, scores that are not finite, or k below 1
    """
    if k < 1:
        raise ValueError(f"k is {k}, expected 1 or more")
    pointers: list[Tensor] = []

    def best(candidates: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, tags, ranks, any) -> the best (batch, any, k) and what tag and rank they had."""
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
    last = _at_last_word(after, chain.lengths) + chain.stop[:, None]
    scores, origin = (part.squeeze(1) for part in best(last.unsqueeze(3)))
    check_scores(chain, scores[:, 0])
    tags = _trace(chain, pointers, origin) // k
    return Best(tags.masked_fill(scores.isneginf().unsqueeze(2), 0), scores)


def _trace(chain: Chain, pointers: list[Tensor], last: Tensor) -> Tensor:
    """Follow the pointers back.

    Args:
        pointers: where each value came from, (batch, any), for each word but the first
        last: where to start at the last word of each sentence, (batch, paths)

    Returns:
        (batch, paths, time), 0 at padding
    """
    inside = chain.mask.t().unsqueeze(2).unbind(0)
    path = [last]
    for pointer, word in zip(reversed(pointers), reversed(inside[1:]), strict=True):
        # Behind a sentence's end its last word waits.
        path.append(torch.where(word, pointer.gather(1, path[-1]), path[-1]))
    path.reverse()
    return torch.stack(path, dim=2).masked_fill(~chain.mask.unsqueeze(1), 0)


def _at_last_word(values: list[Tensor], lengths: Tensor) -> Tensor:
    """From values after each word, (batch, ...) each, those after each sentence's last word."""
    sentences = torch.arange(len(lengths), device=lengths.device)
    return torch.stack(values)[lengths - 1, sentences]
