"""Aligned bilingual phrases: written as two templates, joined by keys, spelled out at the end.

A template is a line of words. `{name}` stands for another phrase. `word/k` carries the key k
(`word/k,l` two of them, `word/-` none); words of the two languages that share a key are linked.
Words without a key are linked in order where both sides have as many of them, and all with
all otherwise: `phrase("too tall", "trop grand")` needs no keys. The keys of a phrase in slot `a`
become `a.k` outside of it, so that the same phrase may stand anywhere.
"""

import re
from dataclasses import dataclass

MARKS = frozenset(".?!,;:")
_ENGLISH_JOINTS = re.compile(r"(?='(?:s|m|re|ve|ll|d|t)$)")
_FRENCH_JOINTS = re.compile(
    r"(?<=^[ldjnscmt]')|(?<=^qu')|(?=-(?:je|tu|nous|vous|moi|toi|(?:t-)?(?:on|ils?|elles?))$)"
)


@dataclass(frozen=True)
class Piece:
    """A word or a part of one (`j'`, `'m`, `-il`) with the keys that link it."""

    text: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Phrase:
    """The same words in English and in French."""

    en: tuple[Piece, ...]
    fr: tuple[Piece, ...]

    @property
    def gist(self) -> str:
        """The English words, to name a group by."""
        return " ".join(piece.text for piece in self.en)


EMPTY = Phrase((), ())


def phrase(en: str, fr: str, **slots: Phrase) -> Phrase:
    """The phrase that the two templates spell once their slots are filled."""
    words = _words(en, _ENGLISH_JOINTS), _words(fr, _FRENCH_JOINTS)
    counts = [sum(keys is None for _, keys in side) for side in words]
    in_order = counts[0] == counts[1]
    return Phrase(
        _pieces(words[0], in_order, {name: slot.en for name, slot in slots.items()}),
        _pieces(words[1], in_order, {name: slot.fr for name, slot in slots.items()}),
    )


def label(words: str, key: str) -> str:
    """The words as a template in which each carries the key."""
    return " ".join(f"{word}/{key}" for word in words.split())


def _words(template: str, joints: re.Pattern[str]) -> list[tuple[str, frozenset[str] | None]]:
    """(text, keys) of each word of a template; keys are None where none are written."""
    found: list[tuple[str, frozenset[str] | None]] = []
    for word in template.split():
        text, slash, written = word.partition("/")
        keys = frozenset(written.split(",")) - {"-"} if slash else None
        if text in MARKS or text.startswith("{"):
            keys = frozenset({text})
        found += [(part, keys) for part in joints.split(text) if part]
    return found


def _pieces(
    words: list[tuple[str, frozenset[str] | None]],
    in_order: bool,
    slots: dict[str, tuple[Piece, ...]],
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    unlabelled = 0
    for text, keys in words:
        if text.startswith("{"):
            name = text[1:-1]
            pieces += [
                Piece(piece.text, frozenset(f"{name}.{key}" for key in piece.keys))
                for piece in slots[name]
            ]
        elif keys is None:
            pieces.append(Piece(text, frozenset({f"#{unlabelled if in_order else ''}"})))
            unlabelled += 1
        else:
            pieces.append(Piece(text, keys))
    return tuple(pieces)
