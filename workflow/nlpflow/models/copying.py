"""A pointer-generator head over any decoder with attention: it also copies words of the source.

See et al. 2017, "Get to the point: summarization with pointer-generator networks", section 2.2. The
probability of a word is a mixture (their equation 9): with probability g the decoder generates it
from the target vocabulary; else it copies a source word, chosen with the attention weights.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.interface import CopyMemory, Decoded, Decoder, DecoderState, EncodedSource
from nlpflow.models.precision import wide
from nlpflow.vocabulary import UNK


class CopyReadout(NamedTuple):
    """What the scores of words are computed from; see `CopyingDecoder.logits`."""

    below: Tensor
    """The read-out of the decoder below, (..., readout_size)."""
    weights: Tensor
    """Attention weights, (..., src_time)."""
    copies: Tensor
    """Ids of the source words in the extended vocabulary, (..., src_time)."""


class CopyingDecoder(Decoder):
    """A decoder that generates or copies each word.

    The gate g is a logistic regression on the read-out of the decoder below. The paper's reads the
    context, the state and the embedded word, which the deep read-out consists of.

    Args:
        below: the decoder; its attention has weights
    """

    has_attention = True
    copies = True

    def __init__(self, below: Decoder):
        super().__init__()
        self.below = below
        self.gate = nn.Linear(below.output.in_features, 1)
        self.longest_source = below.longest_source
        self.vocabulary = below.output.out_features

    @property
    def embedding(self) -> nn.Embedding:  # type: ignore[override]
        """See `Decoder`."""
        return self.below.embedding

    @property
    def output(self) -> nn.Linear:  # type: ignore[override]
        """See `Decoder`."""
        return self.below.output

    def start(
        self, outputs: Tensor, final: Tensor | None, mask: Tensor
    ) -> tuple[EncodedSource, DecoderState]:
        """See `Decoder.start`; `Seq2Seq.encode` makes a `CopyMemory` of the memory."""
        return self.below.start(outputs, final, mask)

    def forward(self, words: Tensor, state: DecoderState, memory: CopyMemory) -> Decoded:
        """See `Decoder.forward`; input words that the target vocabulary lacks are unknown."""
        known = words.masked_fill(words >= self.vocabulary, UNK)
        decoded: Decoded = self.below(known, state, memory.source)
        rows, time = words.shape
        copies = memory.copies.repeat_interleave(rows // len(memory.copies), dim=0)
        # The tutorial's attention has no weights beyond the longest training sentence.
        missing = copies.shape[1] - decoded.weights.shape[2]
        weights = functional.pad(decoded.weights, (0, missing))
        copies = copies.unsqueeze(1).expand(-1, time, -1)
        return decoded._replace(
            readout=CopyReadout(decoded.readout, weights, copies), weights=weights
        )

    def logits(self, readout: CopyReadout) -> Tensor:
        """Log-probabilities of all words of the extended vocabulary: (..., vocabulary + src_time).

        They are for searches. Ids that stand for no word have minus infinity, which has no
        gradient; `loss` has one.
        """
        generated = wide(self.below.logits(readout.below)).log_softmax(dim=-1)
        gate = wide(self.gate(readout.below))
        copied = generated.new_zeros(*generated.shape[:-1], readout.copies.shape[-1])
        copied = torch.cat([torch.zeros_like(generated), copied], dim=-1)
        copied = copied.scatter_add(-1, readout.copies, wide(readout.weights))
        copied = copied.log()
        generated = functional.pad(generated, (0, readout.copies.shape[-1]), value=float("-inf"))
        both = functional.logsigmoid(gate) + generated, functional.logsigmoid(-gate) + copied
        return torch.logaddexp(*both)

    def loss(self, readout: CopyReadout, words: Tensor, smoothing: float = 0.0) -> Tensor:
        """See `Decoder.loss`; the same as from `logits`, but computed for these words alone."""
        assert smoothing == 0  # the extended vocabulary has other words in each sentence
        known = words < self.vocabulary
        logits = wide(self.below.logits(readout.below))
        generated = -functional.cross_entropy(
            logits, words.masked_fill(~known, UNK), reduction="none"
        )
        generated = generated.masked_fill(~known, float("-inf"))
        copied = (wide(readout.weights) * (readout.copies == words.unsqueeze(-1))).sum(dim=-1)
        copied = copied.clamp_min(torch.finfo(copied.dtype).tiny).log()
        gate = wide(self.gate(readout.below)).squeeze(-1)
        both = functional.logsigmoid(gate) + generated, functional.logsigmoid(-gate) + copied
        return -torch.logaddexp(*both).sum()

    def copying(self, readout: CopyReadout) -> Tensor:
        """The probability 1 - g that a word is copied: (...)."""
        return torch.sigmoid(-self.gate(readout.below)).squeeze(-1)
