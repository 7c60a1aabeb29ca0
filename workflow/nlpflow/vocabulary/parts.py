"""A vocabulary of parts of words (`nlpflow.text.parts`), the most frequent first."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import TextColumn, chunks
from nlpflow.text.parts import MARKS, Spacing, parts_of
from nlpflow.vocabulary.base import SPECIALS, UNK, Encoded, Vocabulary


@dataclass(frozen=True)
class Parts(Vocabulary):
    """Parts of words, most frequent first; equally frequent parts by code point.

    The marks for unusual spaces come before them, so that the spaces of every text can be written.
    """

    parts: tuple[str, ...] = field(repr=False)
    spacing: Spacing = field(repr=False)
    kind: ClassVar = "parts"

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.listed)

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The tokens behind the special ones."""
        return (*MARKS, *self.parts)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {token: index for index, token in enumerate(self.listed, len(SPECIALS))}

    def tokens(self, sentence: str) -> list[str]:
        return self.spacing.tokens(sentence)

    def ids(self, tokens: Iterable[str]) -> list[int]:
        """The ids of tokens."""
        return [self._ids.get(token, UNK) for token in tokens]

    def encode(self, sentence: str) -> list[int]:
        return self.ids(self.tokens(sentence))

    def encode_column(self, column: pa.Array | pa.ChunkedArray) -> Encoded:
        encoded = [self.encode(sentence) for sentence in column.to_pylist()]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return np.array([index for ids in encoded for index in ids], np.int32), offsets

    def joined(self, tokens: Iterable[str]) -> str:
        return self.spacing.joined(tokens)

    def token(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(f"id {index} outside a vocabulary of {len(self)} tokens")
        return SPECIALS[index] if index < len(SPECIALS) else self.listed[index - len(SPECIALS)]

    @cached_property
    def content(self) -> bytes:
        stored = {"parts": self.parts, "spaces_between": sorted(self.spacing.usual)}
        return json.dumps(stored, ensure_ascii=False, indent=0).encode()


def parts_from(stored: dict[str, Any]) -> Parts:
    """The vocabulary with this `content`."""
    spacing = Spacing(frozenset((left, right) for left, right in stored["spaces_between"]))
    return Parts(tuple(stored["parts"]), spacing)


def count_parts(column: TextColumn, settings: VocabularySettings, side: str) -> Parts:
    """The parts of the normalised training sentences of a side."""

    def texts() -> Iterator[str]:
        for chunk in chunks(column):
            yield from chunk.to_pylist()

    counts = Counter(part for text in texts() for part in parts_of(text))
    often = [(part, count) for part, count in counts.items() if count >= settings.min_count]
    ranked = sorted(often, key=lambda counted: (-counted[1], counted[0]))
    size = settings.size(side)
    room = None if size is None else max(size - len(SPECIALS) - len(MARKS), 0)
    kept = tuple(part for part, _ in ranked[:room])
    if not kept:
        raise UserError(
            f"dataset {settings.dataset}, {side} side: no part of a word occurs "
            f"{settings.min_count} times; lower min_count"
        )
    return Parts(kept, Spacing.of(texts()))
