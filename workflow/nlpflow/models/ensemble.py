"""An ensemble of sequence-to-sequence networks, for searches: the mean of their probabilities.

A search moves the rows of states and memories and knows nothing else about them. The networks'
states and memories therefore stand side by side in one tensor each, and every search takes an
ensemble for a single network.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.attention import Memory, NoAttention
from nlpflow.models.recurrent import sequence_mask
from nlpflow.models.seq2seq import Decoded, Decoder, Seq2Seq


class EnsembleDecoder(Decoder):
    """The decoders of several networks, run side by side.

    Attributes:
        attention: that of the first network that has one
    """

    def __init__(self, members: Sequence[Seq2Seq]):
        nn.Module.__init__(self)
        decoders = [member.decoder for member in members]
        self.members = nn.ModuleList(decoders)
        looking = [one for one in decoders if not isinstance(one.attention, NoAttention)]
        self.attention = (looking or decoders)[0].attention
        self._looking = max(len(looking), 1)
        self._states = [_state_size(one) for one in decoders]
        self._readouts = [one.output.in_features for one in decoders]
        # The tutorial's attention has no weights beyond the longest training sentence.
        self._limits = [getattr(one.attention, "max_length", None) for one in decoders]
        self._values = [member.encoder.output_size for member in members]
        self._keys = [
            _key_size(one, size) for one, size in zip(decoders, self._values, strict=True)
        ]

    def forward(self, words: Tensor, state: Tensor, memory: Memory) -> Decoded:
        """See `Decoder.forward`; the attention weights are the mean over those with attention."""
        states, memories = self._separate_states(state), self._separate_memories(memory)
        found = [
            member(words, *parts)
            for member, *parts in zip(self.members, states, memories, strict=True)
        ]
        time = memory.mask.shape[1]
        weights = [functional.pad(one.weights, (0, time - one.weights.shape[2])) for one in found]
        return Decoded(
            torch.cat([one.readout for one in found], dim=-1),
            torch.stack(weights).sum(dim=0) / self._looking,
            self.joined_states([one.state for one in found]),
        )

    def logits(self, readout: Tensor) -> Tensor:
        """Log of the mean probability of all words: (..., readout sizes) -> (..., vocabulary)."""
        parts = torch.split(readout, self._readouts, dim=-1)
        logs = [
            member.logits(part).log_softmax(dim=-1)  # type: ignore[operator]  # a ModuleList's
            for member, part in zip(self.members, parts, strict=True)
        ]
        return torch.stack(logs).logsumexp(dim=0) - math.log(len(logs))

    def joined_states(self, states: Sequence[Tensor]) -> Tensor:
        """States, each (layers, rows, hidden), as one: (1, rows, all of them)."""
        return torch.cat([state.transpose(0, 1).flatten(1) for state in states], dim=1)[None]

    def joined_memories(self, memories: Sequence[Memory], mask: Tensor) -> Memory:
        """The memories of all networks as one, with the mask of the whole source."""
        time = mask.shape[1]
        values, keys = (
            torch.cat([functional.pad(part, (0, 0, 0, time - part.shape[1])) for part in parts], 2)
            for parts in list(zip(*memories, strict=True))[:2]
        )
        return Memory(values, keys, mask)

    def _separate_states(self, state: Tensor) -> list[Tensor]:
        widths = [layers * hidden for layers, hidden in self._states]
        return [
            part.reshape(-1, *sizes).transpose(0, 1)
            for part, sizes in zip(torch.split(state[0], widths, 1), self._states, strict=True)
        ]

    def _separate_memories(self, memory: Memory) -> list[Memory]:
        values = torch.split(memory.values, self._values, dim=2)
        keys = torch.split(memory.keys, self._keys, dim=2)
        return [
            Memory(*(part[:, :limit] for part in (*parts, memory.mask)))
            for *parts, limit in zip(values, keys, self._limits, strict=True)
        ]


class Ensemble(Seq2Seq):
    """Several networks with the same vocabularies as one, which is not for training.

    At every step the probability of a word is the mean of the networks' probabilities.

    Args:
        members: the networks; their sizes and kinds of attention may differ
    """

    decoder: EnsembleDecoder

    def __init__(self, members: Sequence[Seq2Seq]):
        nn.Module.__init__(self)
        self.members = nn.ModuleList(members)
        self.decoder = EnsembleDecoder(members)

    def encode(self, src: Tensor, lengths: Tensor) -> tuple[Memory, Tensor]:
        """See `Seq2Seq.encode`."""
        memories, states = zip(
            *(member.encode(src, lengths) for member in self.members),  # type: ignore[operator]
            strict=True,
        )
        mask = sequence_mask(lengths.to(src.device), src.shape[1])
        return self.decoder.joined_memories(memories, mask), self.decoder.joined_states(states)


def _state_size(decoder: Decoder) -> tuple[int, int]:
    """Layers and width of a decoder's state."""
    cell = decoder.cells[0]
    assert isinstance(cell, nn.GRUCell)
    return len(decoder.cells), cell.hidden_size


def _key_size(decoder: Decoder, values: int) -> int:
    """Width of the keys that a decoder's attention computes from values of this width."""
    one = decoder.output.weight.new_zeros(1, 1, values)
    return decoder.attention.memory(one, one[..., 0] == 0).keys.shape[2]
