"""The linear-chain conditional random field (CRF) as a module, and its likelihood.

The gradient of the log partition is not left to autograd: it is computed in closed form, as the
expected counts of `forward_backward`.
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
"""The parameters: start, (tags,), transitions, (tags, tags), and stop, (tags,)."""


class LinearChainCRF(nn.Module):
    """Linear-chain CRF (Lafferty et al. 2001), here over given emissions.

    It learns the scores of transitions, starts and stops. Lample et al. 2016, section 2.2, apply it
    to the emissions of a BiLSTM.

    In all methods `emissions` are (batch, time, tags). `mask` is boolean, (batch, time), True for
    the words of a sentence and False after them. `tags` are tag ids, (batch, time). Values at
    padding do not matter.

    All methods raise ValueError if sizes do not match, a sentence is empty, the mask has holes, a
    score is not finite, or the constraints allow no sequence of a sentence's length.

    Args:
        tags: number of tags, at least 1
        constraints: the forbidden starts, transitions and stops, see `scheme_constraints`
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
            ValueError: see the class; also if the constraints forbid the tags
        """
        chain = self._chain(emissions, mask)
        return negative_log_likelihood(chain, self._learnt(), tags, self.mixing)

    def perceptron_loss(
        self, emissions: Tensor, mask: Tensor, tags: Tensor, margin: float = 0.0
    ) -> Tensor:
        """The best score minus the score of the tags, (batch,), never negative (Collins 2002).

        With a margin it is the structured hinge loss with Hamming cost (Taskar et al. 2004,
        section 3): the search for the best sequence adds the margin for each wrong tag, so that the
        given tags must win by it. Without a margin, the loss is 0 if all scores are equal.

        Raises:
            ValueError: see the class; also if the constraints forbid the tags
        """
        chain = self._chain(emissions, mask)
        tags = checked_tags(chain, tags)
        gold = gold_scores(chain, tags)
        if margin:
            cost = torch.full_like(chain.emissions, margin).scatter(2, tags.unsqueeze(2), 0.0)
            chain = chain._replace(emissions=chain.emissions + cost)
        best = sequence_scores(chain, viterbi(chain).tags)
        return (best - gold).clamp_min(0)

    def log_partition(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Logarithm of the sum of the exponentiated scores of all tag sequences, (batch,)."""
        chain = self._chain(emissions, mask)
        return log_partition(chain, self._learnt(), self.mixing)

    def viterbi(self, emissions: Tensor, mask: Tensor) -> Best:
        """The best tags, (batch, time), 0 at padding, and their score, (batch,)."""
        return viterbi(self._chain(emissions, mask))

    def k_best(self, emissions: Tensor, mask: Tensor, k: int) -> Best:
        """The `k` best tag sequences, best first, (batch, k, time), and their scores, (batch, k).

        If a sentence has fewer than `k` sequences, the rest has scores of -inf.
        """
        return k_best(self._chain(emissions, mask), k)

    def marginals(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """P(tag at word | sentence), (batch, time, tags), 0 at padding; not differentiable."""
        return marginals(self._chain(emissions, mask), self.mixing)


def log_partition(chain: Chain, learnt: Learnt, mixing: int | None) -> Tensor:
    """Logarithm of the sum of the exponentiated scores of all tag sequences, (batch,).

    It is differentiable with respect to the emissions of the chain and to `learnt`.

    Args:
        chain: the scores; its weights receive no gradient
        learnt: the parameters from which the weights of the chain were built
        mixing: see `nlpflow.models.crf.constraints.steps_to_mix`

    Raises:
        ValueError: no sequence is allowed, or a score is not finite
    """
    value = _likelihood(chain, learnt, None, mixing)
    check_scores(chain, value)
    return value


def negative_log_likelihood(
    chain: Chain, learnt: Learnt, tags: Tensor, mixing: int | None
) -> Tensor:
    """Log partition minus the score of the tags, (batch,), never negative.

    It is differentiable with respect to the emissions of the chain and to `learnt`.

    Args:
        chain: see `log_partition`
        learnt: see `log_partition`
        tags: (batch, time); values at padding are arbitrary
        mixing: see `log_partition`

    Raises:
        ValueError: see `log_partition`; also if the tags have another shape than the mask, do not
            exist, or are forbidden
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
    """Negative log-likelihood, or without a path log partition, with its gradient in closed form.

    The gradient with respect to each start, transition, emission and stop is its expected count
    minus its count in the tags (Lafferty et al. 2001, section 4).
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
        with torch.inference_mode():  # about a tenth faster: these are many small operations
            wide = double(chain)
            ctx.tables = forward_backward(wide, mixing, both)
            value: Tensor = ctx.tables.log_partition
            if path is not None:
                # The partition contains this score: only rounding can make the difference negative.
                value = (value - path_scores(wide, path)).clamp_min(0)
        # A copy, because the tables outlive this call and must not share memory with its result.
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
