"""The interface of encoders and decoders of sequence-to-sequence networks.

Searches know nothing else about a network: they pass words, states and memories from step to step,
and move their rows.
"""

from typing import Any, NamedTuple

from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.precision import wide

EncodedSource = Any
"""The encoded source as a decoder reads it: a `Memory`, or a tuple of them."""
Readout = Any
"""The features that scores of words are computed from: a tensor (rows, time, readout_size), or a
tuple of tensors, whose first two axes are rows and time."""
DecoderState = tuple[Any, ...]
"""What a decoder hands from one step to the next: tensors, or tuples of tensors, whose first axis
counts the rows."""


class Encoder(nn.Module):
    """The interface of an encoder.

    Attributes:
        embedding: of the source words
        output_size: width of the vector of each source word
    """

    embedding: nn.Embedding
    output_size: int

    def forward(self, src: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor | None]:
        """Read a batch.

        Args:
            src: token ids padded with 0, (batch, src_time)
            lengths: number of tokens of each sentence, (batch,), on the CPU

        Returns:
            outputs, (batch, src_time, output_size), zero at padding; and the final state of each
            layer of a GRU, (layers, batch, hidden)
        """
        raise NotImplementedError


class CopyMemory(NamedTuple):
    """The encoded source of a decoder that can copy source words."""

    source: EncodedSource
    copies: Tensor
    """Ids of the source words in the extended target vocabulary, (sentences, src_time): of a word
    that the target vocabulary has, its id there; of others, the size of this vocabulary plus a
    number below src_time; 0 at padding."""


class Decoded(NamedTuple):
    """The output of a decoder for one or more steps."""

    readout: Readout
    """What `Decoder.logits` turns into scores."""
    weights: Tensor
    """Attention weights, (batch, time, src_time)."""
    state: DecoderState
    """The state after the last step."""


class Decoder(nn.Module):
    """The interface of a decoder.

    Attributes:
        embedding: of the target words
        output: from the read-out to the scores of all words
        has_attention: whether it has attention weights, which say where it looks
        longest_source: how many source tokens it can look at; None: any number
        copies: whether it can copy source words; then its memory is a `CopyMemory`
    """

    embedding: nn.Embedding
    output: nn.Linear
    has_attention: bool
    longest_source: int | None = None
    copies: bool = False

    def start(
        self, outputs: Tensor, final: Tensor | None, mask: Tensor
    ) -> tuple[EncodedSource, DecoderState]:
        """What stays the same at every step, and the state before the first step.

        Args:
            outputs: of the encoder, (batch, src_time, size)
            final: the encoder's second output
            mask: True at tokens, (batch, src_time)
        """
        raise NotImplementedError

    def forward(self, words: Tensor, state: DecoderState, memory: EncodedSource) -> Decoded:
        """Run one step for each given word.

        Args:
            words: input token ids, `<SOS>` first, (rows, time). In a search, the rows of a
                sentence are consecutive, and they share its memory
            state: the state before the first of these steps
            memory: the encoded source
        """
        raise NotImplementedError

    def logits(self, readout: Readout) -> Tensor:
        """Unnormalised scores of all words: (..., readout_size) -> (..., vocabulary)."""
        raise NotImplementedError

    def loss(self, readout: Readout, words: Tensor, smoothing: float = 0.0) -> Tensor:
        """Negative log-likelihood of words, summed.

        Args:
            readout: of each word; its first axis counts them
            words: (words,)
            smoothing: share of the probability that is spread over all words (Szegedy et al. 2016,
                section 7)
        """
        logits = wide(self.logits(readout))
        return functional.cross_entropy(logits, words, reduction="sum", label_smoothing=smoothing)
