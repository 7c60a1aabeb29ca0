"""Attention mechanisms of the decoder, one class each, and the table that builds them by name.

Every attention needs a mask and returns `(context, weights)`. `NoAttention` has an empty context,
so that one decoder serves all of them.

In training and greedy search a sentence has one decoder state. In beam search it has several. The
states of a sentence are consecutive rows, every sentence has the same number, and they share the
sentence's memory. The axis `states` below counts them; `rows` is sentences times states.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from nlpflow.models.memory import Memory, masked_softmax


class Attention(nn.Module):
    """The interface of an attention mechanism.

    Attributes:
        context_size: the width of the context that `forward` returns
    """

    context_size: int

    def memory(self, values: Tensor, mask: Tensor) -> Memory:
        """Compute what stays the same at every step.

        Args:
            values: encoder outputs, (sentences, src_time, size)
            mask: True at tokens, (sentences, src_time)
        """
        return Memory(values, values, mask)

    def query(self, embedded: Tensor) -> Tensor:
        """The part of the scores that depends on the input word alone.

        With teacher forcing it is computed for all steps at once.

        Args:
            embedded: the embedded input words, (..., embedding)

        Returns:
            (..., any)
        """
        return embedded[..., :0]

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Attend to `memory` from the decoder state `hidden`.

        Args:
            query: output of the method `query` for the input word, (rows, any)
            hidden: decoder state before this step, top layer, (rows, hidden)
            memory: output of the method `memory`

        Returns:
            context (rows, context_size) and weights (rows, src_time), 0 where masked
        """
        raise NotImplementedError


def by_sentence(rows: Tensor, memory: Memory) -> Tensor:
    """Group the states by sentence: (rows, size) -> (sentences, states, size)."""
    return rows.view(len(memory.mask), -1, rows.shape[1])


