"""A vocabulary of words between spaces, the most frequent first."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import TextColumn, chunks
from nlpflow.vocabulary.base import SPECIALS, UNK, Encoded, Vocabulary

COUNTS = pa.schema([("word", pa.large_string()), ("count", pa.int64())])
MOST_WAITING = 1_000_000
"""Counts of this many words, or of as many as are known, are put together before they are added."""


@dataclass(frozen=True)
class Words(Vocabulary):
    """Words between spaces, most frequent first; equally frequent words by code point."""

    words: tuple[str, ...] = field(repr=False)
    counts: tuple[int, ...] = field(repr=False)
    """How often each word occurs in training."""
    kind: ClassVar = "words"

    def __post_init__(self) -> None:
        if len(self.words) != len(self.counts):
            raise ValueError(f"{len(self.words)} words but {len(self.counts)} counts")

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.words)

    @property
    def listed(self) -> tuple[str, ...]:
        """The tokens behind the special ones."""
        return self.words

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: index for index, word in enumerate(self.words, len(SPECIALS))}

    def tokens(self, sentence: str) -> list[str]:
        return [word for word in sentence.split(" ") if word]

    def encode(self, sentence: str) -> list[int]:
        return [self._ids.get(word, UNK) for word in self.tokens(sentence)]

    def encode_column(self, column: pa.Array | pa.ChunkedArray) -> Encoded:
        words, offsets = split_column(column)
        known = pa.array(self.words, words.type)
        ids = pc.add(pc.index_in(words, value_set=known), len(SPECIALS)).fill_null(UNK)
        return ids.to_numpy().astype(np.int32, copy=False), offsets

    def joined(self, tokens: Iterable[str]) -> str:
        return " ".join(tokens)

    def token(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(f"id {index} outside a vocabulary of {len(self)} tokens")
        return SPECIALS[index] if index < len(SPECIALS) else self.words[index - len(SPECIALS)]

    @cached_property
    def content(self) -> bytes:
        stored = {"words": self.words, "counts": self.counts}
        return json.dumps(stored, ensure_ascii=False, indent=0).encode()


def count_words(column: TextColumn, settings: VocabularySettings, side: str) -> Words:
    """The words of the normalised training sentences of a side."""
    table = _counts(column)
    special = pc.is_in(table["word"], value_set=pa.array(SPECIALS, pa.large_string()))
    table = table.filter(pc.invert(special))
    table = table.filter(pc.greater_equal(table["count"], settings.min_count))
    table = table.sort_by([("count", "descending"), ("word", "ascending")])
    if (size := settings.size(side)) is not None:
        table = table.slice(0, size - len(SPECIALS))
    if not len(table):
        raise UserError(
            f"dataset {settings.dataset}, {side} side: no word occurs {settings.min_count} times; "
            "lower min_count"
        )
    return Words(tuple(table["word"].to_pylist()), tuple(table["count"].to_pylist()))


def _counts(column: TextColumn) -> pa.Table:
    """How often each `word` occurs: its `count`."""
    counts = COUNTS.empty_table()
    waiting, rows = [counts], 0
    for chunk in chunks(column):
        counted = pc.value_counts(split_column(chunk)[0]).flatten()
        waiting.append(pa.table(counted, schema=COUNTS))
        rows += len(waiting[-1])
        if rows > max(MOST_WAITING, len(counts)):
            counts = _summed(waiting)
            waiting, rows = [counts], 0
    return _summed(waiting)


def _summed(counts: list[pa.Table]) -> pa.Table:
    summed = pa.concat_tables(counts).group_by("word").aggregate([("count", "sum")])
    return summed.select(["word", "count_sum"]).rename_columns(COUNTS.names)


def split_column(column: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """The words between spaces of all sentences, one after the other, and their offsets."""
    pieces = pc.split_pattern(column.cast(pa.large_string()), " ")
    if isinstance(pieces, pa.ChunkedArray):
        pieces = pieces.combine_chunks()
    present = pc.not_equal(pieces.flatten(), "")
    before = np.zeros(len(present) + 1, np.int64)
    np.cumsum(present.to_numpy(zero_copy_only=False), out=before[1:])
    ends = np.zeros(len(pieces) + 1, np.int64)
    np.cumsum(pc.list_value_length(pieces).to_numpy(), out=ends[1:])
    return pieces.flatten().filter(present), before[ends]
