"""A vocabulary of parts of words (`nlpflow.text.parts`), the most frequent first."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow as pa

from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import TextColumn, chunks
from nlpflow.text.parts import joined, parts_of
from nlpflow.vocabulary.base import SPECIALS, UNK, Encoded, Vocabulary


@dataclass(frozen=True)
class Parts(Vocabulary):
    """Parts of words, most frequent first; equally frequent parts by code point."""

    parts: tuple[str, ...] = field(repr=False)
    spaces: bool
    """Whether spaces are parts: on the target side, whose text must come out right."""
    kind: ClassVar = "parts"

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.parts)

    @property
    def listed(self) -> tuple[str, ...]:
        """The tokens behind the special ones."""
        return self.parts

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {part: index for index, part in enumerate(self.parts, len(SPECIALS))}

    def tokens(self, sentence: str) -> list[str]:
        return parts_of(sentence, self.spaces)

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
        return joined(tokens) if self.spaces else " ".join(tokens)

    def token(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(f"id {index} outside a vocabulary of {len(self)} tokens")
        return SPECIALS[index] if index < len(SPECIALS) else self.parts[index - len(SPECIALS)]

    @cached_property
    def content(self) -> bytes:
        stored = {"parts": self.parts, "spaces": self.spaces}
        return json.dumps(stored, ensure_ascii=False, indent=0).encode()


def count_parts(column: TextColumn, settings: VocabularySettings, side: str) -> Parts:
    """The parts of the normalised training sentences of a side."""
    spaces = side == "target"
    counts: Counter[str] = Counter()
    for chunk in chunks(column):
        counts.update(part for text in chunk.to_pylist() for part in parts_of(text, spaces))
    often = [(part, count) for part, count in counts.items() if count >= settings.min_count]
    ranked = sorted(often, key=lambda counted: (-counted[1], counted[0]))
    size = settings.size(side)
    kept = [part for part, _ in ranked][: None if size is None else size - len(SPECIALS)]
    if not kept:
        raise UserError(
            f"dataset {settings.dataset}, {side} side: no part of a word occurs "
            f"{settings.min_count} times; lower min_count"
        )
    return Parts(tuple(kept), spaces)
