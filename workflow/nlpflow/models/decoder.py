"""The recurrent decoder: one word at a time, from the words so far and what attention sees."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.attention import Attention, Memory


class Decoded(NamedTuple):
    """What a decoder gives for some steps."""

    readout: Tensor
    """What the next word is read from, (batch, time, readout_size): see `Decoder.logits`."""
    weights: Tensor
    """Attention weights, (batch, time, src_time)."""
    state: Tensor
    """The state after the last step, (layers, batch, hidden)."""


class Decoder(nn.Module):
    """The tutorial's decoder, for every attention.

    A step attends from the state before it, combines word and context into the input of the GRU
    (linear layer, then ReLU), and reads the next word from the new state, or from state, context
    and word together (`deep_readout`: Bahdanau et al. 2015, A.2.2, with tanh for maxout).
    Without attention the input of the GRU is the ReLU of the embedding alone, as in the tutorial.
    """

    def __init__(
        self,
        vocabulary: int,
        embedding: int,
        hidden: int,
        attention: Attention,
        layers: int = 1,
        dropout: float = 0.0,
        deep_readout: bool = False,
        tied_embeddings: bool = False,
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.dropout = nn.Dropout(dropout)
        self.attention = attention
        context = attention.context_size
        # [embedding, context] -> GRU input, in two halves: the first needs no step before it.
        self.combine_embedding = nn.Linear(embedding, hidden) if context else None
        self.combine_context = nn.Linear(context, hidden, bias=False) if context else None
        sizes = [hidden if context else embedding] + [hidden] * (layers - 1)
        self.cells = nn.ModuleList(nn.GRUCell(size, hidden) for size in sizes)
        readout = hidden + context + embedding
        self.deep = nn.Linear(readout, embedding) if deep_readout else None
        self.output = nn.Linear(embedding if deep_readout else hidden, vocabulary)
        if tied_embeddings:
            # Embeddings start at unit variance, an output layer far below it: scale down.
            nn.init.normal_(self.embedding.weight, std=embedding**-0.5)
            self.output.weight = self.embedding.weight

    def forward(self, words: Tensor, state: Tensor, memory: Memory) -> Decoded:
        """Read given words, one step each (with one column: a single step of a search).

        :param words: token ids fed in, `<SOS>` first, (batch, time)
        :param state: (layers, batch, hidden)
        """
        embedded = self.dropout(self.embedding(words))
        queries = self.attention.query(embedded)
        inputs = embedded if self.combine_embedding is None else self.combine_embedding(embedded)
        layers = list(state.unbind(0))
        tops, contexts, weights = [], [], []
        for step in range(words.shape[1]):
            context, weight = self.attention(queries[:, step], layers[-1], memory)
            x = inputs[:, step]
            if self.combine_context is not None:
                x = x + self.combine_context(context)
            x = functional.relu(x)
            for layer, cell in enumerate(self.cells):
                x = layers[layer] = cell(x if layer == 0 else self.dropout(x), layers[layer])
            tops.append(x)
            contexts.append(context)
            weights.append(weight)
        readout = torch.stack(tops, dim=1)
        if self.deep is not None:
            parts = [readout, torch.stack(contexts, dim=1), embedded]
            readout = torch.tanh(self.deep(torch.cat(parts, dim=-1)))
        return Decoded(readout, torch.stack(weights, dim=1), torch.stack(layers))

    def logits(self, readout: Tensor) -> Tensor:
        """Scores of every word of the vocabulary, (..., readout_size) -> (..., vocabulary)."""
        scores: Tensor = self.output(self.dropout(readout))
        return scores
