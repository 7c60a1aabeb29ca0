"""The linear-chain conditional random field as a layer."""

import torch
from torch import Tensor, nn

from nlpflow.models.crf.chain import Chain, build_chain, weight_table
from nlpflow.models.crf.decoding import Best, k_best, viterbi
from nlpflow.models.crf.likelihood import log_partition, negative_log_likelihood
from nlpflow.models.crf.partition import entropy, marginals
from nlpflow.models.crf.paths import checked_tags, gold_scores, sequence_scores
from nlpflow.models.crf.schemes import Constraints, steps_to_mix


class LinearChainCRF(nn.Module):
    """Scores of tag sequences: emissions given, starts, transitions and stops learnt.

    Lafferty et al. 2001; over a BiLSTM's emissions Lample et al. 2016, 2.2.

    Everywhere `emissions` are (batch, time, tags), `mask` is boolean, (batch, time), True for the
    words of a sentence and False behind them, and `tags` are numbers, (batch, time). What stands at
    padding changes nothing. ValueError for sizes that do not match, an empty sentence, a mask with
    holes, a score that is not finite, and a length for which the constraints allow no sequence.

    :param constraints: what is forbidden, see `scheme_constraints`
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

        :raises ValueError: as above, and tags that the constraints forbid
        """
        with torch.no_grad():
            chain = self._chain(emissions, mask)
        return negative_log_likelihood(chain, self._learnt(), tags, self.mixing)

    def perceptron_loss(self, emissions: Tensor, mask: Tensor, tags: Tensor) -> Tensor:
        """The best score minus that of the given tags, (batch,), never negative (Collins 2002).

        :raises ValueError: as above, and tags that the constraints forbid
        """
        chain = self._chain(emissions, mask)
        best = sequence_scores(chain, viterbi(chain).tags)
        return (best - gold_scores(chain, checked_tags(chain, tags))).clamp_min(0)

    def log_partition(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Logarithm of the summed exponentiated scores of all tag sequences, (batch,)."""
        with torch.no_grad():
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

    def entropy(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Entropy of P(tags | sentence) in nats, (batch,); without gradient."""
        return entropy(self._chain(emissions, mask))
