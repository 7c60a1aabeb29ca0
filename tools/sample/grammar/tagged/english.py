"""The rules of the tagged English sentences: frames, and words with their forms.

Verbs, objects and trades are those of the bilingual lexicon, and more.
"""

from collections.abc import Iterable, Iterator

from grammar.english import EnglishVerb, comparative, english_verb, plural
from grammar.lexicon.actions import ACTIONS, Action
from grammar.table import rows
from grammar.tagged import english_words as words
from grammar.tagged.english_rules import ADVERBIALS, CLAUSES, NOUN_PHRASES, SENTENCES
from grammar.tagged.splits import fate, split
from grammar.tagged.templates import Rules, Token, rules, sentence, terminals

_FORMS = ("base", "third", "past", "part", "ing")
# What stands beside a verb: `wait for`, `get up`, `go to bed`, `come back`.
_PARTICLES = {"to": "ADP", "for": "ADP", "at": "ADP", "up": "ADP", "out": "ADP", "back": "ADV", "home": "NOUN",
              "bed": "NOUN", "lunch": "NOUN", "a": "DET", "walk": "NOUN"}
_LANGUAGES = ("French", "English", "Japanese")


def forms(verb: EnglishVerb, form: str) -> str:
    """A form of the verb with tags: `waited/VERB for/ADP`."""
    text = {"base": verb.base, "third": verb.third, "past": verb.past,
            "part": verb.participle, "ing": verb.ing}[form]
    head, *particles = text.split()
    return " ".join([f"{head}/VERB", *(f"{word}/{_PARTICLES[word]}" for word in particles)])


def _done_to(action: Action) -> Iterator[str]:
    """The objects of an action of the lexicon."""
    if action.noun is None:
        yield ""
        return
    noun, only_plural = action.noun.en, "p" in action.noun.gender
    many = noun if only_plural else plural(noun)
    one, several = (f"{word}/{'PROPN' if word in _LANGUAGES else 'NOUN'}" for word in (noun, many))
    templates = {"a": f"a/DET {one}", "t": f"the/DET {one}", "i": f"this/DET {one}", "o": f"{{poss}} {one}", "s": several,
                 "p": f"the/DET {several}", "q": f"{{poss}} {several}", "m": f"some/DET {one}", "z": one}
    yield from (templates[letter] for letter in action.determiners)


def _verb_rules(name: str, table: Iterable[tuple[EnglishVerb, str]]) -> Iterator[str]:
    """A line for each form of each verb, with what follows it."""
    for verb, after in table:
        yield from (f"{name}_{form} | {forms(verb, form)} {after}" for form in _FORMS)


def _tabled(table: str) -> list[tuple[EnglishVerb, str]]:
    return [(english_verb(cell), after.strip()) for cell, objects in rows(table) for after in objects.split(",")]


def ly(adjective: str) -> str:
    """`quickly`, `happily`, `gently`."""
    if adjective.endswith("y") and len(adjective) > 3:
        return adjective[:-1] + "ily"
    return adjective[:-1] + "y" if adjective.endswith("le") else adjective + "ly"


def ness(adjective: str) -> str:
    """`kindness`, `happiness`."""
    return (adjective[:-1] + "i" if adjective.endswith("y") and len(adjective) > 3 else adjective) + "ness"


def _superlative(adjective: str) -> str:
    return {"better": "best"}.get(comparative(adjective), comparative(adjective).removesuffix("r") + "st")


def _words(symbol: str, tag: str, found: Iterable[str]) -> str:
    """The rule of a symbol that is one word; a word with a space is two."""
    return " | ".join([symbol, *(" ".join(f"{word}/{tag}" for word in entry.split()) for entry in found)])


def _lexical_rules() -> Iterator[str]:
    people, things = words.ADJECTIVES_OF_PERSONS.split(), words.ADJECTIVES_OF_THINGS.split()
    short = [word for word in people if not comparative(word).startswith("more ")]
    short_things = [word for word in things if word != "grey" and not comparative(word).startswith("more ")]
    nouns_and_verbs = _tabled(words.NOUNS_AND_VERBS)
    both = sorted({verb.base for verb, _ in nouns_and_verbs})
    yield _words("first", "PROPN", words.FIRST.split())
    yield _words("last", "PROPN", words.LAST.split())
    yield _words("town", "PROPN", words.TOWNS.split())
    yield _words("number", "NUM", words.NUMBERS.split())
    yield _words("kin", "NOUN", words.KIN.split())
    yield _words("kin_p", "NOUN", map(plural, words.KIN_OF_MANY.split()))
    yield _words("agent", "NOUN", words.AGENTS.split())
    yield _words("agents", "NOUN", map(plural, words.AGENTS.split()))
    yield _words("abstract", "NOUN", words.ABSTRACT.split())
    yield _words("thing", "NOUN", words.THINGS.split())
    yield _words("things", "NOUN", map(plural, (word for word in words.THINGS.split() if word not in ("knife", "shelf"))))
    yield _words("adj", "ADJ", people)
    yield _words("adj_thing", "ADJ", things)
    yield _words("adj_long", "ADJ", (word for word in things if word.endswith(("ful", "less", "able", "ing", "ive"))))
    yield _words("comparative", "ADJ", map(comparative, short))
    yield _words("superlative", "ADJ", map(_superlative, short))
    yield _words("superlative_thing", "ADJ", map(_superlative, short_things))
    yield _words("ly", "ADV", map(ly, words.LY.split()))
    yield _words("ly_degree", "ADV", map(ly, words.LY_OF_DEGREE.split()))
    yield _words("ness", "NOUN", map(ness, words.NESS.split()))
    yield _words("nv", "NOUN", both)
    yield _words("nvs", "NOUN", map(plural, both))
    of_lexicon = [(action.verb.en, after) for action in ACTIONS for after in _done_to(action)]
    yield from _verb_rules("vp", of_lexicon + 3 * _tabled(words.VERBS))
    yield from _verb_rules("nv", nouns_and_verbs)
    yield from _verb_rules("adj_verb", _tabled(words.ADJECTIVES_AND_VERBS))


_FRAMES = (NOUN_PHRASES, ADVERBIALS, CLAUSES, SENTENCES)
RULES: Rules = rules(*_FRAMES, "\n".join(_lexical_rules()))


def make(number: int) -> list[Token]:
    """The sentence of a number."""
    return sentence(RULES, f"tagged {number}")


def ambiguous() -> frozenset[str]:
    """Words that the rules spell with several tags."""
    tags: dict[str, set[str]] = {}
    for token in terminals(RULES):
        tags.setdefault(token.form.lower(), set()).add(token.upos)
    return frozenset(word for word, found in tags.items() if len(found) > 1)


# Never held out: words with several tags, and those of the frames.
_KEPT = ambiguous() | {(word.rpartition("/")[0] or word).lower() for frame in _FRAMES for word in frame.split()}


def held_out(token: Token) -> str:
    """The split that a word is kept for; `train` if it may stand everywhere."""
    return fate(token, _KEPT)


def splits() -> dict[str, list[list[Token]]]:
    """Train, dev and test; half of the held-out sentences have a word that training lacks."""
    return split(make, held_out, {"ly": 0.12, "": 0.38})
