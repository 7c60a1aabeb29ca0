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

from nlpflow.models.precision import wide


class Memory(NamedTuple):
    """The encoded source of a batch. It is computed once and read at every decoder step."""

    values: Tensor
    """Encoder outputs, (sentences, src_time, size)."""
    keys: Tensor
    """What the attention computes from the values before the first step, (sentences, src_time,
    any)."""
    mask: Tensor
    """True at tokens, False at padding, (sentences, src_time)."""


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the last axis with weight exactly 0 where `mask` is False; both (..., time)."""
    return scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)


def guided_alignment_loss(weights: Tensor, shares: Tensor) -> Tensor:
    """Cross-entropy of attention weights and gold alignments, summed over the linked words.

    Chen et al. 2016, "Guided alignment training for topic-aware neural machine translation",
    section 3.

    Args:
        weights: attention weights, (batch, tgt_time, src_time)
        shares: what the alignments ask for: each row sums to 1, or to 0 for a word without a link,
            (batch, tgt_time, src_time)
    """
    wide_weights = wide(weights)
    return -(shares * wide_weights.clamp_min(torch.finfo(wide_weights.dtype).tiny).log()).sum()


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
"""The constructor of each attention, by its name in the settings (`model.attention`)."""
