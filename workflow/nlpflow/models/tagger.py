"""The LSTM tagger: a score for every tag at every word (the tutorial's; Huang et al. 2015)."""

import torch
from torch import Tensor, nn

from nlpflow.models.characters import CharacterEncoder, Spellings
from nlpflow.models.recurrent import MaskedLSTM


class Tagger(nn.Module):
    """Word embeddings, joined by character features if asked for, LSTM, linear layer.

    :param characters: its output is concatenated to the word embedding
    :param dropout: of the LSTM's input, its output, and between its layers
    """

    def __init__(
        self,
        vocabulary: int,
        tags: int,
        embedding: int,
        hidden: int,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        characters: CharacterEncoder | None = None,
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.characters = characters
        self.dropout = nn.Dropout(dropout)
        features = embedding + (characters.output_size if characters is not None else 0)
        self.lstm = MaskedLSTM(features, hidden, layers, bidirectional, dropout)
        self.emissions = nn.Linear(self.lstm.output_size, tags)

    def forward(self, words: Tensor, lengths: Tensor, spellings: Spellings | None = None) -> Tensor:
        """Score a batch.

        :param words: word ids padded with 0, (batch, time)
        :param lengths: words of each sentence, at least 1, (batch,), on the device of `words`
        :param spellings: of the same words; needed with character features and refused without
        :returns: emissions (batch, time, tags), not normalised; at padding the bias alone
        """
        if (spellings is None) != (self.characters is None):
            wanted = "needs" if spellings is None else "has no use for"
            raise ValueError(f"this tagger {wanted} spellings")
        inputs = self.embedding(words)
        if self.characters is not None and spellings is not None:
            if spellings.places.shape != words.shape:
                sizes = f"{tuple(spellings.places.shape)} places, {tuple(words.shape)} words"
                raise ValueError(f"spellings do not fit the words: {sizes}")
            inputs = torch.cat([inputs, self.characters(spellings)], dim=-1)
        outputs, _ = self.lstm(self.dropout(inputs), lengths)
        emissions: Tensor = self.emissions(self.dropout(outputs))
        return emissions
