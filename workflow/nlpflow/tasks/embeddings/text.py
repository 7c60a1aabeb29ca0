"""An encoded text in the forms that the models read: words, contexts, and whole sentences."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence

from nlpflow.text.arrays import Ids, Longs
from nlpflow.text.windows import contexts, sentence_numbers
from nlpflow.vocabulary import EOS, SOS, UNK, Vocabulary
from nlpflow.vocabulary.encoded import EncodedSide


@dataclass(frozen=True)
class Text:
    """The encoded sentences of one split."""

    side: EncodedSide
    """The token ids, with `<EOS>` after each sentence."""

    @classmethod
    def of(cls, vocabulary: Vocabulary, column: pa.Array | pa.ChunkedArray) -> Self:
        """Encode a column of normalised sentences."""
        ids, offsets = vocabulary.encode_column(column)
        ended = np.insert(ids, offsets[1:], EOS)
        return cls(EncodedSide(ended, offsets + np.arange(len(offsets))))

    def __len__(self) -> int:
        """Number of tokens that a language model predicts, including `<EOS>` of each sentence."""
        return len(self.side.ids)

    @property
    def sentences(self) -> int:
        """Number of sentences."""
        return len(self.side.offsets) - 1

    @cached_property
    def starts(self) -> Longs:
        """The position at which the sentence of each token starts, (tokens,)."""
        return np.repeat(self.side.offsets[:-1], self.side.lengths())

    def words(self) -> tuple[Ids, Ids]:
        """The words of the vocabulary, with all others removed.

        Returns:
            ids of the words and numbers of their sentences, both (words,)
        """
        known = (self.side.ids != UNK) & (self.side.ids != EOS)
        return self.side.ids[known], sentence_numbers(self.side.offsets)[known]

    def contexts(self, at: Longs, length: int) -> NDArray[np.int64]:
        """The `length` tokens before each position, (batch, length); `<SOS>` before a sentence."""
        before = contexts(self.side.ids, self.starts, at, length)
        return np.where(before < 0, SOS, before).astype(np.int64)

    def at(self, positions: Longs) -> NDArray[np.int64]:
        """The tokens at the given positions, (batch,)."""
        return self.side.ids[positions].astype(np.int64)

    def shifted(self, numbers: Longs) -> tuple[Tensor, Tensor, Tensor]:
        """Whole sentences for a model that predicts each token from those before it.

        Args:
            numbers: indices of the sentences, the longest first, (batch,)

        Returns:
            inputs, which start with `<SOS>`, (batch, time); their lengths, (batch,); and the tokens
            to predict in the order of `pack_padded_sequence`, (tokens,)
        """
        ids, lengths = (torch.from_numpy(part) for part in self.side.padded(numbers))
        inputs = torch.cat([torch.full((len(ids), 1), SOS), ids[:, :-1]], dim=1)
        return inputs, lengths, pack_padded_sequence(ids, lengths, batch_first=True).data
