"""What the small grammars of single languages have in common: verbs, subjects, things, lines.

Persons count 0 to 5: I, you, she, we, you all, they. The words of a table stand as they are said:
an object has its article and its case, a preposition is already contracted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grammar.table import rows


@dataclass(frozen=True)
class Verb:
    """A verb; `past` are finite forms, of the auxiliary where the past has a participle."""

    infinitive: str
    present: tuple[str, ...]
    past: tuple[str, ...]
    participle: str = ""


@dataclass(frozen=True)
class Subject:
    """Who a sentence is about: its words as they open a clause (none where they are left out)."""

    words: str
    person: int
    feminine: bool = False

    @property
    def plural(self) -> bool:
        return self.person > 2


@dataclass(frozen=True)
class Activity:
    """A verb with its complement; `everyday` if people do it again and again."""

    verb: Verb
    complement: str
    everyday: bool


@dataclass(frozen=True)
class Noun:
    """A thing: its word, its plural, its gender (m, f or n) and the kinds that it belongs to."""

    word: str
    plural: str
    gender: str
    kinds: str

    @property
    def feminine(self) -> bool:
        return self.gender == "f"


def nouns(table: str) -> tuple[Noun, ...]:
    """Nouns by rows of word, plural, gender and kinds."""
    return tuple(Noun(*row) for row in rows(table))


def subjects(table: str) -> tuple[Subject, ...]:
    """Subjects by rows of words (`-` for none), person and gender."""
    return tuple(
        Subject(words.strip("-"), int(person), gender == "f") for words, person, gender in rows(table)
    )


def complements(table: str) -> Iterator[tuple[str, str, bool]]:
    """(verb, complement, everyday) from rows `verb | complement, !complement`.

    A complement after `!` makes something that nobody does every day: selling the house. `-` is no
    complement.
    """
    for verb, cell in rows(table):
        for entry in cell.split(","):
            complement = entry.strip()
            yield verb, complement.lstrip("!-"), not complement.startswith("!")


def line(*parts: str, mark: str = ".") -> str:
    """The sentence: parts that are not empty, a capital first, the mark at the end."""
    text = " ".join(part for part in parts if part) + mark
    start = next(place for place, char in enumerate(text) if char.isalpha() or char == "'")
    if text[start] == "'":  # 's Avonds: the apostrophe takes no capital
        start = text.index(" ") + 1
    return text[:start] + text[start].upper() + text[start + 1 :]


def matching(things: Iterable[Noun], kinds: str) -> list[Noun]:
    """The things of one of the kinds."""
    return [thing for thing in things if set(thing.kinds) & set(kinds)]


def described(things: Iterable[Noun], qualities: str) -> list[tuple[Noun, str]]:
    """(thing, adjective) for each adjective that suits it, by rows of adjective and kinds."""
    return [(noun, how) for noun in things for how, kinds in rows(qualities) if set(noun.kinds) & set(kinds)]


def phrases(table: str) -> list[str]:
    """The lines of a table, each a whole sentence."""
    return [row[0] for row in rows(table)]
