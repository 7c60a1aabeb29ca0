"""One scan over the words of a sentence; a semiring says what it computes.

Forward algorithm, Viterbi and their relatives are one recursion with different sums and products
(Goodman 1999, Semiring parsing; Rabiner 1989 for the hidden Markov model).
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

Step = Callable[[Tensor], Tensor]
"""From values by tag to values by next tag, over all transitions."""
Times = Callable[[Tensor, Tensor], Tensor]
"""What a word's scores add to the values by its tag."""


def scan(first: Tensor, words: Iterable[Tensor], step: Step, times: Times) -> list[Tensor]:
    """Run over the words.

    :param first: values by tag before the first word, (batch, tags), or more axes around them
    :param words: the scores of each word, of the same axes or fewer
    :returns: the values after each word
    """
    after: list[Tensor] = []
    for word in words:
        after.append(times(step(after[-1]) if after else first, word))
    return after


def at_last_word(values: list[Tensor], lengths: Tensor) -> Tensor:
    """From values after each word, (batch, ...) each, those after each sentence's last word."""
    sentences = torch.arange(len(lengths), device=lengths.device)
    return torch.stack(values)[lengths - 1, sentences]
