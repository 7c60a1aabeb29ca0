"""Encoders of spellings: a character LSTM and affix embeddings, once per distinct word."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from nlpflow.models.recurrent import MaskedLSTM
from nlpflow.vocabulary import UNK

LONGEST_WORD = 32
"""In characters. The limit keeps one long web address from padding a whole batch to its length."""


class Spellings(NamedTuple):
    """Characters and affixes of a batch's distinct words, and the word at each position."""

    characters: Tensor
    """Character ids padded with 0, (distinct, characters)."""
    lengths: Tensor
    """Number of characters of each distinct word, (distinct,)."""
    indices: Tensor
    """The row of `characters` that spells each word, (batch, time); 0 at padding."""
    affixes: Tensor
    """Ids of the affixes and the shape of each distinct word, (distinct, affixes)."""

    def to(self, device: torch.device) -> "Spellings":
        """A copy on `device`."""
        return Spellings(*(tensor.to(device) for tensor in self))


def spell(
    sentences: Sequence[Sequence[str]],
    alphabet: Mapping[str, int],
    affixes: Callable[[str], Sequence[int]] = lambda word: (),
) -> Spellings:
    """The spellings of a batch of tokenised sentences.

    A character that `alphabet` lacks becomes the unknown character. A word longer than
    `LONGEST_WORD` is reduced to its beginning and its end, half the limit each, because affixes
    stand there.

    Args:
        sentences: the words of each sentence
        alphabet: the id of each character
        affixes: gives the ids of a word's affixes, equally many for every word

    Raises:
        ValueError: the batch has no words, or a word is empty
    """
    rows: dict[str, int] = {}
    indices = [[rows.setdefault(word, len(rows)) for word in words] for words in sentences]
    if not rows or "" in rows:
        raise ValueError("spellings need at least one word, and words of at least one character")
    characters = [torch.tensor([alphabet.get(c, UNK) for c in _ends(word)]) for word in rows]
    return Spellings(
        pad_sequence(characters, batch_first=True),
        torch.tensor([len(word) for word in characters]),
        pad_sequence([torch.tensor(row, dtype=torch.long) for row in indices], batch_first=True),
        torch.tensor([affixes(word) for word in rows], dtype=torch.long),
    )


def _ends(word: str) -> str:
    half = LONGEST_WORD // 2
    return word if len(word) <= LONGEST_WORD else word[:half] + word[-half:]


def cheapest_cut(lengths: Tensor) -> int:
    """The split of words into short and long ones with which the LSTM reads the fewest characters.

    Args:
        lengths: number of characters of each word, in ascending order, (words,)

    Returns:
        the number of short words; 0 if padding all words to the longest costs no more
    """
    short = torch.arange(len(lengths))
    longest_short = torch.cat([lengths.new_zeros(1), lengths[:-1]])
    read = short * longest_short + (len(lengths) - short) * lengths[-1]
    return int(read.argmin())


class CharacterEncoder(nn.Module):
    """Character embeddings and an LSTM over them (Ling et al. 2015, section 3).

    With `bidirectional` it is the character model of Lample et al. 2016, section 4.1.

    A few words are far longer than most. On a CPU padding takes as long as characters do, so there
    short and long words are read separately. This halves the work and changes no result.

    Args:
        alphabet: number of character ids, special tokens included
        embedding: width of a character embedding
        hidden: width of an LSTM state in one direction
        bidirectional: read each word in both directions

    Attributes:
        output_size: width of the vector of a word
    """

    def __init__(self, alphabet: int, embedding: int, hidden: int, bidirectional: bool = False):
        super().__init__()
        self.embedding = nn.Embedding(alphabet, embedding, padding_idx=0)
        self.lstm = MaskedLSTM(embedding, hidden, bidirectional=bidirectional)
        self.output_size = self.lstm.output_size

    def forward(self, spellings: Spellings) -> Tensor:
        """The final state of the LSTM for each word of the batch, (batch, time, output_size)."""
        ids, lengths, indices, _ = spellings
        if ids.is_cuda:
            return self._last(ids, lengths)[indices]
        order = lengths.argsort()
        parts = order.tensor_split([cheapest_cut(lengths[order])])
        last = torch.cat([self._last(ids[rows], lengths[rows]) for rows in parts if len(rows)])
        return last[order.argsort()[indices]]

    def _last(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """The final state of each distinct word, (words, output_size)."""
        last: Tensor
        _, last = self.lstm(self.embedding(ids[:, : int(lengths.max())]), lengths)
        return last


class AffixEncoder(nn.Module):
    """Embeddings of each word's affixes and shape, concatenated.

    They correspond to the features that taggers with hand-written features use for rare and unknown
    words (Ratnaparkhi 1996, table 1).

    Args:
        affixes: number of affix ids, special tokens included
        per_word: number of affixes of each word
        embedding: width of an affix embedding
        std: standard deviation of the embeddings at the start

    Attributes:
        output_size: width of the vector of a word
    """

    def __init__(self, affixes: int, per_word: int, embedding: int, std: float = 1.0):
        super().__init__()
        self.embedding = nn.Embedding(affixes, embedding)
        nn.init.normal_(self.embedding.weight, std=std)
        self.output_size = per_word * embedding

    def forward(self, spellings: Spellings) -> Tensor:
        """The embeddings of each word of the batch, (batch, time, output_size)."""
        found: Tensor = self.embedding(spellings.affixes).flatten(1)
        return found[spellings.indices]
