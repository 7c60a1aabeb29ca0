"""The linear-chain conditional random field as a layer, and its likelihood.

The gradient of the log partition is written by hand: the expected counts of `forward_backward`.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from nlpflow.models.crf.chain import (
    Chain,
    Path,
    build_chain,
    check_scores,
    checked_tags,
    double,
    gold_scores,
    path_of,
    path_scores,
    sequence_scores,
    weight_table,
)
from nlpflow.models.crf.constraints import Constraints, steps_to_mix
from nlpflow.models.crf.decoding import Best, k_best, viterbi
from nlpflow.models.crf.forward_backward import forward_backward, marginals

Learnt = tuple[Tensor, Tensor, Tensor]
"""Start, (tags,), transitions, (tags, tags), and stop, (tags,)."""


class LinearChainCRF(nn.Module):
    """Scores of tag sequences: emissions given, starts, transitions and stops learnt.

    Lafferty et al. 2001; over a BiLSTM's emissions Lample et al. 2016, 2.2.

    Everywhere `emissions` are (batch, time, tags), `mask` is boolean, (batch, time), True for the
    words of a sentence and False behind them, and `tags` are numbers, (batch, time). What stands at
    padding changes nothing. ValueError for sizes that do not match, an empty sentence, a mask with
    holes, a score that is not finite, and a length for which the constraints allow no sequence.

    Args:
        constraints: what is forbidden, see `scheme_constraints`
    """

    def __init__(self, tags: int, constraints: Constraints | None = None):
        super().__init__()
        if tags < 1:
            raise ValueError(f"{tags} tags, expected 1 or more")
        self.start = nn.Parameter(torch.empty(tags).uniform_(-0.1, 0.1))
        self.transitions = nn.Parameter(torch.empty(tags, tags).uniform_(-0.1, 0.1))
        self.stop = nn.Parameter(torch.empty(tags).uniform_(-0.1, 0.1))
        self.mixing: int | None = 1
        self.constrained = constraints is not None
        if constraints is not None:
            self._constrain(constraints)

    def _constrain(self, constraints: Constraints) -> None:
        tags = len(self.start)
        for name, table in constraints._asdict().items():
            expected = (tags, tags) if name == "transitions" else (tags,)
            if table.shape != expected or table.dtype != torch.bool:
                raise ValueError(
                    f"forbidden {name}: {table.dtype} of shape {tuple(table.shape)}, "
                    f"expected torch.bool of shape {expected}"
                )
        self.register_buffer("forbidden", weight_table(*constraints), persistent=False)
        self.mixing = steps_to_mix(constraints.transitions)

    def weights(self) -> Tensor:
        """Scores of start, stop and transitions, see `weight_table`; -inf where forbidden."""
        weights = weight_table(*self._learnt())
        if self.constrained:
            weights = weights.masked_fill(self.get_buffer("forbidden"), float("-inf"))
        return weights

    def _learnt(self) -> tuple[nn.Parameter, nn.Parameter, nn.Parameter]:
        return self.start, self.transitions, self.stop

    def _chain(self, emissions: Tensor, mask: Tensor) -> Chain:
        return build_chain(emissions, mask, self.weights())

    def score(self, emissions: Tensor, mask: Tensor, tags: Tensor) -> Tensor:
        """The unnormalised score of the given tags, (batch,); -inf where they are forbidden."""
        chain = self._chain(emissions, mask)
        return sequence_scores(chain, checked_tags(chain, tags))

    def negative_log_likelihood(self, emissions: Tensor, mask: Tensor, tags: Tensor) -> Tensor:
        """-log P(tags | sentence) of each sentence, (batch,), never negative.

        Raises:
            ValueError: as above, and tags that the constraints forbid
        """
        chain = self._chain(emissions, mask)
        return negative_log_likelihood(chain, self._learnt(), tags, self.mixing)

    def perceptron_loss(self, emissions: Tensor, mask: Tensor, tags: Tensor) -> Tensor:
        """The best score minus that of the given tags, (batch,), never negative (Collins 2002).

        Raises:
            ValueError: as above, and tags that the constraints forbid
        """
        chain = self._chain(emissions, mask)
        best = sequence_scores(chain, viterbi(chain).tags)
        return (best - gold_scores(chain, checked_tags(chain, tags))).clamp_min(0)

    def log_partition(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Logarithm of the summed exponentiated scores of all tag sequences, (batch,)."""
        chain = self._chain(emissions, mask)
        return log_partition(chain, self._learnt(), self.mixing)

    def viterbi(self, emissions: Tensor, mask: Tensor) -> Best:
        """The best tags, (batch, time), 0 at padding, and their score, (batch,)."""
        return viterbi(self._chain(emissions, mask))

    def k_best(self, emissions: Tensor, mask: Tensor, k: int) -> Best:
        """The `k` best tags, best first, (batch, k, time), and their scores, (batch, k).

        Where a sentence has fewer sequences the scores behind them are -inf.
        """
        return k_best(self._chain(emissions, mask), k)

    def marginals(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """P(tag at word | sentence), (batch, time, tags), 0 at padding; without gradient."""
        return marginals(self._chain(emissions, mask), self.mixing)


def log_partition(chain: Chain, learnt: Learnt, mixing: int | None) -> Tensor:
    """Logarithm of the summed exponentiated scores of all tag sequences, (batch,); differentiable.

    Args:
        chain: its weights without gradient, which goes to its emissions and to `learnt`
        learnt: what the weights were made of
        mixing: how many transitions lead from any tag to any tag, see `steps_to_mix`

    Raises:
        ValueError: no sequence is allowed, or scores that are not finite
    """
    value = _likelihood(chain, learnt, None, mixing)
    check_scores(chain, value)
    return value


def negative_log_likelihood(
    chain: Chain, learnt: Learnt, tags: Tensor, mixing: int | None
) -> Tensor:
    """Log partition minus the score of the tags, (batch,), never negative; differentiable.

    Args:
        tags: (batch, time); anything may stand at padding

    Raises:
        ValueError: as above; tags of another shape, that do not exist, or are forbidden
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
    """Negative log-likelihood with its gradient in closed form.

    The gradient is the expected count of each start, transition, emission and stop minus its count
    in the tags (Lafferty et al. 2001, section 4).
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
