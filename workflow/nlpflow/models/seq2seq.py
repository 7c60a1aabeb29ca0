"""The sequence-to-sequence network of the tutorial: GRUs (Sutskever et al. 2014; Cho et al. 2014).

The encoder computes a vector for every source word and the decoder's initial state. The decoder
predicts one word at a time from the previous words and the context that its attention returns.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from nlpflow.models.attention import Attention, NoAttention, TutorialAttention
from nlpflow.models.interface import (
    CopyMemory,
    Decoded,
    Decoder,
    DecoderState,
    EncodedSource,
    Encoder,
    Readout,
)
from nlpflow.models.memory import Memory
from nlpflow.models.recurrent import concatenate, sequence_mask
from nlpflow.vocabulary import EOS, SOS


class GRUEncoder(Encoder):
    """Embedding and GRU (Cho et al. 2014), in one or both directions.

    Args:
        vocabulary: number of word ids, special tokens included
        embedding: width of a word embedding
        hidden: width of the GRU's state in one direction
        layers: number of GRU layers
        bidirectional: read the source in both directions
        dropout: rate at the embedding and between the layers
        residual: each layer but the first adds its input to its output (Wu et al. 2016, 3.1)
    """

    def __init__(
        self,
        vocabulary: int,
        embedding: int,
        hidden: int,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        residual: bool = True,
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.dropout = nn.Dropout(dropout)
        self.output_size = hidden * (2 if bidirectional else 1)
        self.residual = residual
        self.gru = nn.GRU(embedding, hidden, bidirectional=bidirectional, batch_first=True)
        self.upper = nn.ModuleList(
            nn.GRU(self.output_size, hidden, bidirectional=bidirectional, batch_first=True)
            for _ in range(layers - 1)
        )
        # From two final states to the decoder's first one (Bahdanau et al. 2015, A.2.2).
        self.bridge = nn.Linear(2 * hidden, hidden) if bidirectional else None

    def forward(self, src: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """See `Encoder.forward`."""
        embedded = self.dropout(self.embedding(src))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        read, state = self.gru(packed)
        states = [state]
        for layer in self.upper:
            above, state = layer(PackedSequence(self.dropout(read.data), *read[1:]))
            read = PackedSequence(above.data + read.data, *read[1:]) if self.residual else above
            states.append(state)
        outputs, _ = pad_packed_sequence(read, batch_first=True, total_length=src.shape[1])
        state = torch.cat(states)
        if self.bridge is not None:
            state = torch.tanh(self.bridge(torch.cat([state[0::2], state[1::2]], dim=-1)))
        return outputs, state


class GRUDecoder(Decoder):
    """The decoder of the tutorial, with any attention.

    Each step attends from the state before it. A linear layer and a ReLU combine the embedded word
    and the context into the input of the GRU; without attention the input is the ReLU of the
    embedding alone. The next word is predicted from the new state, or with `deep_readout` from
    state, context and embedded word (Bahdanau et al. 2015, A.2.2, with tanh in place of maxout).

    Args:
        vocabulary: number of word ids, special tokens included
        embedding: width of a word embedding
        hidden: width of the GRU's state
        attention: how the decoder looks at the source
        layers: number of GRU layers
        dropout: rate at the embedding, at the read-out and between the layers
        deep_readout: predict from state, context and word together
        tied_embeddings: use one matrix as embedding and as output layer; the read-out must then be
            as wide as an embedding
        residual: as in the encoder; a state never has the input in it
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
        residual: bool = True,
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.dropout = nn.Dropout(dropout)
        self.residual = residual
        self.attention = attention
        self.has_attention = not isinstance(attention, NoAttention)
        if isinstance(attention, TutorialAttention):
            self.longest_source = attention.max_length
        context = attention.context_size
        # [embedding, context] -> GRU input, in two halves: the first does not depend on the
        # previous step and is computed for all steps at once.
        self.combine_embedding = nn.Linear(embedding, hidden) if context else None
        self.combine_context = nn.Linear(context, hidden, bias=False) if context else None
        sizes = [hidden if context else embedding] + [hidden] * (layers - 1)
        self.cells = nn.ModuleList(nn.GRUCell(size, hidden) for size in sizes)
        readout = hidden + context + embedding
        self.deep = nn.Linear(readout, embedding) if deep_readout else None
        self.output = nn.Linear(embedding if deep_readout else hidden, vocabulary)
        if tied_embeddings:
            # Embeddings are initialised with unit variance, far too large for an output layer.
            nn.init.normal_(self.embedding.weight, std=embedding**-0.5)
            self.output.weight = self.embedding.weight

    def start(
        self, outputs: Tensor, final: Tensor | None, mask: Tensor
    ) -> tuple[Memory, DecoderState]:
        """See `Decoder.start`; the state has one tensor (rows, hidden) for each layer."""
        assert final is not None
        return self.attention.memory(outputs, mask), final.unbind(0)

    def forward(self, words: Tensor, state: DecoderState, memory: Memory) -> Decoded:
        """See `Decoder.forward`."""
        embedded = self.dropout(self.embedding(words))
        queries = self.attention.query(embedded)
        inputs = embedded if self.combine_embedding is None else self.combine_embedding(embedded)
        layers = list(state)
        first, *upper = self.cells
        tops, contexts, weights = [], [], []
        for step in range(words.shape[1]):
            context, weight = self.attention(queries[:, step], layers[-1], memory)
            x = inputs[:, step]
            if self.combine_context is not None:
                x = x + self.combine_context(context)
            x = layers[0] = first(functional.relu(x), layers[0])
            for layer, cell in enumerate(upper, 1):
                layers[layer] = cell(self.dropout(x), layers[layer])
                x = layers[layer] + x if self.residual else layers[layer]
            tops.append(x)
            contexts.append(context)
            weights.append(weight)
        readout = torch.stack(tops, dim=1)
        if self.deep is not None:
            parts = [readout, torch.stack(contexts, dim=1), embedded]
            readout = torch.tanh(self.deep(torch.cat(parts, dim=-1)))
        return Decoded(readout, torch.stack(weights, dim=1), tuple(layers))

    def logits(self, readout: Tensor) -> Tensor:
        """See `Decoder.logits`."""
        scores: Tensor = self.output(self.dropout(readout))
        return scores


