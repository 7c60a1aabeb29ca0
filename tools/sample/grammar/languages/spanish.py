"""Spanish sentences: everyday clauses in the present, the preterite and the near future."""

from collections.abc import Iterator

from grammar.choice import combinations
from grammar.languages.parts import (
    Activity, Noun, Verb, complements, described, line, matching, nouns, phrases, subjects,
)
from grammar.languages.spanish_words import (
    ACTIVITIES, COLOURS, IRREGULAR, NAMED, PHRASES, PLACES, QUALITIES, STATES, SUBJECTS, THING_QUALITIES, THINGS,
)
from grammar.table import rows

_PRESENT = {"ar": "o as a amos áis an", "er": "o es e emos éis en", "ir": "o es e imos ís en"}
_PRETERITE = {"ar": "é aste ó amos asteis aron", "er": "í iste ió imos isteis ieron",
              "ir": "í iste ió imos isteis ieron"}
_BEFORE_E = {"c": "qu", "g": "gu", "z": "c"}  # busqué, jugué, empecé
_TABLE = {row[0]: row for row in rows(IRREGULAR)}


def verb(infinitive: str) -> Verb:
    """The verb of an infinitive; what is irregular stands in the table."""
    stem, ending = infinitive[:-2], infinitive[-2:]
    present = tuple(stem + end for end in _PRESENT[ending].split())
    past = [stem + end for end in _PRETERITE[ending].split()]
    if ending == "ar" and stem[-1] in _BEFORE_E:
        past[0] = stem[:-1] + _BEFORE_E[stem[-1]] + "é"
    _, present_cell, past_cell = _TABLE.get(infinitive, ("", "", ""))
    return Verb(infinitive, tuple(present_cell.split()) or present, tuple(past_cell.split()) or tuple(past))


def adjective(word: str, feminine: bool, plural: bool) -> str:
    """`rojo`, `roja`, `rojos`, `rojas`; `feliz`, `felices`; `joven`, `jóvenes`."""
    if word == "joven" and plural:
        return "jóvenes"
    if word.endswith("o") and feminine or word.endswith("dor") and feminine:
        word = word[:-1] + "a" if word.endswith("o") else word + "a"
    if not plural:
        return word
    return word[:-1] + "ces" if word.endswith("z") else word + ("s" if word[-1] in "aeo" else "es")


WHO = subjects(SUBJECTS)
THEM = subjects(NAMED)
ASKED = [who for who in WHO if who.person in (1, 2, 4, 5)]
LIKING = [who for who in WHO if not who.words or who in THEM]
ALL = [Activity(verb(v), c, everyday) for v, c, everyday in complements(ACTIVITIES)]
EVERYDAY = [a for a in ALL if a.everyday]
NOUNS = nouns(THINGS)
DESCRIBED = described(NOUNS, THING_QUALITIES + COLOURS)
BE, STAY, GO, WANT, CAN, HAVE = map(verb, "ser estar ir querer poder tener".split())
_OFTEN = ["todos los días", "los domingos", "por la mañana", "por la tarde", "a menudo", "a veces",
          "cada semana", "los sábados", "por la noche", "casi siempre"]
_ONCE = ["ayer", "anoche", "el lunes pasado", "la semana pasada", "hace dos días", "el domingo",
         "el mes pasado", "hace una hora"]
_SOON = ["mañana", "esta tarde", "esta noche", "el sábado", "la semana que viene", "pasado mañana"]
_TO = ("me", "te", "le", "nos", "os", "les")
_NUMBERS = ("doce seis nueve veinte ocho treinta cinco siete diez once quince trece catorce cuarenta "
            "cincuenta sesenta").split()
_HOURS = "dos tres cuatro cinco seis siete ocho nueve diez once doce".split()


def _the(noun: Noun, plural: bool = False) -> str:
    """The noun with its definite article."""
    article = ("las" if noun.feminine else "los") if plural else ("la" if noun.feminine else "el")
    return f"{article} {noun.plural if plural else noun.word}"


def _a(noun: Noun) -> str:
    return f"{'una' if noun.feminine else 'un'} {noun.word}"


def _ask(*parts: str) -> str:
    return "¿" + line(*parts, mark="?")


def doing() -> Iterator[str]:
    """The present: affirmed, denied, with how often."""
    for who, what, often in combinations("spa doing", 330, WHO, EVERYDAY, _OFTEN):
        yield line(who.words, what.verb.present[who.person], what.complement, often)
    for who, what, no in combinations("spa denied", 170, WHO, EVERYDAY, ["no", "nunca", "ya no", "casi nunca"]):
        yield line(who.words, no, what.verb.present[who.person], what.complement)
    for who, other, what in combinations("spa said", 110, ["creo que", "no sé si", "dicen que", "es verdad que"], THEM, EVERYDAY):
        yield line(who, other.words, what.verb.present[other.person], what.complement)


