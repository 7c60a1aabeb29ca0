"""The sequence-to-sequence network (Sutskever et al. 2014; Cho et al. 2014)."""

import torch
from torch import Tensor, nn

from nlpflow.models.attention import (
    AdditiveAttention,
    Attention,
    DotAttention,
    GeneralAttention,
    LocalAttention,
    Memory,
    NoAttention,
    TutorialAttention,
)
from nlpflow.models.decoder import Decoder
from nlpflow.models.encoder import Encoder
from nlpflow.settings.translation import TranslationModel
from nlpflow.vocabulary import EOS, SOS


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
        mask = torch.arange(src.shape[1], device=src.device) < lengths.to(src.device).unsqueeze(1)
        return self.decoder.attention.memory(outputs, mask), state

    def forced(self, src: Tensor, lengths: Tensor, tgt: Tensor) -> tuple[Tensor, Tensor]:
        """Teacher forcing: every step is fed the reference's word before it.

        :param tgt: reference with its `<EOS>`, padded, (batch, tgt_time)
        :returns: read-out (batch, tgt_time, readout_size) and weights (batch, tgt_time, src_time)
        """
        memory, state = self.encode(src, lengths)
        words = torch.cat([torch.full_like(tgt[:, :1], SOS), tgt[:, :-1]], dim=1)
        decoded = self.decoder(words, state, memory)
        return decoded.readout, decoded.weights

    def free(self, src: Tensor, lengths: Tensor, tgt: Tensor) -> tuple[Tensor, Tensor]:
        """The model is fed its own best word at every step, for as many steps as `tgt` has.

        As in the tutorial a sentence is over once the model says `<EOS>`: the steps after it do
        not count.

        :returns: read-out (batch, tgt_time, readout_size) and which steps count (batch, tgt_time)
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


def build_seq2seq(
    settings: TranslationModel, src_vocabulary: int, tgt_vocabulary: int, max_length: int
) -> Seq2Seq:
    """A network with fresh weights from torch's global random state.

    :param max_length: longest source of the training set, `<EOS>` included; only the tutorial's
        attention needs it
    """
    encoder = Encoder(
        src_vocabulary,
        settings.embedding,
        settings.hidden,
        settings.layers,
        settings.bidirectional,
        settings.dropout,
    )
    decoder = Decoder(
        tgt_vocabulary,
        settings.embedding,
        settings.hidden,
        _attention(settings, encoder.output_size, max_length),
        settings.layers,
        settings.dropout,
        settings.readout == "deep",
        settings.tied_embeddings,
    )
    return Seq2Seq(encoder, decoder)


def _attention(settings: TranslationModel, values: int, max_length: int) -> Attention:
    match settings.attention:
        case "none":
            return NoAttention()
        case "tutorial":
            return TutorialAttention(settings.embedding, settings.hidden, values, max_length)
        case "additive":
            return AdditiveAttention(settings.hidden, values, settings.hidden)
        case "dot":
            return DotAttention(settings.hidden)
        case "general":
            return GeneralAttention(settings.hidden, values)
        case "local-p":
            return LocalAttention(settings.hidden, values, settings.window)
