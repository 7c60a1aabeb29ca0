"""The rules of the entity-annotated sentences, and their splits."""

from collections.abc import Iterable

from grammar.tagged import english_words as words
from grammar.tagged import entity_rules as names
from grammar.tagged.splits import fate, split
from grammar.tagged.templates import Rules, Token, rules, sentence


def _names(symbol: str, *lists: str) -> str:
    return " | ".join([symbol, *(name for found in lists for name in found.split())])


_LEXICON = "\n".join([
    _names("given", words.FIRST, names.GIVEN, names.GIVEN_AND_PLACE),
    _names("family", words.LAST, names.FAMILY, names.FAMILY_AND_PLACE, names.FAMILY_AND_FIRM),
    _names("city", names.CITIES, names.GIVEN_AND_PLACE, names.FAMILY_AND_PLACE),
    _names("country", names.COUNTRIES),
    _names("firm", names.FIRMS, names.FAMILY_AND_FIRM, names.FAMILY_AND_FIRM),
])
RULES: Rules = rules(names.ENTITIES, names.PLAIN, names.FRAMES, _LEXICON)


def _spelled(tables: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for table in tables for word in table.split())


# Never held out: the words of the frames, and names of two kinds.
_KEPT = _spelled((names.ENTITIES, names.PLAIN, names.FRAMES, names.GIVEN_AND_PLACE, names.FAMILY_AND_PLACE,
                  names.FAMILY_AND_FIRM))


def make(number: int) -> list[Token]:
    """The sentence of a number."""
    return sentence(RULES, f"entities {number}")


def splits() -> dict[str, list[list[Token]]]:
    """Train, dev and test; more than half of the held-out sentences have a name that training lacks."""
    return split(make, lambda token: fate(token, _KEPT, test=22, dev=33), {"": 0.55})
