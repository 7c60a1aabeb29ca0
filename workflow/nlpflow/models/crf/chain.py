"""The scores of a batch of tag sequences: what every scan reads, and the scan itself.

A sentence lies between two edges. The edge is one tag more, the last: from it to a tag leads a
start, from a tag to it a stop, and from edge to edge what costs nothing. Padding is edge too, so
that sentences of any length end at the same place.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from nlpflow.models.precision import wide


class Chain(NamedTuple):
    """Scores of the tag sequences of a batch of sentences; made by `build_chain`.

    The score of tags y is start[y_1] + Σ emissions[t, y_t] + Σ transitions[y_t-1, y_t] + stop[y_L]
    (Lafferty et al. 2001, eq. 1). A transition, start or stop of -inf is forbidden.
    """

    emissions: Tensor
    """(batch, time, tags), in float32 or float64: half precision is too narrow for their sums."""
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
        """Score of each tag in the first place, (tags,)."""
        return self.weights[-1, :-1]

    @property
    def stop(self) -> Tensor:
        """Score of each tag in the last place, (tags,)."""
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

    Args:
        emissions: (batch, time, tags)
        mask: boolean, True where there is a word, (batch, time)
        weights: from `weight_table`

    Raises:
        ValueError: sizes that do not match, an empty sentence, a mask with holes
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
    return Chain(wide(emissions), mask, weights, padded)


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


def checked_tags(chain: Chain, tags: Tensor) -> Tensor:
    """One tag sequence a sentence, (batch, time), with 0 at padding, whatever stands there.

    Raises:
        ValueError: another shape, or a tag that does not exist
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

    Args:
        tags: from `checked_tags`, (batch, time)
    """
    return path_scores(chain, path_of(chain, tags))


def path_scores(chain: Chain, path: Path) -> Tensor:
    """As `sequence_scores`, of tags whose path is there already."""
    emitted = chain.emissions.gather(2, path.words.unsqueeze(2)).squeeze(2)
    if chain.padded:  # Not a product with the mask: -inf times 0 is NaN.
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


Step = Callable[[Tensor], Tensor]
"""From values by tag to values by next tag, over all transitions."""
Times = Callable[[Tensor, Tensor], Tensor]
"""What a word's scores add to the values by its tag."""


def scan(first: Tensor, words: Iterable[Tensor], step: Step, times: Times) -> list[Tensor]:
    """Run over the words of a batch; a semiring, `step` and `times`, says what is computed.

    Forward algorithm, Viterbi and their relatives are one recursion with different sums and
    products (Goodman 1999, Semiring parsing; Rabiner 1989 for the hidden Markov model).

    Args:
        first: values by tag before the first word, (batch, tags), or more axes around them
        words: the scores of each word, of the same axes or fewer

    Returns:
        the values after each word
    """
    after: list[Tensor] = []
    for word in words:
        after.append(times(step(after[-1]) if after else first, word))
    return after


def at_last_word(values: list[Tensor], lengths: Tensor) -> Tensor:
    """From values after each word, (batch, ...) each, those after each sentence's last word."""
    sentences = torch.arange(len(lengths), device=lengths.device)
    return torch.stack(values)[lengths - 1, sentences]