class Seq2Seq(nn.Module):
    """Encoder and decoder, which runs teacher-forced or free-running in training."""

    def __init__(self, encoder: Encoder, decoder: Decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def encode(
        self, src: Tensor, lengths: Tensor, copies: Tensor | None = None
    ) -> tuple[EncodedSource, DecoderState]:
        """Encode the source.

        Args:
            src: token ids padded with 0, (batch, src_time)
            lengths: number of tokens of each sentence, (batch,), on the CPU
            copies: for a decoder that copies, see `CopyMemory`

        Returns:
            what the decoder reads at every step, and its state before the first one
        """
        outputs, final = self.encoder(src, lengths)
        mask = sequence_mask(lengths.to(src.device), src.shape[1])
        memory, state = self.decoder.start(outputs, final, mask)
        return (memory if copies is None else CopyMemory(memory, copies)), state

    def teacher_forced(
        self, src: Tensor, lengths: Tensor, tgt: Tensor, copies: Tensor | None = None
    ) -> tuple[Readout, Tensor]:
        """Decode with teacher forcing: the input of a step is the previous reference word.

        Args:
            src: see `encode`
            lengths: see `encode`
            tgt: reference translation with its `<EOS>`, padded with 0, (batch, tgt_time)
            copies: see `encode`

        Returns:
            read-out of all steps, and attention weights, (batch, tgt_time, src_time)
        """
        memory, state = self.encode(src, lengths, copies)
        words = torch.cat([torch.full_like(tgt[:, :1], SOS), tgt[:, :-1]], dim=1)
        decoded = self.decoder(words, state, memory)
        return decoded.readout, decoded.weights

    def free_running(
        self, src: Tensor, lengths: Tensor, tgt: Tensor, copies: Tensor | None = None
    ) -> tuple[Readout, Tensor]:
        """Decode free-running: the input of a step is the model's own best word of the step before.

        As in the tutorial a sentence ends once the model predicts `<EOS>`; the steps after it do
        not count.

        Args:
            src: see `encode`
            lengths: see `encode`
            tgt: only its shape (batch, tgt_time) is used: the number of steps
            copies: see `encode`

        Returns:
            read-out of all steps, and True for the steps that count, (batch, tgt_time)
        """
        memory, state = self.encode(src, lengths, copies)
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
        return concatenate(readouts, dim=1), torch.cat(counted, dim=1)
