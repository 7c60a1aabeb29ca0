"""The sequence-to-sequence network (Sutskever et al. 2014; Cho et al. 2014).

The encoder gives a vector for every source word and a state to start from; the decoder says one
word at a time, from the words so far and what its attention sees.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from nlpflow.models.attention import Attention, Memory
from nlpflow.models.recurrent import sequence_mask
from nlpflow.vocabulary import EOS, SOS


class Encoder(nn.Module):
    """Embedding and GRU (Cho et al. 2014), in one or both directions.

    `output_size` is the width of the vectors it gives for each word.
    """

    def __init__(
        self,
        vocabulary: int,
        embedding: int,
        hidden: int,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.dropout = nn.Dropout(dropout)
        self.gru = nn.GRU(
            embedding,
            hidden,
            num_layers=layers,
            bidirectional=bidirectional,
            batch_first=True,
            dropout=dropout if layers > 1 else 0.0,
        )
        self.output_size = hidden * (2 if bidirectional else 1)
        # Two directions end in two states; the decoder starts from one (Bahdanau et al., A.2.2).
        self.bridge = nn.Linear(2 * hidden, hidden) if bidirectional else None

    def forward(self, src: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Read a batch.

        Args:
            src: token ids padded with 0, (batch, src_time)
            lengths: tokens of each sentence, (batch,), on the CPU

        Returns:
            outputs (batch, src_time, output_size), zero at padding, and the last state of each
            layer, (layers, batch, hidden)
        """
        embedded = self.dropout(self.embedding(src))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        outputs, state = self.gru(packed)
        outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=src.shape[1])
        if self.bridge is not None:
            state = torch.tanh(self.bridge(torch.cat([state[0::2], state[1::2]], dim=-1)))
        return outputs, state


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

        Args:
            words: token ids fed in, `<SOS>` first, (batch, time)
            state: (layers, batch, hidden)
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


class Seq2Seq(nn.Module):
    """Encoder and decoder, with the two ways of feeding the decoder in training."""

    def __init__(self, encoder: Encoder, decoder: Decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def encode(self, src: Tensor, lengths: Tensor) -> tuple[Memory, Tensor]:
        """Read the source: (batch, src_time) ids and (batch,) lengths on the CPU -> memory, state.

        The state is (layers, batch, hidden).
        """
        outputs, state = self.encoder(src, lengths)
        mask = sequence_mask(lengths.to(src.device), src.shape[1])
        return self.decoder.attention.memory(outputs, mask), state

    def forced(self, src: Tensor, lengths: Tensor, tgt: Tensor) -> tuple[Tensor, Tensor]:
        """Teacher forcing: every step is fed the reference's word before it.

        Args:
            tgt: reference with its `<EOS>`, padded, (batch, tgt_time)

        Returns:
            read-out (batch, tgt_time, readout_size) and weights (batch, tgt_time, src_time)
        """
        memory, state = self.encode(src, lengths)
        words = torch.cat([torch.full_like(tgt[:, :1], SOS), tgt[:, :-1]], dim=1)
        decoded = self.decoder(words, state, memory)
        return decoded.readout, decoded.weights

    def free(self, src: Tensor, lengths: Tensor, tgt: Tensor) -> tuple[Tensor, Tensor]:
        """The model is fed its own best word at every step, for as many steps as `tgt` has.

        As in the tutorial a sentence is over once the model says `<EOS>`: the steps after it do
        not count.

        Returns:
            read-out (batch, tgt_time, readout_size) and which steps count (batch, tgt_time)
        """
        memory, state = self.encode(src, lengths)
        words = torch.full_like(tgt[:, :1], SOS)
        running = torch.ones_like(tgt[:, :1], dtype=torch.bool)
        readouts, counted = [], []
        for _ in range(tgt.shape[1]):
            decoded = self.decoder(words, state, memory)
            state = decoded.state
            readouts.append(decoded.readout)
            counted.append(running)
            with torch.no_grad():
                words = self.decoder.logits(decoded.readout).argmax(dim=-1)
            running = running & (words != EOS)
        return torch.cat(readouts, dim=1), torch.cat(counted, dim=1)
