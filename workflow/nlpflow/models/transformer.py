"""The Transformer (Vaswani et al. 2017) with layer normalisation before each sub-layer.

Normalising the input of each sub-layer (Xiong et al. 2020, "On layer normalization in the
Transformer architecture") makes training stable without a long warm-up. The encoder consists of
torch's own layers. The decoder's layers are here, because torch's neither keep keys and values
from step to step nor return attention weights.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.interface import Decoded, Decoder, DecoderState, Encoder
from nlpflow.models.memory import Memory, masked_softmax
from nlpflow.models.recurrent import sequence_mask


class TransformerSizes(NamedTuple):
    """The sizes of encoder and decoder."""

    width: int
    """Of embeddings and of the vectors between layers; a multiple of `heads`."""
    layers: int
    heads: int
    """Attention heads in each layer."""
    feed_forward: int
    """Width of the hidden layer of the feed-forward sub-layers."""
    dropout: float = 0.0
    """Rate at embeddings, attention weights, and the output of each sub-layer."""


def positions(first: int, count: int, like: Tensor) -> Tensor:
    """Sines and cosines that encode positions from `first` on (section 3.5).

    Args:
        first: the first position, counted from 0
        count: the number of positions
        like: a tensor (..., width) whose type and device are used; the width is even or odd

    Returns:
        (count, width)
    """
    width = like.shape[-1]
    steps = torch.arange(first, first + count, dtype=torch.float32, device=like.device)
    evens = torch.arange(0, width, 2, dtype=torch.float32, device=like.device)
    angles = steps[:, None] * torch.exp(evens * (-math.log(10_000.0) / width))
    waves = torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :width]
    return waves.to(like.dtype)


class WordsAndPositions(nn.Module):
    """Embeddings, scaled by the square root of their width, plus positions (section 3.4).

    Args:
        vocabulary: number of word ids, special tokens included
        width: of an embedding
        dropout: rate
    """

    def __init__(self, vocabulary: int, width: int, dropout: float):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width, padding_idx=0)
        nn.init.normal_(self.words.weight[1:], std=width**-0.5)
        self.dropout = nn.Dropout(dropout)

    def forward(self, words: Tensor, first: int = 0) -> Tensor:
        """Token ids of the positions from `first` on: (rows, time) -> (rows, time, width)."""
        embedded = self.words(words) * math.sqrt(self.words.embedding_dim)
        embedded = embedded + positions(first, words.shape[1], embedded)
        dropped: Tensor = self.dropout(embedded)
        return dropped


class TransformerEncoder(Encoder):
    """Embeddings and layers of self-attention.

    Args:
        vocabulary: number of word ids, special tokens included
        sizes: of the layers
    """

    def __init__(self, vocabulary: int, sizes: TransformerSizes):
        super().__init__()
        self.inputs = WordsAndPositions(vocabulary, sizes.width, sizes.dropout)
        layer = nn.TransformerEncoderLayer(
            sizes.width,
            sizes.heads,
            sizes.feed_forward,
            sizes.dropout,
            batch_first=True,
            norm_first=True,
        )
        self.layers = nn.TransformerEncoder(
            layer, sizes.layers, nn.LayerNorm(sizes.width), enable_nested_tensor=False
        )
        self.output_size = sizes.width
        _start(self.layers)

    @property
    def embedding(self) -> nn.Embedding:  # type: ignore[override]
        """See `Encoder`."""
        return self.inputs.words

    def forward(self, src: Tensor, lengths: Tensor) -> tuple[Tensor, None]:
        """See `Encoder.forward`; there is no second output."""
        mask = sequence_mask(lengths.to(src.device), src.shape[1])
        outputs = self.layers(self.inputs(src), src_key_padding_mask=~mask)
        return outputs * mask.unsqueeze(2), None


class DecoderLayer(nn.Module):
    """Self-attention, attention to the source, and a feed-forward network (section 3.1)."""

    def __init__(self, sizes: TransformerSizes):
        super().__init__()
        self.heads, width = sizes.heads, sizes.width
        self.rate = sizes.dropout
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.own = nn.Linear(width, 3 * width)
        self.own_output = nn.Linear(width, width)
        self.query = nn.Linear(width, width)
        self.source = nn.Linear(width, 2 * width)
        self.source_output = nn.Linear(width, width)
        self.feed_forward = nn.Sequential(
            nn.Linear(width, sizes.feed_forward),
            nn.ReLU(),
            nn.Dropout(sizes.dropout),
            nn.Linear(sizes.feed_forward, width),
        )
        self.dropout = nn.Dropout(sizes.dropout)

    def forward(
        self, x: Tensor, past: tuple[Tensor, Tensor], memory: Memory
    ) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        """Run the layer for some steps.

        Args:
            x: (rows, time, width)
            past: keys and values of the steps before, each (rows, heads, past, width / heads)
            memory: keys and values of the source for this layer, each (sentences, src_time, width)

        Returns:
            the output, (rows, time, width); the mean of the heads' weights of the source, (rows,
            time, src_time); `past` with these steps
        """
        attended, past = self._to_itself(self.norms[0](x), past)
        x = x + self.dropout(self.own_output(attended))
        attended, weights = self._to_source(self.norms[1](x), memory)
        x = x + self.dropout(self.source_output(attended))
        return x + self.dropout(self.feed_forward(self.norms[2](x))), weights, past

    def _to_itself(
        self, x: Tensor, past: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Attend to this step and those before it."""
        query, key, value = map(self._split, self.own(x).chunk(3, dim=-1))
        keys, values = (torch.cat(pair, dim=2) for pair in zip(past, (key, value), strict=True))
        before, time = past[0].shape[2], x.shape[1]
        seen = torch.ones(time, before + time, dtype=torch.bool, device=x.device).tril(before)
        rate = self.rate if self.training else 0.0
        context = functional.scaled_dot_product_attention(query, keys, values, seen, rate)
        return context.transpose(1, 2).flatten(2), (keys, values)

    def _to_source(self, x: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Attend to the source; the rows of a sentence are consecutive and share its memory."""
        by_sentence = self.query(x).reshape(len(memory.mask), -1, x.shape[2])
        query, keys, values = map(self._split, (by_sentence, memory.keys, memory.values))
        scores = query @ keys.transpose(2, 3) / math.sqrt(query.shape[3])
        weights = masked_softmax(scores, memory.mask[:, None, None])
        context = functional.dropout(weights, self.rate, self.training) @ values
        shape = x.shape[0], x.shape[1], -1
        return context.transpose(1, 2).reshape(shape), weights.mean(dim=1).reshape(shape)

    def _split(self, x: Tensor) -> Tensor:
        """(rows, time, width) -> (rows, heads, time, width / heads)."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)


class TransformerDecoder(Decoder):
    """Embeddings and layers of attention to the words before and to the source.

    The weights that it returns are those of the last layer, averaged over its heads.

    Args:
        vocabulary: number of word ids, special tokens included
        sizes: of the layers; the encoder has the same width
        tied_embeddings: use one matrix as embedding and as output layer (section 3.4)
    """

    has_attention = True

    def __init__(self, vocabulary: int, sizes: TransformerSizes, tied_embeddings: bool = False):
        super().__init__()
        self.inputs = WordsAndPositions(vocabulary, sizes.width, sizes.dropout)
        self.heads = sizes.heads
        self.layers = nn.ModuleList(DecoderLayer(sizes) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(sizes.width)
        self.output = nn.Linear(sizes.width, vocabulary)
        _start(self.layers)
        if tied_embeddings:
            self.output.weight = self.inputs.words.weight

    @property
    def embedding(self) -> nn.Embedding:  # type: ignore[override]
        """See `Decoder`."""
        return self.inputs.words

    def start(
        self, outputs: Tensor, final: Tensor | None, mask: Tensor
    ) -> tuple[DecoderState, DecoderState]:
        """See `Decoder.start`.

        The memory has the source's keys and values for each layer. The state has, for each layer,
        keys and values of the steps before, which are none.
        """
        memories = []
        for layer in self.layers:
            keys, values = layer.source(outputs).chunk(2, dim=-1)  # type: ignore[operator]
            memories.append(Memory(values, keys, mask))
        none = outputs.new_empty(len(outputs), self.heads, 0, outputs.shape[2] // self.heads)
        return tuple(memories), tuple((none, none) for _ in self.layers)

    def forward(self, words: Tensor, state: DecoderState, memory: DecoderState) -> Decoded:
        """See `Decoder.forward`."""
        x = self.inputs(words, first=state[0][0].shape[2])
        after = []
        for layer, past, source in zip(self.layers, state, memory, strict=True):
            x, weights, past = layer(x, past, source)
            after.append(past)
        return Decoded(self.norm(x), weights, tuple(after))

    def logits(self, readout: Tensor) -> Tensor:
        """See `Decoder.logits`."""
        scores: Tensor = self.output(readout)
        return scores


def _start(layers: nn.Module) -> None:
    """Start all matrices as Glorot & Bengio 2010, as torch starts those of its own attention."""
    for weight in layers.parameters():
        if weight.dim() > 1:
            nn.init.xavier_uniform_(weight)
