"""The vocabulary of a tagger: words, characters, affixes and tags of a training set, with ids."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from nlpflow.errors import UserError
from nlpflow.text.words import word_affixes, word_shape
from nlpflow.vocabulary import SPECIALS, UNK

FILE = "vocabulary.json"
"""The vocabulary's file inside a run's folder."""


@dataclass(frozen=True)
class LabelVocabulary:
    """The words, characters and tags that a tagger knows.

    Words, characters and affixes have the ids of `nlpflow.vocabulary`: 0 `<pad>`, 1 `<unk>`, then
    two that taggers do not use. Tags count from 0.
    """

    words: tuple[str, ...] = field(repr=False)
    """The words, most frequent first; equally frequent words by code point."""
    counts: tuple[int, ...] = field(repr=False)
    """How often each word occurs in training."""
    letters: tuple[str, ...] = field(repr=False)
    tags: tuple[str, ...]
    """The tags, sorted."""
    lower_case: bool
    """Whether words are looked up in lower case; characters keep their case."""
    affixes: tuple[str, ...] = field(default=(), repr=False)
    """Names of affixes and shapes that occur more than once in the training set, most frequent
    first."""
    longest_affix: int = 0
    """Characters of the longest prefix and suffix of a word that are read; 0: none are."""
    shapes: bool = False
    """Whether the shape of a word is read."""

    @cached_property
    def word_ids(self) -> dict[str, int]:
        """The id of each known word."""
        return {word: index for index, word in enumerate(self.words, len(SPECIALS))}

    @cached_property
    def alphabet(self) -> dict[str, int]:
        """The id of each known character."""
        return {letter: index for index, letter in enumerate(self.letters, len(SPECIALS))}

    @cached_property
    def affix_ids(self) -> dict[str, int]:
        """The id of each known affix and shape."""
        return {name: index for index, name in enumerate(self.affixes, len(SPECIALS))}

    @cached_property
    def tag_ids(self) -> dict[str, int]:
        """The id of each tag."""
        return {tag: index for index, tag in enumerate(self.tags)}

    @property
    def word_count(self) -> int:
        """Rows that word embeddings need."""
        return len(SPECIALS) + len(self.words)

    @property
    def character_count(self) -> int:
        """Rows that character embeddings need."""
        return len(SPECIALS) + len(self.letters)

    @property
    def affixes_per_word(self) -> int:
        """How many ids `encode_affixes` gives for each word."""
        return 2 * self.longest_affix + self.shapes

    def encode_affixes(self, word: str) -> list[int]:
        """The ids of a word's affixes, shortest first, and of its shape."""
        names = affix_names(word, self.longest_affix, self.shapes)
        return [self.affix_ids.get(name, UNK) for name in names]

    @property
    def affix_count(self) -> int:
        """Rows that affix embeddings need."""
        return len(SPECIALS) + len(self.affixes)

    def encode(self, words: Sequence[str]) -> list[int]:
        """The ids of a sentence's words."""
        if self.lower_case:
            words = [word.lower() for word in words]
        return [self.word_ids.get(word, UNK) for word in words]

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each part: equal digests, equal ids."""
        return {
            name: hashlib.sha256(json.dumps(getattr(self, name)).encode()).hexdigest()
            for name in PARTS
        }

    def save(self, folder: Path) -> None:
        """Write the vocabulary's file into a folder."""
        values = {name: getattr(self, name) for name in PARTS}
        text = json.dumps(values, ensure_ascii=False, indent=0)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; UserError for anything else."""
        path = folder / FILE
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            parts = {name: stored[name] for name in PARTS}
            return cls(**parts | {name: tuple(parts[name]) for name in LISTS})
        except OSError as error:
            raise UserError(f"{path}: cannot be read: {error.strerror}") from error
        except KeyError as error:
            raise UserError(
                f"{path}: not a vocabulary file of this version of nlpflow: it has no {error}; "
                "train the run again"
            ) from error
        except (ValueError, TypeError, LookupError) as error:
            raise UserError(f"{path}: not a vocabulary file ({error}); train again") from error


LISTS = ("words", "counts", "letters", "tags", "affixes")
PARTS = (*LISTS, "lower_case", "longest_affix", "shapes")


def build_label_vocabulary(
    words: Sequence[Sequence[str]],
    tags: Iterable[Sequence[str]],
    min_count: int = 1,
    lower_case: bool = False,
    longest_affix: int = 0,
    shapes: bool = False,
) -> LabelVocabulary:
    """The vocabulary of the training sentences' words and tags.

    Characters are those of every word, whatever its frequency.
    """
    letters = Counter(letter for sentence in words for word in sentence for letter in word)
    looked_up = ((w.lower() if lower_case else w for w in sentence) for sentence in words)
    counts = Counter(word for sentence in looked_up for word in sentence)
    written = Counter(word for sentence in words for word in sentence)
    affixes: Counter[str] = Counter()
    for word, count in written.items():
        for name in affix_names(word, longest_affix, shapes):
            affixes[name] += count
    kept = [(word, count) for word, count in _by_frequency(counts) if count >= min_count]
    return LabelVocabulary(
        tuple(word for word, _ in kept),
        tuple(count for _, count in kept),
        tuple(letter for letter, _ in _by_frequency(letters)),
        tuple(sorted({tag for sentence in tags for tag in sentence})),
        lower_case,
        tuple(name for name, count in _by_frequency(affixes) if count > 1),
        longest_affix,
        shapes,
    )


def affix_names(word: str, longest: int, shape: bool) -> list[str]:
    """The names of a word's affixes, and of its shape if that is read."""
    names = word_affixes(word, longest)
    return [*names, f"shape:{word_shape(word)}"] if shape else names


def _by_frequency(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
