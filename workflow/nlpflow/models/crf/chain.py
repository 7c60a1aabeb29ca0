"""The scores of a batch of tag sequences, and the scan that all algorithms over them share.

An additional tag, the edge, stands before and after each sentence. It is the last tag. A transition
from the edge to a tag has the tag's start score, a transition from a tag to the edge its stop
score, and a transition from edge to edge scores 0. Padding is tagged as edge, so that sentences of
all lengths end at the same position.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from nlpflow.models.precision import wide


class Chain(NamedTuple):
    """Scores of the tag sequences of a batch of sentences; made by `build_chain`.

    The score of a tag sequence y of L words is start[y_1] + Σ emissions[t, y_t] +
    Σ transitions[y_t-1, y_t] + stop[y_L] (Lafferty et al. 2001, eq. 1). A transition, start or stop
    with score -inf is forbidden.
    """

    emissions: Tensor
    """(batch, time, tags), in float32 or float64: half precision cannot hold their sums."""
    mask: Tensor
    """True at words, False at padding, (batch, time)."""
    weights: Tensor
    """Score of the transition from tag or edge (row) to tag or edge (column), (tags + 1, tags + 1);
    see `weight_table`."""
    padded: bool
    """Whether there is any padding."""

    @property
    def lengths(self) -> Tensor:
        """Number of words of each sentence, (batch,)."""
        return self.mask.sum(dim=1)

    @property
    def start(self) -> Tensor:
        """Score of each tag as the first of a sentence, (tags,)."""
        return self.weights[-1, :-1]

    @property
    def stop(self) -> Tensor:
        """Score of each tag as the last of a sentence, (tags,)."""
        return self.weights[:-1, -1]

    @property
    def transitions(self) -> Tensor:
        """Score of the transition from tag (row) to tag (column), (tags, tags)."""
        return self.weights[:-1, :-1]


def weight_table(start: Tensor, transitions: Tensor, stop: Tensor) -> Tensor:
    """The `weights` of a chain, (tags + 1, tags + 1).

    Args:
        start: becomes the last row, (tags,)
        transitions: (tags, tags)
        stop: becomes the last column, (tags,)
    """
    return torch.cat(
        [torch.cat([transitions, start[None]]), nn.functional.pad(stop, (0, 1))[:, None]], dim=1
    )


def build_chain(emissions: Tensor, mask: Tensor, weights: Tensor) -> Chain:
    """Check shapes and mask, and build a chain.

    Args:
        emissions: (batch, time, tags)
        mask: boolean, True at words, (batch, time)
        weights: from `weight_table`

    Raises:
        ValueError: sizes do not match, a sentence is empty, or a word follows padding
    """
    tags = len(weights) - 1
    if emissions.dim() != 3 or emissions.shape[2] != tags:
        raise ValueError(
            f"emissions have shape {tuple(emissions.shape)}, expected (batch, time, {tags})"
        )
    if mask.shape != emissions.shape[:2]:
        raise ValueError(
            f"the mask has shape {tuple(mask.shape)}, expected {tuple(emissions.shape[:2])} "
            f"for emissions of shape {tuple(emissions.shape)}"
        )
    if mask.dtype != torch.bool:
        raise ValueError(f"the mask is {mask.dtype}, expected torch.bool")
    if not mask.numel():
        raise ValueError(f"emissions of shape {tuple(emissions.shape)} have no word")
    padded = not bool(mask.all())
    if padded and bool(_starts_late(mask).any()):
        raise ValueError(_bad_mask(mask))
    return Chain(wide(emissions), mask, weights, padded)


def _starts_late(mask: Tensor) -> Tensor:
    """True at a first position without a word and at a word after padding, (batch, time)."""
    return torch.cat([~mask[:, :1], mask[:, 1:] & ~mask[:, :-1]], dim=1)


def _bad_mask(mask: Tensor) -> str:
    lengths = mask.sum(dim=1)
    if not lengths.all():
        return f"sentence {int((lengths == 0).nonzero()[0])} of {len(mask)} has length 0"
    row = int(_starts_late(mask).any(dim=1).nonzero()[0])
    return (
        f"the mask of sentence {row} has holes: "
        f"{int(lengths[row])} words, the last of them at position {int(mask[row].nonzero()[-1])}"
    )


def double(chain: Chain) -> Chain:
    """The chain in float64, with emissions of 0 at padding."""
    return chain._replace(emissions=_cleared(chain).double(), weights=chain.weights.double())


def check_scores(chain: Chain, scores: Tensor) -> None:
    """Raise ValueError if the best or summed score of a sentence, (batch,), is not finite."""
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
    raise ValueError(f"the score of sentence {row} is {scores[row].item()}: check the parameters")


def check_emissions(chain: Chain) -> None:
    """Raise ValueError if an emission of a word is not finite."""
    finite = _cleared(chain).isfinite()
    if not bool(finite.all()):
        index = tuple((~finite).nonzero()[0].tolist())
        value = chain.emissions[index].item()
        raise ValueError(f"the emission at (sentence, word, tag) {index} is {value}")


def by_word(chain: Chain) -> tuple[Tensor, ...]:
    """The emissions at each position, a tuple of (batch, tags), 0 at padding."""
    return _cleared(chain).transpose(0, 1).contiguous().unbind(0)


def _cleared(chain: Chain) -> Tensor:
    if not chain.padded:
        return chain.emissions
    return chain.emissions.masked_fill(~chain.mask.unsqueeze(2), 0)


def checked_tags(chain: Chain, tags: Tensor) -> Tensor:
    """Check one tag sequence per sentence, and set padding to 0.

    Args:
        chain: the scores
        tags: (batch, time); values at padding are arbitrary

    Raises:
        ValueError: the tags have another shape than the mask, or a tag does not exist
    """
    if tags.shape != chain.mask.shape:
        raise ValueError(
            f"the tags have shape {tuple(tags.shape)}, expected {tuple(chain.mask.shape)}"
        )
    tags = tags.masked_fill(~chain.mask, 0) if chain.padded else tags
    low, high = (int(end) for end in tags.aminmax())
    last = len(chain.weights) - 2
    if low < 0 or high > last:
        raise ValueError(f"tags range from {low} to {high}, expected 0 to {last}")
    return tags


class Path(NamedTuple):
    """One tag sequence per sentence, from edge to edge; made by `path_of`."""

    words: Tensor
    """The tag of each word, 0 at padding, (batch, time)."""
    tags: Tensor
    """The tag at each position, the edge at padding and at the end, (time + 1, batch)."""
    moves: Tensor
    """The transition to each of `tags` as an index of the flattened weights, (time + 1, batch)."""


def path_of(chain: Chain, tags: Tensor) -> Path:
    """The path of one tag sequence per sentence.

    Args:
        chain: the scores
        tags: from `checked_tags`, (batch, time)
    """
    edge = len(chain.weights) - 1
    inside = (tags.masked_fill(~chain.mask, edge) if chain.padded else tags).t()
    path = nn.functional.pad(inside, (0, 0, 1, 1), value=edge)
    return Path(tags, path[1:], torch.add(path[1:], path[:-1], alpha=len(chain.weights)))


def sequence_scores(chain: Chain, tags: Tensor) -> Tensor:
    """Score of one tag sequence per sentence, (batch,); differentiable.

    Args:
        chain: the scores
        tags: from `checked_tags`, (batch, time)
    """
    return path_scores(chain, path_of(chain, tags))


def path_scores(chain: Chain, path: Path) -> Tensor:
    """The same as `sequence_scores`, for tags whose path is known."""
    emitted = chain.emissions.gather(2, path.words.unsqueeze(2)).squeeze(2)
    if chain.padded:  # Not a product with the mask: -inf times 0 is NaN.
        emitted = emitted.masked_fill(~chain.mask, 0)
    moved = chain.weights.flatten().index_select(0, path.moves.flatten())
    return emitted.sum(dim=1) + moved.view_as(path.moves).sum(dim=0)


def gold_scores(chain: Chain, tags: Tensor) -> Tensor:
    """The `sequence_scores` of gold tags.

    Raises:
        ValueError: the constraints forbid the tags of a sentence
    """
    scores = sequence_scores(chain, tags)
    if bool(scores.isneginf().any()):
        check_emissions(chain)
        row = int(scores.isneginf().nonzero()[0])
        words = tags[row, : int(chain.lengths[row])].tolist()
        raise ValueError(f"the constraints forbid the tags of sentence {row}: {words}")
    return scores


Step = Callable[[Tensor], Tensor]
"""Takes the values of the tags of one word to those of the next word, over all transitions."""
Times = Callable[[Tensor, Tensor], Tensor]
"""Combines the values of a word's tags with the word's own scores."""


def scan(first: Tensor, words: Iterable[Tensor], step: Step, times: Times) -> list[Tensor]:
    """Run a dynamic programme over the words of a batch.

    The forward algorithm, Viterbi and their relatives are one recursion over different semirings
    (Goodman 1999, Semiring parsing; Rabiner 1989 for the hidden Markov model). `step` and `times`
    define the semiring.

    Args:
        first: the value of each tag before the first word, (batch, tags), or with more axes
        words: the scores at each position, with the same axes or fewer
        step: see `Step`
        times: see `Times`

    Returns:
        the values after each word
    """
    after: list[Tensor] = []
    for word in words:
        after.append(times(step(after[-1]) if after else first, word))
    return after


def at_last_word(values: list[Tensor], lengths: Tensor) -> Tensor:
    """The values after the last word of each sentence, (batch, ...).

    Args:
        values: those after each position, (batch, ...) each
        lengths: number of words of each sentence, (batch,)
    """
    sentences = torch.arange(len(lengths), device=lengths.device)
    return torch.stack(values)[lengths - 1, sentences]
