"""Forward-backward where it is safe, and what is read from it: marginals; entropy."""

import torch
from torch import Tensor

from nlpflow.models.crf.chain import Chain, by_word, check_scores, double
from nlpflow.models.crf.logspace import LogSpace
from nlpflow.models.crf.scaled import Scaled, scale_of
from nlpflow.models.crf.scan import at_last_word, scan


def forward_backward(chain: Chain, mixing: int | None, both: bool) -> Scaled | LogSpace:
    """The scan in probability space where it is safe, else in log space.

    :param chain: in float64, whatever the model is in: it costs a few per cent on small matrices,
        holds hundreds of times the range, and a loss is a difference of large numbers
    :param both: also backward, without which there are no counts
    """
    scale = scale_of(chain, mixing)
    return Scaled(chain, scale, both) if scale.interval else LogSpace(chain, both)


@torch.no_grad()
def marginals(chain: Chain, mixing: int | None) -> Tensor:
    """Probability of each tag at each word, (batch, time, tags), 0 at padding.

    :param mixing: how many transitions lead from any tag to any tag, see `steps_to_mix`
    :raises ValueError: no sequence is allowed, or scores that are not finite
    """
    tables = forward_backward(double(chain), mixing, both=True)
    check_scores(chain, tables.log_partition)
    found, _ = tables.counts(torch.ones_like(tables.log_partition))
    return found[:-1, :, :-1].transpose(0, 1).to(chain.emissions.dtype)


@torch.no_grad()
def entropy(chain: Chain) -> Tensor:
    """Entropy of the distribution of tag sequences, (batch,), in nats; errors as above.

    The scan carries, beside the logarithm of the summed scores, the entropy of the tags so far
    given the tag now (Hernando et al. 2005, III): sums of what is not negative, where log partition
    minus mean score would cancel.
    """
    wide = double(chain)

    def step(values: Tensor) -> Tensor:
        scores = values[..., 0].unsqueeze(2) + wide.transitions
        return _mix(scores, values[..., 1].unsqueeze(2))

    def times(values: Tensor, word: Tensor) -> Tensor:
        return torch.stack([values[..., 0] + word, values[..., 1]], dim=-1)

    start = wide.start.expand(len(wide.mask), -1)
    first = torch.stack([start, torch.zeros_like(start)], dim=-1)
    after = scan(first, by_word(wide), step, times)
    last = at_last_word(after, wide.lengths)
    total, value = _mix(last[..., 0] + wide.stop, last[..., 1]).unbind(-1)
    check_scores(chain, total)
    return value.to(chain.emissions.dtype)


def _mix(scores: Tensor, entropies: Tensor) -> Tensor:
    """Log-sum and entropy, in the last axis, of a mixture over axis 1."""
    total = scores.logsumexp(dim=1)
    # Where every score is -inf all shares shall be 0, and -inf - (-inf) is not.
    shares = (scores - total.clamp_min(torch.finfo(total.dtype).min).unsqueeze(1)).exp()
    value = (shares * entropies + torch.special.entr(shares)).sum(dim=1)
    return torch.stack([total, value], dim=-1)
