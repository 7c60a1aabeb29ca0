"""An ensemble of sequence-to-sequence networks, for searches: the mean of their probabilities.

A search moves the rows of states and memories and knows nothing else about them. The state of an
ensemble is the tuple of its networks' states, and its memory is the tuple of their memories, so
every search takes an ensemble for a single network.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.interface import Decoded, Decoder, DecoderState, EncodedSource, Readout
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.vocabulary import UNK


class EnsembleDecoder(Decoder):
    """The decoders of several networks, run side by side."""

    def __init__(self, decoders: Sequence[Decoder]):
        super().__init__()
        self.members = nn.ModuleList(decoders)
        self.networks = tuple(decoders)
        self.has_attention = any(one.has_attention for one in decoders)
        limits = [one.longest_source for one in decoders if one.longest_source is not None]
        self.longest_source = min(limits, default=None)
        self.copies = any(one.copies for one in decoders)
        self._looking = max(sum(one.has_attention for one in decoders), 1)

    def forward(self, words: Tensor, state: DecoderState, memory: EncodedSource) -> Decoded:
        """See `Decoder.forward`; the attention weights are the mean over those with attention."""
        found = []
        for member, *parts in zip(self.networks, state, memory, strict=True):
            # Words that only the others can copy are unknown to a network that does not copy.
            size = member.output.out_features
            known = words if member.copies else words.masked_fill(words >= size, UNK)
            found.append(member(known, *parts))
        # The tutorial's attention has no weights beyond the longest training sentence.
        time = max(one.weights.shape[2] for one in found)
        weights = [functional.pad(one.weights, (0, time - one.weights.shape[2])) for one in found]
        return Decoded(
            tuple(one.readout for one in found),
            torch.stack(weights).sum(dim=0) / self._looking,
            tuple(one.state for one in found),
        )

    def logits(self, readout: tuple[Readout, ...]) -> Tensor:
        """Log of the mean probability of all words: the networks' read-outs -> (..., vocabulary).

        Words that can only be copied have the probability 0 in networks that do not copy.
        """
        logs = [
            member.logits(part).log_softmax(dim=-1)
            for member, part in zip(self.networks, readout, strict=True)
        ]
        most = max(one.shape[-1] for one in logs)
        logs = [functional.pad(one, (0, most - one.shape[-1]), value=-math.inf) for one in logs]
        return torch.stack(logs).logsumexp(dim=0) - math.log(len(logs))


class Ensemble(Seq2Seq):
    """Several networks with the same vocabularies as one, which is not for training.

    At every step the probability of a word is the mean of the networks' probabilities.

    Args:
        members: the networks; their kinds and sizes may differ
    """

    def __init__(self, members: Sequence[Seq2Seq]):
        nn.Module.__init__(self)
        self.members = nn.ModuleList(members)
        self._networks = tuple(members)
        self.decoder = EnsembleDecoder([member.decoder for member in members])

    def encode(
        self, src: Tensor, lengths: Tensor, copies: Tensor | None = None
    ) -> tuple[EncodedSource, DecoderState]:
        """See `Seq2Seq.encode`."""
        encoded = [
            member.encode(src, lengths, copies if member.decoder.copies else None)
            for member in self._networks
        ]
        memories, states = zip(*encoded, strict=True)
        return memories, states
