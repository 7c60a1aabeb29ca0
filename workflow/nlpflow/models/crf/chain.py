"""The scores of a batch of tag sequences: what every scan reads.

A sentence lies between two edges. The edge is one tag more, the last: from it to a tag leads a
start, from a tag to it a stop, and from edge to edge what costs nothing. Padding is edge too, so
that sentences of any length end at the same place.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Chain(NamedTuple):
    """Scores of the tag sequences of a batch of sentences; made by `build_chain`.

    The score of tags y is start[y_1] + Σ emissions[t, y_t] + Σ transitions[y_t-1, y_t] + stop[y_L]
    (Lafferty et al. 2001, eq. 1). A transition, start or stop of -inf is forbidden.
    """

    emissions: Tensor
    """(batch, time, tags)."""
    mask: Tensor
    """True where there is a word, (batch, time)."""
    weights: Tensor
    """From each tag or edge (row) to each (column), (tags + 1, tags + 1), see `weight_table`."""
    padded: bool
    """Whether any place is padding."""

    @property
    def lengths(self) -> Tensor:
        """Words of each sentence, (batch,)."""
        return self.mask.sum(dim=1)

    @property
    def start(self) -> Tensor:
        """(tags,)"""
        return self.weights[-1, :-1]

    @property
    def stop(self) -> Tensor:
        """(tags,)"""
        return self.weights[:-1, -1]

    @property
    def transitions(self) -> Tensor:
        """From tag (row) to tag (column), (tags, tags)."""
        return self.weights[:-1, :-1]


def weight_table(start: Tensor, transitions: Tensor, stop: Tensor) -> Tensor:
    """The `weights` of a chain: start is the last row, stop the last column."""
    return torch.cat(
        [torch.cat([transitions, start[None]]), nn.functional.pad(stop, (0, 1))[:, None]], dim=1
    )


def build_chain(emissions: Tensor, mask: Tensor, weights: Tensor) -> Chain:
    """Check shapes and mask.

    :param emissions: (batch, time, tags)
    :param mask: boolean, True where there is a word, (batch, time)
    :param weights: from `weight_table`
    :raises ValueError: sizes that do not match, an empty sentence, a mask with holes
    """
    tags = len(weights) - 1
    if emissions.dim() != 3 or emissions.shape[2] != tags:
        raise ValueError(
            f"emissions have shape {tuple(emissions.shape)}, expected (batch, time, {tags})"
        )
    if mask.shape != emissions.shape[:2]:
        raise ValueError(
            f"the mask has shape {tuple(mask.shape)}, expected {tuple(emissions.shape[:2])} "
            f"as the emissions {tuple(emissions.shape)} have"
        )
    if mask.dtype != torch.bool:
        raise ValueError(f"the mask is {mask.dtype}, expected torch.bool")
    if not mask.numel():
        raise ValueError(f"emissions of shape {tuple(emissions.shape)} hold no word")
    padded = not bool(mask.all())
    if padded and bool(_starts_late(mask).any()):
        raise ValueError(_bad_mask(mask))
    return Chain(emissions, mask, weights, padded)


def _starts_late(mask: Tensor) -> Tensor:
    """Where there is a word, or ought to be one, and none before it, (batch, time)."""
    return torch.cat([~mask[:, :1], mask[:, 1:] & ~mask[:, :-1]], dim=1)


def _bad_mask(mask: Tensor) -> str:
    lengths = mask.sum(dim=1)
    if not lengths.all():
        return f"sentence {int((lengths == 0).nonzero()[0])} of {len(mask)} has length 0"
    row = int(_starts_late(mask).any(dim=1).nonzero()[0])
    return (
        f"the mask of sentence {row} has holes: "
        f"{int(lengths[row])} words, the last of them at place {int(mask[row].nonzero()[-1])}"
    )


def double(chain: Chain) -> Chain:
    """The chain in float64, with 0 at padding, whatever stands there."""
    return chain._replace(emissions=_cleared(chain).double(), weights=chain.weights.double())


def check_scores(chain: Chain, scores: Tensor) -> None:
    """ValueError where the best or summed score of a sentence, (batch,), is not finite."""
    finite = scores.isfinite()
    if bool(finite.all()):
        return
    check_emissions(chain)
    row = int((~finite).nonzero()[0])
    if bool(scores[row].isneginf()):
        raise ValueError(
            f"no tag sequence of {int(chain.lengths[row])} words, the length of sentence {row}, "
            "satisfies the constraints"
        )
    raise ValueError(f"the score of sentence {row} is {scores[row].item()}: look at the parameters")


def check_emissions(chain: Chain) -> None:
    """ValueError where an emission of a word is not finite."""
    finite = _cleared(chain).isfinite()
    if not bool(finite.all()):
        place = tuple((~finite).nonzero()[0].tolist())
        value = chain.emissions[place].item()
        raise ValueError(f"the emission at (sentence, word, tag) {place} is {value}")


def by_word(chain: Chain) -> tuple[Tensor, ...]:
    """The emissions of each word, (batch, tags) each, 0 at padding."""
    return _cleared(chain).transpose(0, 1).contiguous().unbind(0)


def _cleared(chain: Chain) -> Tensor:
    if not chain.padded:
        return chain.emissions
    return chain.emissions.masked_fill(~chain.mask.unsqueeze(2), 0)