def asking() -> Iterator[str]:
    """Questions; the subject follows the verb."""
    for who, what in combinations("spa asking", 130, ASKED, EVERYDAY):
        yield _ask(what.verb.present[who.person], who.words, what.complement)
    for word, person, what in combinations("spa wh", 130, ["por qué", "cuándo", "desde cuándo", "por qué no"], (1, 4, 5), EVERYDAY):
        yield _ask(word, what.verb.present[person], what.complement)
    for who, what, soon in combinations("spa asked future", 70, ASKED, ALL, _SOON):
        yield _ask(GO.present[who.person], who.words, "a", what.verb.infinitive, what.complement, soon)


def past() -> Iterator[str]:
    """The preterite."""
    for who, what, once in combinations("spa past", 240, WHO, ALL, _ONCE):
        yield line(who.words, what.verb.past[who.person], what.complement, once)
    for who, what in combinations("spa past denied", 60, WHO, ALL):
        yield line("ayer", who.words, "no", what.verb.past[who.person], what.complement)
    for person, what, once in combinations("spa past asked", 60, (1, 4, 5), ALL, _ONCE):
        yield _ask(what.verb.past[person], what.complement, once)


def willing() -> Iterator[str]:
    """What people are going to do, want to do, can do, must do, like to do."""
    for who, what, soon in combinations("spa future", 160, WHO, ALL, _SOON):
        yield line(soon, who.words, GO.present[who.person], "a", what.verb.infinitive, what.complement)
    modals = [(WANT, ""), (CAN, ""), (HAVE, "que"), (verb("deber"), ""), (verb("necesitar"), "")]
    for who, (modal, that), what in combinations("spa modal", 200, WHO, modals, ALL):
        yield line(who.words, modal.present[who.person], that, what.verb.infinitive, what.complement)
    for who, what in combinations("spa unwilling", 60, WHO, ALL):
        yield line(who.words, "no", WANT.present[who.person], what.verb.infinitive, what.complement)
    for what, polite in combinations("spa polite", 60, ALL, ["puedes", "quieres", "podemos"]):
        yield _ask(polite, what.verb.infinitive, what.complement)
    for who, what in combinations("spa liking", 90, LIKING, EVERYDAY):
        to = f"a {who.words}" if who.words else ""
        yield line(to.replace("a el ", "al "), _TO[who.person], "gusta", what.verb.infinitive, what.complement)


def being() -> Iterator[str]:
    """What people are like, how they are, how old, where."""
    for who, how, very in combinations("spa being", 130, WHO, QUALITIES.split(), ["", "muy", "bastante"]):
        yield line(who.words, BE.present[who.person], very, adjective(how, who.feminine, who.plural))
    for who, how, no in combinations("spa state", 100, WHO, STATES.split(), ["", "no", "hoy", "siempre"]):
        after = [no, ""] if no == "no" else ["", no]
        yield line(who.words, after[0], STAY.present[who.person], adjective(how, who.feminine, who.plural), after[1])
    for who, how in combinations("spa asked state", 40, THEM, STATES.split()):
        yield _ask("por qué", STAY.present[who.person], "tan", adjective(how, who.feminine, who.plural), who.words)
    for who, years in combinations("spa age", 70, WHO, _NUMBERS):
        yield line(who.words, HAVE.present[who.person], years, "años")
    for who, where in combinations("spa where", 110, WHO, phrases(PLACES)):
        yield line(who.words, STAY.present[who.person], where)


def things() -> Iterator[str]:
    """Things: what they are like, where they are, whose they are."""
    for (noun, how), own, plural in combinations("spa things", 220, DESCRIBED, ("mi", "su", "el"), (False, True)):
        word = noun.plural if plural else noun.word
        start = _the(noun, plural) if own == "el" else f"{own}{'s' if plural else ''} {word}"
        yield line(start, BE.present[5 if plural else 2], adjective(how, noun.feminine, plural))
    for (noun, how), who in combinations("spa having", 220, DESCRIBED, WHO):
        yield line(who.words, HAVE.present[who.person], _a(noun), adjective(how, noun.feminine, False))
    for noun, how in described(NOUNS, THING_QUALITIES):
        this, mine = ("esta", "la mía") if noun.feminine else ("este", "el mío")
        yield line(this, noun.word, "es más", adjective(how, noun.feminine, False), "que", mine)
    for noun, where in combinations("spa place", 90, matching(NOUNS, "o"), phrases(PLACES)):
        yield line(_the(noun), "está", where)
        yield line("hay", _a(noun), where)
    for noun, plural in combinations("spa lost", 60, NOUNS, (False, True)):
        yield _ask("dónde", "están" if plural else "está", _the(noun, plural))


def fixed() -> Iterator[str]:
    """Set phrases, the clock, the weather."""
    yield from phrases(PHRASES)
    for hour, rest in combinations("spa clock", 40, _HOURS, ["", "en punto", "y media", "y cuarto", "menos diez"]):
        yield line("son las", hour, rest)
    for weather, when in combinations("spa weather", 40, "hace frío|hace calor|hace sol|llueve mucho|nieva un poco|hace viento".split("|"),
                                      ["hoy", "en invierno", "en verano", "aquí", "en la montaña", "en mi pueblo", "por la noche"]):
        yield line(when, weather)


def sentences() -> Iterator[str]:
    """All of them, some twice."""
    for frame in (fixed, doing, asking, past, willing, being, things):
        yield from frame()
