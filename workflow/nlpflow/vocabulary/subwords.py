"""Subwords: a SentencePiece unigram model."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import sentencepiece

from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import TextColumn, chunks
from nlpflow.vocabulary.base import EOS, PAD, SOS, SPECIALS, UNK, Encoded, Vocabulary

MOST_SENTENCES = 1_000_000
"""Subwords are learnt from at most this many sentences, evenly spaced: the trainer holds them all
in memory several times over, and more change little."""

SEEDS = 1_000_000
"""A number of pieces that SentencePiece always refuses as too high."""


@dataclass(frozen=True)
class Subwords(Vocabulary):
    """A SentencePiece unigram model; characters without a piece are written as bytes."""

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

    def joined(self, tokens: Iterable[str]) -> str:
        return str(self._pieces.decode(list(tokens)))

    def token(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(f"id {index} outside a vocabulary of {len(self)} tokens")
        return str(self._pieces.id_to_piece(int(index)))

    @property
    def scores(self) -> list[float]:
        """The log-probability of each piece."""
        return [float(self._pieces.get_score(index)) for index in range(len(self))]

    @property
    def content(self) -> bytes:
        return self.model


def train_subwords(column: TextColumn, settings: VocabularySettings, side: str) -> Subwords:
    """Subwords learnt from the normalised training sentences of a side.

    Raises:
        UserError: `max_size` is not a possible number of pieces; the message says which are
    """
    size, coverage = settings.size(side), settings.character_coverage
    assert size is not None  # subwords need it
    where = f"dataset {settings.dataset}, {side} side"
    texts = evenly_spaced(column)
    if not any(text.strip(" ") for text in texts):
        raise UserError(f"{where}: no text to learn subwords from; check the dataset's filters")
    try:
        return Subwords(_trained(texts, size, coverage))
    except RuntimeError as error:
        raise UserError(
            f"{where}: {size} subwords cannot be learnt from {len(texts)} sentences; with "
            f"character_coverage {coverage:g} they allow {_possible(texts, coverage)} subwords: "
            f"set the vocabulary's max_size.{side} (as in max_size: {{source: N, target: M}}), or "
            "lower character_coverage"
        ) from error


def evenly_spaced(column: TextColumn) -> list[str]:
    """At most `MOST_SENTENCES` sentences, evenly spaced."""
    step = 1 + len(column) // MOST_SENTENCES
    texts: list[str] = []
    start = 0  # the first row of the next chunk that is taken
    for chunk in chunks(column):
        taken = np.arange(start, len(chunk), step)
        texts += chunk.take(pa.array(taken)).to_pylist()
        start += len(taken) * step - len(chunk)
    return texts


def _trained(texts: list[str], size: int, coverage: float) -> bytes:
    """A unigram model; SentencePiece's RuntimeError if it has too few or too many pieces."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        model_type="unigram",
        vocab_size=size,
        character_coverage=coverage,
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
    return model.getvalue()


def _possible(texts: list[str], coverage: float) -> str:
    """The range of numbers of pieces that sentences allow, taken from SentencePiece's errors."""
    ends = []
    for size, pattern in ((8, r"required_chars\. \d+ vs (\d+)"), (SEEDS, r"high.*<= (\d+)")):
        try:
            _trained(texts, size, coverage)
        except RuntimeError as error:
            ends += re.findall(pattern, str(error))
    return " to ".join(ends)
