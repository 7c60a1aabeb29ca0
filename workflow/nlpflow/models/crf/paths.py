"""The score of given tag sequences."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from nlpflow.models.crf.chain import Chain, check_emissions


def checked_tags(chain: Chain, tags: Tensor) -> Tensor:
    """One tag sequence a sentence, (batch, time), with 0 at padding, whatever stands there.

    :raises ValueError: another shape, or a tag that does not exist
    """
    if tags.shape != chain.mask.shape:
        raise ValueError(
            f"the tags have shape {tuple(tags.shape)}, expected {tuple(chain.mask.shape)}"
        )
    tags = tags.masked_fill(~chain.mask, 0) if chain.padded else tags
    low, high = (int(end) for end in tags.aminmax())
    last = len(chain.weights) - 2
    if low < 0 or high > last:
        raise ValueError(f"tags from {low} to {high}, expected 0 to {last}")
    return tags


class Path(NamedTuple):
    """One tag sequence a sentence, from edge to edge; made by `path_of`."""

    words: Tensor
    """The tag of each word, 0 at padding, (batch, time)."""
    tags: Tensor
    """The edge at padding and after it, (time + 1, batch)."""
    moves: Tensor
    """To each of them from the one before: cells of the flattened weights, (time + 1, batch)."""


def path_of(chain: Chain, tags: Tensor) -> Path:
    """:param tags: from `checked_tags`, (batch, time)"""
    edge = len(chain.weights) - 1
    inside = (tags.masked_fill(~chain.mask, edge) if chain.padded else tags).t()
    path = nn.functional.pad(inside, (0, 0, 1, 1), value=edge)
    return Path(tags, path[1:], torch.add(path[1:], path[:-1], alpha=len(chain.weights)))


def sequence_scores(chain: Chain, tags: Tensor) -> Tensor:
    """Score of one tag sequence a sentence, (batch,); differentiable.

    :param tags: from `checked_tags`, (batch, time)
    """
    return path_scores(chain, path_of(chain, tags))


def path_scores(chain: Chain, path: Path) -> Tensor:
    """As `sequence_scores`, of tags whose path is there already."""
    emitted = chain.emissions.gather(2, path.words.unsqueeze(2)).squeeze(2)
    if chain.padded:  # Not a product with the mask: -inf times 0 is no number.
        emitted = emitted.masked_fill(~chain.mask, 0)
    moved = chain.weights.flatten().index_select(0, path.moves.flatten())
    return emitted.sum(dim=1) + moved.view_as(path.moves).sum(dim=0)


def gold_scores(chain: Chain, tags: Tensor) -> Tensor:
    """`sequence_scores` of tags to be learnt; ValueError where they are forbidden."""
    scores = sequence_scores(chain, tags)
    if bool(scores.isneginf().any()):
        check_emissions(chain)
        row = int(scores.isneginf().nonzero()[0])
        words = tags[row, : int(chain.lengths[row])].tolist()
        raise ValueError(f"the constraints forbid the tags of sentence {row}: {words}")
    return scores