def weighted_sum(weights: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
    """The context as the weighted sum of the values.

    Args:
        weights: (sentences, states, src_time)
        memory: the encoded source

    Returns:
        context (rows, size) and the weights by row, (rows, src_time)
    """
    context = torch.bmm(weights, memory.values)
    return context.flatten(0, 1), weights.flatten(0, 1)


class NoAttention(Attention):
    """No attention: the initial state is all that the decoder gets from the source."""

    context_size = 0

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """An empty context, (rows, 0), and weights of zero, (rows, src_time)."""
        rows, time = len(hidden), memory.mask.shape[1]
        return hidden.new_empty(rows, 0), hidden.new_zeros(rows, time)


class TutorialAttention(Attention):
    """The attention of the PyTorch tutorial: scores are a linear layer of [embedding, hidden].

    The layer has one output for each source position, up to the longest source of the training
    set. The scores depend on the position, not on the word that stands there. The layer is stored
    in two halves because the half that reads the embedding does not depend on the previous step.
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
        """See `Attention.memory`. Positions from `max_length` on have no score and are dropped."""
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
        """See `Attention.memory`. The keys are U value, (sentences, src_time, size)."""
        return Memory(values, self.from_value(values), mask)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        hidden = by_sentence(self.from_hidden(hidden), memory).unsqueeze(2)
        energies = torch.tanh(hidden + memory.keys.unsqueeze(1))
        scores = self.score(energies).squeeze(-1)
        return weighted_sum(masked_softmax(scores, memory.mask.unsqueeze(1)), memory)


class DotAttention(Attention):
    """Dot-product attention: score = hidden · value (Luong et al. 2015, section 3.1, "dot").

    It has no parameters. Only the score function is Luong's: this decoder attends from the state
    before a step, theirs from the state after it.

    Args:
        size: of the encoder's outputs and of the decoder's state, which must be equal
    """

    def __init__(self, size: int):
        super().__init__()
        self.context_size = size

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        scores = torch.bmm(by_sentence(hidden, memory), memory.keys.transpose(1, 2))
        return weighted_sum(masked_softmax(scores, memory.mask.unsqueeze(1)), memory)


class GeneralAttention(Attention):
    """Bilinear attention: score = hidden · W value (Luong et al. 2015, section 3.1, "general")."""

    def __init__(self, hidden: int, values: int):
        super().__init__()
        self.context_size = values
        self.from_value = nn.Linear(values, hidden, bias=False)

    def memory(self, values: Tensor, mask: Tensor) -> Memory:
        """See `Attention.memory`. The keys are W value, (sentences, src_time, hidden)."""
        return Memory(values, self.from_value(values), mask)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        scores = torch.bmm(by_sentence(hidden, memory), memory.keys.transpose(1, 2))
        return weighted_sum(masked_softmax(scores, memory.mask.unsqueeze(1)), memory)


class LocalAttention(GeneralAttention):
    """Predictive local attention, local-p (Luong et al. 2015, section 3.2, equations 7 to 10).

    The decoder state predicts the position to look at, p = S · sigmoid(v · tanh(W hidden)), for a
    source of S tokens. A softmax of the "general" scores over the positions within `window` of p
    gives a weight to each. The weight is then multiplied by a Gaussian around p with a standard
    deviation of half the window. As in the paper the weights are not normalised again, so that
    they sum to at most 1.

    Args:
        hidden: size of the decoder's state
        values: size of the encoder's outputs
        window: D in the paper, in tokens to either side
    """

    def __init__(self, hidden: int, values: int, window: int):
        super().__init__(hidden, values)
        self.window = window
        self.from_hidden = nn.Linear(hidden, hidden, bias=False)
        self.position = nn.Linear(hidden, 1, bias=False)

    def predicted(self, hidden: Tensor, memory: Memory) -> Tensor:
        """The predicted position p, counted from 0: (rows, hidden) -> (sentences, states, 1)."""
        share = torch.sigmoid(self.position(torch.tanh(self.from_hidden(hidden))))
        lengths = memory.mask.sum(dim=1, dtype=share.dtype).view(-1, 1, 1)
        return lengths * by_sentence(share, memory)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        scores = torch.bmm(by_sentence(hidden, memory), memory.keys.transpose(1, 2))
        positions = torch.arange(memory.mask.shape[1], device=hidden.device)
        distance = positions - self.predicted(hidden, memory)
        # A window of 1 or more always holds a token: p lies between 0 and S.
        mask = memory.mask.unsqueeze(1) & (distance.abs() <= self.window)
        nearness = torch.exp(-(distance**2) / (2 * (self.window / 2) ** 2))
        return weighted_sum(masked_softmax(scores, mask) * nearness, memory)


class MultiHeadAttention(Attention):
    """Scaled dot-product attention with several heads (Vaswani et al. 2017, section 3.2.2).

    Each head has its own part of a linear layer of the state, and of linear layers of the values,
    which give keys and values. The layer of the heads' outputs is left out: the decoder's own
    layers follow. The weights that it returns are the mean over the heads.

    Args:
        hidden: size of the decoder's state, and of keys and values of all heads together
        values: size of the encoder's outputs
        heads: their number, a divisor of `hidden`
    """

    def __init__(self, hidden: int, values: int, heads: int):
        super().__init__()
        self.context_size = hidden
        self.heads = heads
        self.from_hidden = nn.Linear(hidden, hidden)
        self.from_value = nn.Linear(values, 2 * hidden)

    def memory(self, values: Tensor, mask: Tensor) -> Memory:
        """See `Attention.memory`. Keys and values of all heads, (sentences, src_time, hidden)."""
        keys, values = self.from_value(values).chunk(2, dim=-1)
        return Memory(values, keys, mask)

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        parts = by_sentence(self.from_hidden(hidden), memory), memory.keys, memory.values
        queries, keys, values = map(self._split, parts)
        scores = queries @ keys.transpose(2, 3) / queries.shape[3] ** 0.5
        weights = masked_softmax(scores, memory.mask[:, None, None])
        context = (weights @ values).transpose(1, 2).flatten(2)
        return context.flatten(0, 1), weights.mean(dim=1).flatten(0, 1)

    def _split(self, x: Tensor) -> Tensor:
        """(sentences, rows, hidden) -> (sentences, heads, rows, hidden / heads)."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)


class Sizes(NamedTuple):
    """The sizes from which an attention is built."""

    embedding: int
    """Width of the decoder's word embeddings."""
    hidden: int
    """Width of the decoder's state."""
    values: int
    """Width of the encoder's outputs."""
    max_length: int
    """Longest source of the training set, in tokens."""
    window: int
    """How far local attention looks to either side, in tokens."""
    heads: int
    """Heads of multi-head attention."""


ATTENTIONS: dict[str, Callable[[Sizes], Attention]] = {
    "none": lambda sizes: NoAttention(),
    "tutorial": lambda sizes: TutorialAttention(
        sizes.embedding, sizes.hidden, sizes.values, sizes.max_length
    ),
    "additive": lambda sizes: AdditiveAttention(sizes.hidden, sizes.values, size=sizes.hidden),
    "dot": lambda sizes: DotAttention(sizes.hidden),
    "general": lambda sizes: GeneralAttention(sizes.hidden, sizes.values),
    "local-p": lambda sizes: LocalAttention(sizes.hidden, sizes.values, sizes.window),
    "multi-head": lambda sizes: MultiHeadAttention(sizes.hidden, sizes.values, sizes.heads),
}
"""The constructor of each attention, by its name in the settings (`model.attention`)."""
