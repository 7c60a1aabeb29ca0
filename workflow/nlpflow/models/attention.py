"""Attention: where a decoder looks in the source at each step.

Every attention returns `(context, weights)` and needs a mask. The plain decoder is the attention
that sees nothing, so that one decoder serves all of them.

In training and greedy search a sentence has one decoder state. In beam search it has several: they
are consecutive rows, as many for every sentence, and share the sentence's memory. Hence the axis
`states` below; `rows` is sentences times states.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn


class Memory(NamedTuple):
    """The encoded source, made once a batch and read at every step."""

    values: Tensor
    """Encoder outputs, (sentences, src_time, size)."""
    keys: Tensor
    """What the attention derives from them before the first step; (sentences, src_time, any)."""
    mask: Tensor
    """True where there is a token, (sentences, src_time)."""


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the last axis with weight exactly 0 where `mask` is False; both (..., time)."""
    return scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)


class Attention(nn.Module):
    """The interface. `context_size` is the width of the context that `forward` returns."""

    context_size: int

    def memory(self, values: Tensor, mask: Tensor) -> Memory:
        """Everything that no step changes, from encoder outputs (sentences, src_time, size)."""
        return Memory(values, values, mask)

    def query(self, embedded: Tensor) -> Tensor:
        """The part of the scores that the input word alone decides, (..., embedding) -> (..., any).

        With teacher forcing it is computed for all steps at once.
        """
        return embedded[..., :0]

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Look at `memory` from the state `hidden`.

        Args:
            query: what `query` made of the input word, (rows, any)
            hidden: decoder state before this step, top layer, (rows, hidden)

        Returns:
            context (rows, context_size) and weights (rows, src_time), 0 where masked
        """
        raise NotImplementedError


def by_sentence(rows: Tensor, memory: Memory) -> Tensor:
    """The states grouped by sentence, (rows, size) -> (sentences, states, size)."""
    return rows.view(len(memory.mask), -1, rows.shape[1])


def weighted_sum(weights: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
    """Weights (sentences, states, src_time) -> context (rows, size), weights (rows, src_time)."""
    context = torch.bmm(weights, memory.values)
    return context.flatten(0, 1), weights.flatten(0, 1)


class NoAttention(Attention):
    """The plain decoder: it gets the last encoder state to start from and sees nothing after."""

    context_size = 0

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """An empty context (rows, 0) and weights that are all zero: nothing is looked at."""
        rows, time = len(hidden), memory.mask.shape[1]
        return hidden.new_empty(rows, 0), hidden.new_zeros(rows, time)


class TutorialAttention(Attention):
    """The attention of the PyTorch tutorial: scores are a linear layer of [embedding, hidden].

    The layer has one output for each source position up to the longest source of the training set;
    it knows positions, not contents. The layer is kept in two halves because the embedded half
    does not depend on the step before.
    """

    def __init__(self, embedding: int, hidden: int, values: int, max_length: int):
        super().__init__()
        self.context_size = values
        self.max_length = max_length
        self.from_embedding = nn.Linear(embedding, max_length)
        self.from_hidden = nn.Linear(hidden, max_length, bias=False)

    def query(self, embedded: Tensor) -> Tensor:
        """Scores of the source positions, (..., embedding) -> (..., max_length)."""
        scores: Tensor = self.from_embedding(embedded)
        return scores

    def memory(self, values: Tensor, mask: Tensor) -> Memory:
        """Positions beyond `max_length` are cut off: the layer has no output for them."""
        values, mask = values[:, : self.max_length], mask[:, : self.max_length]
        return Memory(values, values, mask)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        time = memory.mask.shape[1]
        scores = by_sentence((query + self.from_hidden(hidden))[:, :time], memory)
        return weighted_sum(masked_softmax(scores, memory.mask.unsqueeze(1)), memory)


class AdditiveAttention(Attention):
    """Additive attention: score = v · tanh(W hidden + U value) (Bahdanau et al. 2015, A.1.2)."""

    def __init__(self, hidden: int, values: int, size: int):
        super().__init__()
        self.context_size = values
        self.from_value = nn.Linear(values, size)
        self.from_hidden = nn.Linear(hidden, size, bias=False)
        self.score = nn.Linear(size, 1, bias=False)

    def memory(self, values: Tensor, mask: Tensor) -> Memory:
        """The keys U value, (sentences, src_time, size), are made once."""
        return Memory(values, self.from_value(values), mask)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        hidden = by_sentence(self.from_hidden(hidden), memory).unsqueeze(2)
        energies = torch.tanh(hidden + memory.keys.unsqueeze(1))
        scores = self.score(energies).squeeze(-1)
        return weighted_sum(masked_softmax(scores, memory.mask.unsqueeze(1)), memory)


class DotAttention(Attention):
    """Score = hidden · value (Luong et al. 2015, section 3.1, "dot"); no weights of its own.

    Luong's attentions are scores here: this decoder attends from the state before a step, where
    theirs attends from the one after.
    """

    def __init__(self, size: int):
        """:param size: of the encoder's outputs and of the decoder's state"""
        super().__init__()
        self.context_size = size

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        scores = torch.bmm(by_sentence(hidden, memory), memory.keys.transpose(1, 2))
        return weighted_sum(masked_softmax(scores, memory.mask.unsqueeze(1)), memory)


class GeneralAttention(Attention):
    """Score = hidden · W value (Luong et al. 2015, section 3.1, "general")."""

    def __init__(self, hidden: int, values: int):
        super().__init__()
        self.context_size = values
        self.from_value = nn.Linear(values, hidden, bias=False)

    def memory(self, values: Tensor, mask: Tensor) -> Memory:
        """The keys W value, (sentences, src_time, hidden), are made once."""
        return Memory(values, self.from_value(values), mask)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        scores = torch.bmm(by_sentence(hidden, memory), memory.keys.transpose(1, 2))
        return weighted_sum(masked_softmax(scores, memory.mask.unsqueeze(1)), memory)


class LocalAttention(GeneralAttention):
    """Predictive local attention, local-p (Luong et al. 2015, section 3.2, equations 7 to 10).

    A state predicts the position to look at, p = S · sigmoid(v · tanh(W hidden)) for a source of S
    tokens. Weights are the softmax of general scores over the positions within `window` of p, each
    times a Gaussian around p with a standard deviation of half the window. As in the paper they are
    not brought back to a sum of 1: it is at most 1.
    """

    def __init__(self, hidden: int, values: int, window: int):
        """:param window: D, in tokens to either side"""
        super().__init__(hidden, values)
        self.window = window
        self.from_hidden = nn.Linear(hidden, hidden, bias=False)
        self.position = nn.Linear(hidden, 1, bias=False)

    def predicted(self, hidden: Tensor, memory: Memory) -> Tensor:
        """The position p, counted from 0, from (rows, hidden): (sentences, states, 1)."""
        share = torch.sigmoid(self.position(torch.tanh(self.from_hidden(hidden))))
        lengths = memory.mask.sum(dim=1, dtype=share.dtype).view(-1, 1, 1)
        return lengths * by_sentence(share, memory)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        scores = torch.bmm(by_sentence(hidden, memory), memory.keys.transpose(1, 2))
        places = torch.arange(memory.mask.shape[1], device=hidden.device)
        distance = places - self.predicted(hidden, memory)
        # p is at most S, so the last token at least is always within a window of 1 or more.
        mask = memory.mask.unsqueeze(1) & (distance.abs() <= self.window)
        nearness = torch.exp(-(distance**2) / (2 * (self.window / 2) ** 2))
        return weighted_sum(masked_softmax(scores, mask) * nearness, memory)


class Sizes(NamedTuple):
    """What an attention may be built from."""

    embedding: int
    """Of the decoder's word embeddings."""
    hidden: int
    """Of the decoder's state."""
    values: int
    """Of the encoder's outputs."""
    max_length: int
    """Longest source of the training set, in tokens."""
    window: int
    """How far a local attention looks to either side, in tokens."""


ATTENTIONS: dict[str, Callable[[Sizes], Attention]] = {
    "none": lambda sizes: NoAttention(),
    "tutorial": lambda sizes: TutorialAttention(
        sizes.embedding, sizes.hidden, sizes.values, sizes.max_length
    ),
    "additive": lambda sizes: AdditiveAttention(sizes.hidden, sizes.values, size=sizes.hidden),
    "dot": lambda sizes: DotAttention(sizes.hidden),
    "general": lambda sizes: GeneralAttention(sizes.hidden, sizes.values),
    "local-p": lambda sizes: LocalAttention(sizes.hidden, sizes.values, sizes.window),
}
"""How each attention is built, by its name in the settings (`model.attention`)."""
