"""What a word's letters say: the final state of a character LSTM, once for each distinct word."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from nlpflow.models.recurrent import MaskedLSTM
from nlpflow.vocabulary import UNK

LONGEST_WORD = 32
"""Letters; one web address must not make the whole batch as long as itself."""


class Spellings(NamedTuple):
    """The letters of a batch's distinct words, and where each word stands."""

    letters: Tensor
    """Letter ids padded with 0, (distinct, letters)."""
    lengths: Tensor
    """Letters of each distinct word, (distinct,)."""
    places: Tensor
    """The row of `letters` that holds each word, (batch, time); 0 at padding."""

    def to(self, device: torch.device) -> "Spellings":
        """The same on a device."""
        return Spellings(*(tensor.to(device) for tensor in self))


def spell(sentences: Sequence[Sequence[str]], alphabet: Mapping[str, int]) -> Spellings:
    """The spellings of a batch of tokenised sentences.

    A letter that `alphabet` lacks is unknown. Of a word longer than `LONGEST_WORD` the first and
    last letters count, half of each: affixes stand at the ends. Raises ValueError for a batch
    without words or an empty word.
    """
    rows: dict[str, int] = {}
    places = [[rows.setdefault(word, len(rows)) for word in words] for words in sentences]
    if not rows or "" in rows:
        raise ValueError("spellings need at least one word, and words of at least one letter")
    letters = [torch.tensor([alphabet.get(c, UNK) for c in _ends(word)]) for word in rows]
    return Spellings(
        pad_sequence(letters, batch_first=True),
        torch.tensor([len(word) for word in letters]),
        pad_sequence([torch.tensor(row, dtype=torch.long) for row in places], batch_first=True),
    )


def _ends(word: str) -> str:
    half = LONGEST_WORD // 2
    return word if len(word) <= LONGEST_WORD else word[:half] + word[-half:]


def cheapest_cut(lengths: Tensor) -> int:
    """Where to cut words into short and long ones, so that the fewest letters are read.

    Args:
        lengths: letters of each word, rising, (words,)

    Returns:
        how many are short; 0 where padding all to the longest costs no more
    """
    short = torch.arange(len(lengths))
    longest_short = torch.cat([lengths.new_zeros(1), lengths[:-1]])
    read = short * longest_short + (len(lengths) - short) * lengths[-1]
    return int(read.argmin())


class CharacterEncoder(nn.Module):
    """Character embeddings and an LSTM over them (Ling et al. 2015, section 3).

    Lample et al. 2016, section 4.1, read names with the same network in both directions.
    A few words are far longer than most: on a CPU, where padding takes as long as letters do,
    short and long ones are read apart, which halves the work and changes no number.
    `output_size` is the width of the vector it gives for each word.
    """

    def __init__(self, alphabet: int, embedding: int, hidden: int, bidirectional: bool = False):
        super().__init__()
        self.embedding = nn.Embedding(alphabet, embedding, padding_idx=0)
        self.lstm = MaskedLSTM(embedding, hidden, bidirectional=bidirectional)
        self.output_size = self.lstm.output_size

    def forward(self, spellings: Spellings) -> Tensor:
        """The final states, put where the words stand: (batch, time, output_size)."""
        letters, lengths, places = spellings
        if letters.is_cuda:
            return self._last(letters, lengths)[places]
        order = lengths.argsort()
        parts = order.tensor_split([cheapest_cut(lengths[order])])
        last = torch.cat([self._last(letters[rows], lengths[rows]) for rows in parts if len(rows)])
        return last[order.argsort()[places]]

    def _last(self, letters: Tensor, lengths: Tensor) -> Tensor:
        """The final state of each word, (words, output_size)."""
        last: Tensor
        _, last = self.lstm(self.embedding(letters[:, : int(lengths.max())]), lengths)
        return last
