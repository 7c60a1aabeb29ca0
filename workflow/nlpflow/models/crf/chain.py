"""The scores of a batch of tag sequences: what every scan reads."""

from typing import NamedTuple

import torch
from torch import Tensor


class Chain(NamedTuple):
    """Scores of the tag sequences of a batch of sentences; made by `build_chain`.

    The score of tags y is start[y_1] + Σ emissions[t, y_t] + Σ transitions[y_t-1, y_t] + stop[y_L]
    (Lafferty et al. 2001, eq. 1). A transition, start or stop of -inf is forbidden.
    """

    emissions: Tensor
    """(batch, time, tags)."""
    mask: Tensor
    """True where there is a word, (batch, time)."""
    lengths: Tensor
    """Words of each sentence, (batch,)."""
    weights: Tensor
    """Start, stop, and from each tag (row) to each (column), in one table, (2 + tags, tags)."""

    @property
    def start(self) -> Tensor:
        """(tags,)"""
        return self.weights[0]

    @property
    def stop(self) -> Tensor:
        """(tags,)"""
        return self.weights[1]

    @property
    def transitions(self) -> Tensor:
        """From tag (row) to tag (column), (tags, tags)."""
        return self.weights[2:]


def weight_table(start: Tensor, transitions: Tensor, stop: Tensor) -> Tensor:
    """The `weights` of a chain."""
    return torch.cat([start[None], stop[None], transitions])


def build_chain(emissions: Tensor, mask: Tensor, weights: Tensor) -> Chain:
    """Check shapes and mask.

    :param emissions: (batch, time, tags)
    :param mask: boolean, True where there is a word, (batch, time)
    :param weights: from `weight_table`
    :raises ValueError: sizes that do not match, an empty sentence, a mask with holes
    """
    tags = weights.shape[1]
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
    lengths = mask.sum(dim=1)
    places = torch.arange(mask.shape[1], device=mask.device)
    if not torch.equal(mask, places < lengths.unsqueeze(1)) or int(lengths.min()) == 0:
        raise ValueError(_bad_mask(mask, lengths))
    return Chain(emissions, mask, lengths, weights)


def _bad_mask(mask: Tensor, lengths: Tensor) -> str:
    if not lengths.all():
        return f"sentence {int((lengths == 0).nonzero()[0])} of {len(mask)} has length 0"
    holes = (~mask.cummin(dim=1).values & mask).any(dim=1)
    row = int(holes.nonzero()[0])
    return (
        f"the mask of sentence {row} has holes: "
        f"{int(lengths[row])} words, the last of them at place {int(mask[row].nonzero()[-1])}"
    )


def checked_tags(chain: Chain, tags: Tensor) -> Tensor:
    """One tag sequence a sentence, (batch, time), with 0 at padding, whatever stands there.

    :raises ValueError: another shape, or a tag that does not exist
    """
    if tags.shape != chain.mask.shape:
        raise ValueError(
            f"the tags have shape {tuple(tags.shape)}, expected {tuple(chain.mask.shape)}"
        )
    tags = tags.masked_fill(~chain.mask, 0)
    low, high = (int(end) for end in tags.aminmax())
    last = chain.weights.shape[1] - 1
    if low < 0 or high > last:
        raise ValueError(f"tags from {low} to {high}, expected 0 to {last}")
    return tags


def sequence_scores(chain: Chain, tags: Tensor) -> Tensor:
    """Score of one tag sequence a sentence, (batch,); differentiable.

    :param tags: from `checked_tags`, (batch, time)
    """
    last = tags.gather(1, chain.lengths.unsqueeze(1) - 1).squeeze(1)
    emitted = chain.emissions.gather(2, tags.unsqueeze(2)).squeeze(2)
    moves = chain.transitions[tags[:, :-1], tags[:, 1:]]
    words = torch.cat([emitted[:, :1], emitted[:, 1:] + moves], dim=1)
    # Not a product with the mask: -inf times 0 is no number.
    inside = words.masked_fill(~chain.mask, 0).sum(dim=1)
    return inside + chain.start[tags[:, 0]] + chain.stop[last]


def gold_scores(chain: Chain, tags: Tensor) -> Tensor:
    """`sequence_scores` of tags to be learnt; ValueError where they are forbidden."""
    scores = sequence_scores(chain, tags)
    if bool(scores.isneginf().any()):
        _check_emissions(chain)
        row = int(scores.isneginf().nonzero()[0])
        words = tags[row, : int(chain.lengths[row])].tolist()
        raise ValueError(f"the constraints forbid the tags of sentence {row}: {words}")
    return scores


def double(chain: Chain) -> Chain:
    """The chain in float64, with 0 at padding, whatever stands there."""
    return chain._replace(emissions=_cleared(chain).double(), weights=chain.weights.double())


def check_scores(chain: Chain, scores: Tensor) -> None:
    """ValueError where the best or summed score of a sentence, (batch,), is not finite."""
    finite = scores.isfinite()
    if bool(finite.all()):
        return
    _check_emissions(chain)
    row = int((~finite).nonzero()[0])
    if bool(scores[row].isneginf()):
        raise ValueError(
            f"no tag sequence of {int(chain.lengths[row])} words, the length of sentence {row}, "
            "satisfies the constraints"
        )
    raise ValueError(f"the score of sentence {row} is {scores[row].item()}: look at the parameters")


def _check_emissions(chain: Chain) -> None:
    finite = _cleared(chain).isfinite()
    if not bool(finite.all()):
        place = tuple((~finite).nonzero()[0].tolist())
        value = chain.emissions[place].item()
        raise ValueError(f"the emission at (sentence, word, tag) {place} is {value}")


def by_word(chain: Chain) -> tuple[Tensor, ...]:
    """The emissions of each word, (batch, tags) each, 0 at padding."""
    return _cleared(chain).transpose(0, 1).contiguous().unbind(0)


def _cleared(chain: Chain) -> Tensor:
    padded = int(chain.lengths.min()) < chain.mask.shape[1]
    return chain.emissions.masked_fill(~chain.mask.unsqueeze(2), 0) if padded else chain.emissions
