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
    """(batch, time, tags), zero at padding."""
    mask: Tensor
    """True where there is a word, (batch, time)."""
    lengths: Tensor
    """Words of each sentence, (batch,)."""
    start: Tensor
    """(tags,)"""
    transitions: Tensor
    """From tag (row) to tag (column), (tags, tags)."""
    stop: Tensor
    """(tags,)"""


def build_chain(
    emissions: Tensor, mask: Tensor, start: Tensor, transitions: Tensor, stop: Tensor
) -> Chain:
    """Check shapes and mask, and clear the padding, whatever stands there.

    :param emissions: (batch, time, tags)
    :param mask: boolean, True where there is a word, (batch, time)
    :raises ValueError: sizes that do not match, an empty sentence, a mask with holes
    """
    tags = len(start)
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
    if not (torch.equal(mask, places < lengths.unsqueeze(1)) and bool(mask[:, 0].all())):
        raise ValueError(_bad_mask(mask, lengths))
    cleared = emissions.masked_fill(~mask.unsqueeze(2), 0)
    return Chain(cleared, mask, lengths, start, transitions, stop)


def _bad_mask(mask: Tensor, lengths: Tensor) -> str:
    if not lengths.all():
        return f"sentence {int((lengths == 0).nonzero()[0])} of {len(mask)} has length 0"
    holes = (~mask.cummin(dim=1).values & mask).any(dim=1)
    row = int(holes.nonzero()[0])
    return (
        f"the mask of sentence {row} has holes: "
        f"{int(lengths[row])} words, the last of them at place {int(mask[row].nonzero()[-1])}"
    )


def sequence_scores(chain: Chain, tags: Tensor) -> Tensor:
    """Score of one tag sequence a sentence, (batch,); differentiable.

    :param tags: (batch, time); anything may stand at padding
    :raises ValueError: another shape, or a tag that does not exist
    """
    if tags.shape != chain.mask.shape:
        raise ValueError(
            f"the tags have shape {tuple(tags.shape)}, expected {tuple(chain.mask.shape)}"
        )
    tags = tags.masked_fill(~chain.mask, 0)
    low, high = (int(end) for end in tags.aminmax())
    if low < 0 or high >= len(chain.start):
        raise ValueError(f"tags from {low} to {high}, expected 0 to {len(chain.start) - 1}")
    emitted = chain.emissions.gather(2, tags.unsqueeze(2)).squeeze(2).sum(dim=1)
    last = tags.gather(1, chain.lengths.unsqueeze(1) - 1).squeeze(1)
    moves = chain.transitions[tags[:, :-1], tags[:, 1:]]
    # Not a product with the mask: -inf times 0 is no number.
    moved = moves.masked_fill(~chain.mask[:, 1:], 0).sum(dim=1)
    return emitted + moved + chain.start[tags[:, 0]] + chain.stop[last]


def gold_scores(chain: Chain, tags: Tensor) -> Tensor:
    """`sequence_scores` of tags that a model shall learn; ValueError where they are forbidden."""
    scores = sequence_scores(chain, tags)
    if bool(scores.isneginf().any()):
        _check_emissions(chain)
        row = int(scores.isneginf().nonzero()[0])
        words = tags[row, : int(chain.lengths[row])].tolist()
        raise ValueError(f"the constraints forbid the tags of sentence {row}: {words}")
    return scores


def double(chain: Chain) -> Chain:
    """The chain in float64."""
    return chain._replace(
        emissions=chain.emissions.double(),
        start=chain.start.double(),
        transitions=chain.transitions.double(),
        stop=chain.stop.double(),
    )


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
    finite = chain.emissions.isfinite()
    if not bool(finite.all()):
        place = tuple((~finite).nonzero()[0].tolist())
        value = chain.emissions[place].item()
        raise ValueError(f"the emission at (sentence, word, tag) {place} is {value}")
