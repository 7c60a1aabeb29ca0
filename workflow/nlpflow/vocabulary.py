"""The tokens of one side of a dataset and their numbers: words, or SentencePiece subwords."""

import hashlib
import io
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import sentencepiece

from nlpflow.errors import UserError
from nlpflow.settings.data import Vocabulary as VocabularySettings

PAD, UNK, SOS, EOS = range(4)
SPECIALS = ("<pad>", "<unk>", "<SOS>", "<EOS>")

MOST_SENTENCES = 1_000_000
"""Subwords are learnt from at most this many sentences, evenly spaced: the trainer holds them all
in memory several times over, and more change little."""

Encoded = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]
"""Token ids of all sentences in a row, and where each sentence starts: sentence i is
`ids[offsets[i] : offsets[i + 1]]`."""


class Vocabulary(ABC):
    """Tokens and their ids; the special tokens are 0 `<pad>`, 1 `<unk>`, 2 `<SOS>`, 3 `<EOS>`.

    A special token's name in a sentence is a word like any other and never becomes its id.
    """

    kind: ClassVar[Literal["words", "subwords"]]

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

    @abstractmethod
    def decode(self, ids: Iterable[int]) -> str:
        """The sentence of these ids; `<pad>`, `<SOS>` and `<EOS>` leave no trace."""

    @abstractmethod
    def token(self, index: int) -> str:
        """The token of an id; IndexError outside the vocabulary."""

    @property
    @abstractmethod
    def content(self) -> bytes:
        """The vocabulary's file."""

    def unknown(self, sentence: str) -> list[str]:
        """The sentence's tokens that are not in the vocabulary, in their order."""
        pairs = zip(self.tokens(sentence), self.encode(sentence), strict=True)
        return [token for token, index in pairs if index == UNK]

    @property
    def digest(self) -> str:
        """SHA-256 of the vocabulary's file: equal digests, equal ids."""
        return hashlib.sha256(self.content).hexdigest()

    def save(self, path: Path) -> None:
        """Write the vocabulary's file, whatever its name: `load` tells the kinds apart."""
        path.write_bytes(self.content)

    @staticmethod
    def load(path: Path) -> "Vocabulary":
        """Read what `save` wrote; UserError for any other file."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UserError(f"{path}: cannot be read: {error.strerror}") from error
        try:
            if content.startswith(b"{"):
                stored = json.loads(content)
                return Words(tuple(stored["words"]), tuple(stored["counts"]))
            return Subwords(content)
        except (ValueError, TypeError, LookupError, RuntimeError) as error:
            raise UserError(f"{path}: not a vocabulary file ({error}); make it again") from error


@dataclass(frozen=True)
class Words(Vocabulary):
    """Words between spaces, the most frequent first; equally frequent ones by code point."""

    words: tuple[str, ...] = field(repr=False)
    counts: tuple[int, ...] = field(repr=False)
    """How often each word occurs in training."""
    kind: ClassVar = "words"

    def __post_init__(self) -> None:
        if len(self.words) != len(self.counts):
            raise ValueError(f"{len(self.words)} words but {len(self.counts)} counts")

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.words)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: index for index, word in enumerate(self.words, len(SPECIALS))}

    def tokens(self, sentence: str) -> list[str]:
        return [word for word in sentence.split(" ") if word]

    def encode(self, sentence: str) -> list[int]:
        return [self._ids.get(word, UNK) for word in self.tokens(sentence)]

    def encode_column(self, column: pa.Array | pa.ChunkedArray) -> Encoded:
        words, offsets = split_words(column)
        known = pa.array(self.words, words.type)
        ids = pc.add(pc.index_in(words, value_set=known), len(SPECIALS)).fill_null(UNK)
        return ids.to_numpy().astype(np.int32, copy=False), offsets

    def decode(self, ids: Iterable[int]) -> str:
        return " ".join(self.token(index) for index in ids if index not in (PAD, SOS, EOS))

    def token(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(f"id {index} outside a vocabulary of {len(self)} tokens")
        return SPECIALS[index] if index < len(SPECIALS) else self.words[index - len(SPECIALS)]

    @cached_property
    def content(self) -> bytes:
        stored = {"words": self.words, "counts": self.counts}
        return json.dumps(stored, ensure_ascii=False, indent=0).encode()


@dataclass(frozen=True)
class Subwords(Vocabulary):
    """A SentencePiece unigram model; what no piece spells is written in bytes, never unknown."""

    model: bytes = field(repr=False)
    kind: ClassVar = "subwords"

    def __post_init__(self) -> None:
        if not self.model:  # SentencePiece takes it for a model without pieces
            raise ValueError("it is empty")
        if tuple(self._pieces.id_to_piece(list(range(len(SPECIALS))))) != SPECIALS:
            raise ValueError("a SentencePiece model with other special tokens")

    def __len__(self) -> int:
        return int(self._pieces.get_piece_size())

    @cached_property
    def _pieces(self) -> Any:
        return sentencepiece.SentencePieceProcessor(model_proto=self.model)

    def tokens(self, sentence: str) -> list[str]:
        return list(self._pieces.encode(sentence, out_type=str))

    def encode(self, sentence: str) -> list[int]:
        return list(self._pieces.encode(sentence))

    def encode_column(self, column: pa.Array | pa.ChunkedArray) -> Encoded:
        encoded = self._pieces.encode(column.to_pylist())
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(ids) for ids in encoded], out=offsets[1:])
        flat = (index for ids in encoded for index in ids)
        return np.fromiter(flat, np.int32, count=int(offsets[-1])), offsets

    def decode(self, ids: Iterable[int]) -> str:
        return str(self._pieces.decode([int(index) for index in ids]))

    def token(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(f"id {index} outside a vocabulary of {len(self)} tokens")
        return str(self._pieces.id_to_piece(int(index)))

    @property
    def content(self) -> bytes:
        return self.model


def build_vocabulary(
    column: pa.Array | pa.ChunkedArray, settings: VocabularySettings, side: str
) -> Vocabulary:
    """The vocabulary of the normalised training sentences; `side` names them in errors."""
    if settings.kind == "subwords":
        return _train_subwords(column, settings, side)
    words, _ = split_words(column)
    counted = pc.value_counts(words).flatten()
    table = pa.table({"word": counted[0], "count": counted[1]})
    special = pc.is_in(table["word"], value_set=pa.array(SPECIALS, words.type))
    table = table.filter(pc.invert(special))
    table = table.filter(pc.greater_equal(table["count"], settings.min_count))
    table = table.sort_by([("count", "descending"), ("word", "ascending")])
    if settings.max_size is not None:
        table = table.slice(0, settings.max_size - len(SPECIALS))
    if not len(table):
        raise UserError(
            f"dataset {settings.dataset}, {side} side: no word occurs {settings.min_count} times; "
            "lower the vocabulary's min_count"
        )
    return Words(tuple(table["word"].to_pylist()), tuple(table["count"].to_pylist()))


def coverage(vocabulary: Vocabulary, column: pa.Array | pa.ChunkedArray) -> dict[str, float]:
    """How much of a column the vocabulary knows.

    `tokens` and how many of them are `unknown`, the `known_share` (1.0 where there are no tokens),
    and `unknown_types`, the number of different unknown tokens.
    """
    ids, _ = vocabulary.encode_column(column)
    unknown = ids == UNK
    missed = int(unknown.sum())
    types = 0
    if missed:  # never with subwords
        types = len(split_words(column)[0].filter(pa.array(unknown)).unique())
    share = 1 - missed / len(ids) if len(ids) else 1.0
    return {"tokens": len(ids), "unknown": missed, "known_share": share, "unknown_types": types}


def split_words(column: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """The words between spaces of all sentences in a row, and the offsets of the sentences."""
    pieces = pc.split_pattern(column.cast(pa.large_string()), " ")
    if isinstance(pieces, pa.ChunkedArray):
        pieces = pieces.combine_chunks()
    present = pc.not_equal(pieces.flatten(), "")
    before = np.zeros(len(present) + 1, np.int64)
    np.cumsum(present.to_numpy(zero_copy_only=False), out=before[1:])
    ends = np.zeros(len(pieces) + 1, np.int64)
    np.cumsum(pc.list_value_length(pieces).to_numpy(), out=ends[1:])
    return pieces.flatten().filter(present), before[ends]


def _train_subwords(
    column: pa.Array | pa.ChunkedArray, settings: VocabularySettings, side: str
) -> Subwords:
    where = f"dataset {settings.dataset}, {side} side"
    sentences = column.take(np.arange(0, len(column), 1 + len(column) // MOST_SENTENCES))
    if not pc.any(pc.not_equal(pc.utf8_trim(sentences, " "), "")).as_py():
        raise UserError(f"{where}: no text to learn subwords from; check the dataset's filters")
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences.to_pylist()),
            model_writer=model,
            model_type="unigram",
            vocab_size=settings.max_size,
            normalization_rule_name="identity",  # the dataset is normalised
            byte_fallback=True,
            num_threads=1,  # with more the pieces differ from run to run
            minloglevel=2,
            pad_id=PAD,
            unk_id=UNK,
            bos_id=SOS,
            eos_id=EOS,
            pad_piece=SPECIALS[PAD],
            unk_piece=SPECIALS[UNK],
            bos_piece=SPECIALS[SOS],
            eos_piece=SPECIALS[EOS],
        )
    except RuntimeError as error:
        raise UserError(
            f"{where}: {settings.max_size} subwords cannot be learnt from {len(sentences)} "
            f"sentences ({_limit(str(error))}); change the vocabulary's max_size"
        ) from error
    return Subwords(model.getvalue())


def _limit(message: str) -> str:
    """What SentencePiece's message says about the number of pieces, in our words."""
    if most := re.search(r"too high.*<= (\d+)", message):
        return f"at most {most[1]}"
    if least := re.search(r"smaller than required_chars\. \d+ vs (\d+)", message):
        return f"at least {least[1]}"
    return message
