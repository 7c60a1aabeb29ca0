"""Log partition and negative log-likelihood, with their gradient written by hand."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from nlpflow.models.crf.chain import (
    Chain,
    check_scores,
    checked_tags,
    double,
    gold_scores,
    sequence_scores,
    weight_table,
)
from nlpflow.models.crf.partition import forward_backward


def log_partition(chain: Chain, mixing: int | None) -> Tensor:
    """Logarithm of the summed exponentiated scores of all tag sequences, (batch,); differentiable.

    :param mixing: how many transitions lead from any tag to any tag, see `steps_to_mix`
    :raises ValueError: no sequence is allowed, or scores that are not finite
    """
    value = _likelihood(chain, None, mixing)
    check_scores(chain, value)
    return value


def negative_log_likelihood(chain: Chain, tags: Tensor, mixing: int | None) -> Tensor:
    """Log partition minus the score of the tags, (batch,), never negative; differentiable.

    :param tags: (batch, time); anything may stand at padding
    :raises ValueError: as above; tags of another shape, that do not exist, or are forbidden
    """
    tags = checked_tags(chain, tags)
    value = _likelihood(chain, tags, mixing)
    if not bool(value.isfinite().all()):
        log_partition(chain, mixing)
        gold_scores(chain, tags)
        check_scores(chain, value)
    return value


def _likelihood(chain: Chain, tags: Tensor | None, mixing: int | None) -> Tensor:
    wanted = chain.emissions.requires_grad or chain.weights.requires_grad
    both = wanted and torch.is_grad_enabled()
    given = (chain.emissions, chain.weights, chain, tags, mixing, both)
    value: Tensor = _Likelihood.apply(*given)  # type: ignore[no-untyped-call]
    return value


class _Likelihood(torch.autograd.Function):
    """The gradient is how often each start, transition, emission and stop is expected, less how
    often it is in the tags (Lafferty et al. 2001, 4).
    """

    @staticmethod
    def forward(
        ctx: Any,
        emissions: Tensor,
        weights: Tensor,
        chain: Chain,
        tags: Tensor | None,
        mixing: int | None,
        both: bool,
    ) -> Tensor:
        ctx.dtypes = emissions.dtype, weights.dtype
        ctx.chain, ctx.tags = chain, tags
        with torch.inference_mode():  # small operations, the tenth part cheaper for it
            wide = double(chain)
            ctx.tables = forward_backward(wide, mixing, both)
            value: Tensor = ctx.tables.log_partition
            if tags is not None:
                # The sum has this score in it: only rounding could make the difference negative.
                value = (value - sequence_scores(wide, tags)).clamp_min(0)
        # A tensor of its own: the tables outlive the call, and must not hold its result.
        return value.to(emissions.dtype, copy=True)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, weights: Tensor) -> tuple[Tensor | None, ...]:
        lengths, inside = ctx.chain.lengths, ctx.chain.mask.t()
        with torch.inference_mode():
            spread = weights.double().expand_as(inside).masked_fill(~inside, 0)
            counts, pairs = ctx.tables.counts(spread)
            if ctx.tags is not None:
                _subtract(ctx.tags.t(), spread, counts, pairs)
            last = counts[lengths - 1, torch.arange(len(lengths), device=lengths.device)]
            table = weight_table(counts[0].sum(dim=0), pairs, last.sum(dim=0))
        found = (counts.transpose(0, 1), table)
        copies = (value.to(d, copy=True) for value, d in zip(found, ctx.dtypes, strict=True))
        return (*copies, None, None, None, None)


def _subtract(tags: Tensor, weights: Tensor, counts: Tensor, pairs: Tensor) -> None:
    """Take the tags themselves off their expected counts, in place.

    :param tags: (time, batch)
    :param weights: of the words, 0 at padding, (time, batch)
    :param counts: (time, batch, tags)
    :param pairs: (tags, tags)
    """
    less = -weights
    counts.scatter_add_(2, tags.unsqueeze(2), less.unsqueeze(2))
    moves = tags[:-1] * len(pairs) + tags[1:]
    pairs.view(-1).index_add_(0, moves.flatten(), less[1:].flatten())
