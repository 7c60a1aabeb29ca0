"""Neural language models: they predict the next word from the words before it."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from nlpflow.models.softmax import Softmax


class NgramLanguageModel(nn.Module):
    """Feed-forward n-gram model: the vectors of the last words, a hidden layer, a softmax.

    The model of Bengio et al. 2003, "A Neural Probabilistic Language Model", without its direct
    connections. The hidden layer has ReLU units as in the tutorial; the paper has tanh.

    Args:
        vocabulary: number of words
        dimension: width of a word vector
        context: number of words that the model reads; their vectors are concatenated
        hidden: width of the hidden layer
    """

    def __init__(self, vocabulary: int, dimension: int, context: int, hidden: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimension)
        self.hidden = nn.Linear(context * dimension, hidden)
        self.output = Softmax(hidden, vocabulary)

    def forward(self, contexts: Tensor) -> Tensor:
        """Ids (batch, context), the nearest word last -> features (batch, hidden).

        `output` turns the features into probabilities of the next word.
        """
        return torch.relu(self.hidden(self.embedding(contexts).flatten(1)))


class LstmLanguageModel(nn.Module):
    """LSTM language model: an LSTM over the sentence so far, and a softmax.

    Args:
        vocabulary: number of words
        dimension: width of a word vector
        hidden: width of the LSTM's state
        layers: number of LSTM layers
        dropout: rate at the LSTM's input, at its output and between its layers
    """

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
        """Features from which `output` predicts the next word after each token.

        Args:
            words: ids, longest sentence first, (batch, time)
            lengths: number of tokens of each sentence, (batch,), on the CPU

        Returns:
            (tokens, hidden), without padding, in the order of `pack_padded_sequence`: all first
            tokens, then all second tokens, and so on
        """
        packed = pack_padded_sequence(
            self.dropout(self.embedding(words)), lengths, batch_first=True
        )
        return cast(Tensor, self.dropout(self.lstm(packed)[0].data))
