"""The base class of vocabularies, and the ids of the special tokens."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PAD, UNK, SOS, EOS = range(4)
SPECIALS = ("<pad>", "<unk>", "<SOS>", "<EOS>")

Encoded = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]
"""Token ids of all sentences, one after the other, and their offsets: sentence i is
`ids[offsets[i] : offsets[i + 1]]`."""


class Vocabulary(ABC):
    """Tokens and their ids; the special tokens are 0 `<pad>`, 1 `<unk>`, 2 `<SOS>`, 3 `<EOS>`.

    If a sentence contains the text of a special token, such as `<EOS>`, it is an ordinary word and
    never gets the id of the special token.
    """

    kind: ClassVar[Literal["words", "subwords", "parts"]]

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def tokens(self, sentence: str) -> list[str]:
        """The sentence cut into tokens, known or not: as many as `encode` gives ids."""

    @abstractmethod
    def encode(self, sentence: str) -> list[int]:
        """The ids of the sentence's tokens, without `<SOS>` and `<EOS>`."""

    @abstractmethod
    def encode_column(self, column: pa.Array | pa.ChunkedArray) -> Encoded:
        """`encode` of every sentence of a column."""

    def decode(self, ids: Iterable[int]) -> str:
        """The sentence of these ids; `<pad>`, `<SOS>` and `<EOS>` are left out."""
        return self.joined(self.token(index) for index in ids if index not in (PAD, SOS, EOS))

    @abstractmethod
    def joined(self, tokens: Iterable[str]) -> str:
        """The sentence of these tokens, known or not."""

    @abstractmethod
    def token(self, index: int) -> str:
        """The token of an id; IndexError outside the vocabulary."""

    @property
    @abstractmethod
    def content(self) -> bytes:
        """The content of the vocabulary's file."""

    def unknown(self, sentence: str) -> list[str]:
        """The sentence's tokens that are not in the vocabulary, in their order."""
        pairs = zip(self.tokens(sentence), self.encode(sentence), strict=True)
        return [token for token, index in pairs if index == UNK]

    @property
    def digest(self) -> str:
        """SHA-256 of the vocabulary's file: equal digests, equal ids."""
        return hashlib.sha256(self.content).hexdigest()

    def save(self, path: Path) -> None:
        """Write the vocabulary's file, under any name: `load_vocabulary` tells the kinds apart."""
        path.write_bytes(self.content)
