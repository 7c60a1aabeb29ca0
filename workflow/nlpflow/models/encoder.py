"""The recurrent encoder: a vector for every source word, and a state to start the decoder from."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


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

        :param src: token ids padded with 0, (batch, src_time)
        :param lengths: tokens of each sentence, (batch,), on the CPU
        :returns: outputs (batch, src_time, output_size), zero at padding, and the last state of
            each layer, (layers, batch, hidden)
        """
        embedded = self.dropout(self.embedding(src))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        outputs, state = self.gru(packed)
        outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=src.shape[1])
        if self.bridge is not None:
            state = torch.tanh(self.bridge(torch.cat([state[0::2], state[1::2]], dim=-1)))
        return outputs, state
