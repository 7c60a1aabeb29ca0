"""Unknown words in training: known ones are replaced, rare ones more often."""

import torch
from torch import Tensor

from nlpflow.vocabulary import PAD, UNK


def word_dropout_rates(counts: Tensor, strength: float) -> Tensor:
    """How often to replace each word: a / (a + count).

    Kiperwasser & Goldberg 2016 ("word dropout", a = 0.25), after Iyyer et al. 2015.

    :param counts: occurrences in training of every id, (vocabulary,); a special token has 0
    :param strength: a, at least 0; 0 replaces nothing
    :returns: (vocabulary,)
    """
    if strength < 0:
        raise ValueError(f"word dropout of strength {strength}: it cannot be negative")
    if strength == 0:
        return torch.zeros(len(counts))
    return strength / (strength + counts.float())


def replace_by_unknown(ids: Tensor, rates: Tensor, generator: torch.Generator) -> Tensor:
    """Each id becomes `<unk>` with its own probability; padding stays.

    For letters every rate may be the same.

    :param ids: any shape, on the generator's device
    :param rates: probability of every id, (vocabulary,), on the same device
    """
    drawn = torch.rand(ids.shape, generator=generator, device=ids.device)
    return ids.masked_fill((drawn < rates[ids]) & (ids != PAD), UNK)
