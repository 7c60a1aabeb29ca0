"""Neural language models: from the words before it, the next word."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from nlpflow.models.softmax import Softmax


class NgramLanguageModel(nn.Module):
    """The vectors of the last `context` words side by side, a hidden layer, a softmax.

    Bengio et al. 2003, "A Neural Probabilistic Language Model", without direct connections; the
    hidden layer has ReLU units, as in the tutorial, where the paper has tanh.
    """

    def __init__(self, vocabulary: int, dimension: int, context: int, hidden: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimension)
        self.hidden = nn.Linear(context * dimension, hidden)
        self.output = Softmax(hidden, vocabulary)

    def forward(self, contexts: Tensor) -> Tensor:
        """Ids (batch, context), the nearest word last -> features (batch, hidden)."""
        return torch.relu(self.hidden(self.embedding(contexts).flatten(1)))


class LstmLanguageModel(nn.Module):
    """An LSTM that has read the sentence so far, a softmax."""

    def __init__(
        self, vocabulary: int, dimension: int, hidden: int, layers: int, dropout: float
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimension)
        self.lstm = nn.LSTM(
            dimension, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0
        )
        self.dropout = nn.Dropout(dropout)
        self.output = Softmax(hidden, vocabulary)

    def forward(self, words: Tensor, lengths: Tensor) -> Tensor:
        """Ids (batch, time), longest sentence first -> features (tokens, hidden).

        Padding is skipped: features come time step by time step, in the order of
        `pack_padded_sequence`.

        Args:
            lengths: (batch,), on the CPU
        """
        packed = pack_padded_sequence(
            self.dropout(self.embedding(words)), lengths, batch_first=True
        )
        return cast(Tensor, self.dropout(self.lstm(packed)[0].data))
