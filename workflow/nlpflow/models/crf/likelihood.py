"""Log partition and negative log-likelihood, with their gradient written by hand."""

import math
from typing import Any

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain, check_scores, double
from nlpflow.models.crf.partition import forward_backward
from nlpflow.models.crf.paths import Path, checked_tags, gold_scores, path_of, path_scores

Learnt = tuple[Tensor, Tensor, Tensor]
"""Start, (tags,), transitions, (tags, tags), and stop, (tags,)."""


def log_partition(chain: Chain, learnt: Learnt, mixing: int | None) -> Tensor:
    """Logarithm of the summed exponentiated scores of all tag sequences, (batch,); differentiable.

    :param chain: its weights without gradient, which goes to its emissions and to `learnt`
    :param learnt: what the weights were made of
    :param mixing: how many transitions lead from any tag to any tag, see `steps_to_mix`
    :raises ValueError: no sequence is allowed, or scores that are not finite
    """
    value = _likelihood(chain, learnt, None, mixing)
    check_scores(chain, value)
    return value


def negative_log_likelihood(
    chain: Chain, learnt: Learnt, tags: Tensor, mixing: int | None
) -> Tensor:
    """Log partition minus the score of the tags, (batch,), never negative; differentiable.

    :param tags: (batch, time); anything may stand at padding
    :raises ValueError: as above; tags of another shape, that do not exist, or are forbidden
    """
    tags = checked_tags(chain, tags)
    value = _likelihood(chain, learnt, path_of(chain, tags), mixing)
    if not math.isfinite(float(value.detach().sum(dtype=torch.float64))):
        log_partition(chain, learnt, mixing)
        gold_scores(chain, tags)
        check_scores(chain, value)
    return value


def _likelihood(chain: Chain, learnt: Learnt, path: Path | None, mixing: int | None) -> Tensor:
    wanted = any(value.requires_grad for value in (chain.emissions, *learnt))
    both = wanted and torch.is_grad_enabled()
    given = (chain.emissions, *learnt, chain, path, mixing, both)
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
        start: Tensor,
        transitions: Tensor,
        stop: Tensor,
        chain: Chain,
        path: Path | None,
        mixing: int | None,
        both: bool,
    ) -> Tensor:
        ctx.dtypes = [value.dtype for value in (emissions, start, transitions, stop)]
        ctx.path = path
        with torch.inference_mode():  # small operations, the tenth part cheaper for it
            wide = double(chain)
            ctx.tables = forward_backward(wide, mixing, both)
            value: Tensor = ctx.tables.log_partition
            if path is not None:
                # The sum has this score in it: only rounding could make the difference negative.
                value = (value - path_scores(wide, path)).clamp_min(0)
        # A tensor of its own: the tables outlive the call, and must not hold its result.
        return value.to(emissions.dtype, copy=True)

    @staticmethod
    def backward(ctx: Any, weights: Tensor) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():  # create_graph
            raise RuntimeError("the likelihood of the CRF can be differentiated once, not twice")
        with torch.inference_mode():
            weights = weights.double()
            counts, moves = ctx.tables.counts(weights)
            if ctx.path is not None:
                less = (-weights).expand_as(ctx.path.tags)
                counts.scatter_add_(2, ctx.path.tags.unsqueeze(2), less.unsqueeze(2))
                moves.view(-1).index_add_(0, ctx.path.moves.flatten(), less.flatten())
            tags = counts[:-1, :, :-1].transpose(0, 1)
            found = tags, moves[-1, :-1], moves[:-1, :-1], moves[:-1, -1]
        copies = (value.to(d, copy=True) for value, d in zip(found, ctx.dtypes, strict=True))
        return (*copies, None, None, None, None)
