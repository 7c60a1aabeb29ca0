"""German sentences: verb second, participles and infinitives last, adjectives with their endings."""

from collections.abc import Iterator

from grammar.choice import combinations
from grammar.languages.german_words import (
    ACTIVITIES, COLOURS, IRREGULAR, LACKS, PHRASES, PLACES, QUALITIES, STATES, SUBJECTS, THING_QUALITIES, THINGS,
)
from grammar.languages.parts import (
    Activity, Noun, Verb, complements, described, line, matching, nouns, phrases, subjects,
)
from grammar.table import rows

_HAVE = ("habe", "hast", "hat", "haben", "habt", "haben")
_BE = ("bin", "bist", "ist", "sind", "seid", "sind")
_WILL = ("werde", "wirst", "wird", "werden", "werdet", "werden")
_MODALS = (
    ("will", "willst", "will", "wollen", "wollt", "wollen"),
    ("kann", "kannst", "kann", "können", "könnt", "können"),
    ("muss", "musst", "muss", "müssen", "müsst", "müssen"),
    ("möchte", "möchtest", "möchte", "möchten", "möchtet", "möchten"),
    ("soll", "sollst", "soll", "sollen", "sollt", "sollen"),
)
_TABLE = {row[0]: row for row in rows(IRREGULAR)}
_NOMINATIVE = {"m": ("der", "dieser", "meiner", ""), "f": ("die", "diese", "meine", "e"),
               "n": ("das", "dieses", "meins", "")}  # the, this, mine, ending of mein
_ACCUSATIVE = {"m": ("einen", "en"), "f": ("eine", "e"), "n": ("ein", "es")}  # a, ending of the adjective


def verb(infinitive: str) -> Verb:
    """The verb of an infinitive; what is irregular stands in the table."""
    stem = infinitive.removesuffix("n").removesuffix("e")
    link = "e" if stem[-1] in "td" or infinitive == "öffnen" else ""
    _, you, she, participle = _TABLE.get(infinitive, ("", "", "", ""))
    present = (stem + "e", you or stem + link + "st", she or stem + link + "t",
               infinitive, stem + link + "t", infinitive)
    past = _BE if participle.startswith("+") else _HAVE
    return Verb(infinitive, present, past, participle.lstrip("+") or f"ge{stem}{link}t")


WHO = subjects(SUBJECTS)
THEM = WHO[7:]
ALL = [Activity(verb(v), c, everyday) for v, c, everyday in complements(ACTIVITIES)]
EVERYDAY = [a for a in ALL if a.everyday]
NOUNS = nouns(THINGS)
GRADED = {row[0]: row for row in rows(THING_QUALITIES + COLOURS)}
_KINDS = "\n".join(f"{row[0]} | {row[3]}" for row in rows(THING_QUALITIES))
_ALL_KINDS = "\n".join(f"{row[0]} | {row[3]}" for row in GRADED.values())
DESCRIBED = described(NOUNS, _ALL_KINDS)
_OFTEN = ["jeden Tag", "am Sonntag", "am Morgen", "oft", "am Nachmittag", "manchmal", "jede Woche",
          "am Samstag", "am Abend", "fast immer"]
_ONCE = ["gestern", "gestern Abend", "letzten Montag", "letzte Woche", "vor zwei Tagen", "am Sonntag",
         "letzten Monat", "heute Morgen"]
_SOON = ["morgen", "heute Nachmittag", "heute Abend", "am Samstag", "nächste Woche", "übermorgen"]
_NUMBERS = ("zwölf sechs neun zwanzig acht dreißig fünf sieben zehn elf fünfzehn dreizehn vierzehn "
            "vierzig fünfzig sechzig").split()
_HOURS = "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()


def _the(noun: Noun, plural: bool = False) -> str:
    return f"die {noun.plural}" if plural else f"{_NOMINATIVE[noun.gender][0]} {noun.word}"


def with_adjective(noun: Noun, how: str) -> str:
    """`einen neuen Hut`, `eine neue Uhr`, `ein neues Haus`: the accusative."""
    article, ending = _ACCUSATIVE[noun.gender]
    return f"{article} {GRADED[how][1]}{ending} {noun.word}"


def doing() -> Iterator[str]:
    """The present: the verb second, last after `dass`."""
    for who, what, often in combinations("deu doing", 270, WHO, EVERYDAY, _OFTEN):
        yield line(who.words, what.verb.present[who.person], often, what.complement)
    for who, what, often in combinations("deu fronted", 120, WHO, EVERYDAY, _OFTEN):
        yield line(often, what.verb.present[who.person], who.words, what.complement)
    for who, what, no in combinations("deu denied", 150, WHO, EVERYDAY, ["nie", "selten", "fast nie", "nur selten"]):
        yield line(who.words, what.verb.present[who.person], no, what.complement)
    for opening, who, what in combinations("deu said", 110, ["ich glaube", "man sagt", "es ist wahr", "ich hoffe"], THEM, EVERYDAY):
        yield line(f"{opening}, dass", who.words, what.complement, what.verb.present[who.person])
    for who, what, often in combinations("deu gladly", 90, WHO, EVERYDAY, ["gern", "sehr gern", "nicht gern"]):
        yield line(who.words, what.verb.present[who.person], often, what.complement)


def asking() -> Iterator[str]:
    """Questions: the verb first, or after the question word."""
    asked = [who for who in WHO if who.person]
    for who, what, often in combinations("deu asking", 130, asked, EVERYDAY, _OFTEN):
        yield line(what.verb.present[who.person], who.words, often, what.complement, mark="?")
    for word, who, what in combinations("deu wh", 130, ["warum", "wann", "seit wann", "wie oft"], asked, EVERYDAY):
        yield line(word, what.verb.present[who.person], who.words, what.complement, mark="?")


def past() -> Iterator[str]:
    """The perfect."""
    for who, what, once in combinations("deu past", 240, WHO, ALL, _ONCE):
        yield line(who.words, what.verb.past[who.person], once, what.complement, what.verb.participle)
    for who, what, once in combinations("deu past fronted", 80, WHO, ALL, _ONCE):
        yield line(once, what.verb.past[who.person], who.words, what.complement, what.verb.participle)
    for who, what in combinations("deu past asked", 80, WHO[1:], ALL):
        yield line(what.verb.past[who.person], who.words, "schon", what.complement, what.verb.participle, mark="?")


def willing() -> Iterator[str]:
    """What people will do, want to do, can do, must do."""
    for who, what, soon in combinations("deu future", 160, WHO, ALL, _SOON):
        yield line(soon, _WILL[who.person], who.words, what.complement, what.verb.infinitive)
    for who, modal, what in combinations("deu modal", 200, WHO, _MODALS, ALL):
        yield line(who.words, modal[who.person], what.complement, what.verb.infinitive)
    for who, modal, what, soon in combinations("deu modal asked", 110, WHO, _MODALS[:4], ALL, _SOON):
        yield line(modal[who.person], who.words, soon, what.complement, what.verb.infinitive, mark="?")


def being() -> Iterator[str]:
    """What people are like, how they are, how old, where; what they lack."""
    for who, how, very in combinations("deu being", 130, WHO, QUALITIES.split(), ["", "sehr", "ziemlich"]):
        yield line(who.words, _BE[who.person], very, how)
    for who, how, no in combinations("deu state", 100, WHO, STATES.split(), ["", "nicht", "heute", "oft"]):
        yield line(who.words, _BE[who.person], no, how)
    for who, how in combinations("deu asked state", 40, WHO[1:], STATES.split()):
        yield line("warum", _BE[who.person], who.words, "so", how, mark="?")
    for who, years in combinations("deu age", 70, WHO, _NUMBERS):
        yield line(who.words, _BE[who.person], years, "Jahre alt")
    for who, where in combinations("deu where", 110, WHO, phrases(PLACES)):
        yield line(who.words, _BE[who.person], where)
    for who, what in combinations("deu lacking", 80, WHO, phrases(LACKS)):
        yield line(who.words, _HAVE[who.person], what)


def things() -> Iterator[str]:
    """Things: what they are like, where they are, whose they are."""
    for (noun, how), own, plural in combinations("deu things", 220, DESCRIBED, ("mein", "sein", "der"), (False, True)):
        ending = "e" if plural else _NOMINATIVE[noun.gender][3]
        start = _the(noun, plural) if own == "der" else f"{own}{ending} {noun.plural if plural else noun.word}"
        yield line(start, _BE[5 if plural else 2], how)
    for (noun, how), who in combinations("deu having", 220, DESCRIBED, WHO):
        yield line(who.words, _HAVE[who.person], with_adjective(noun, how))
    for noun, how in described(NOUNS, _KINDS):
        _, this, mine, _ = _NOMINATIVE[noun.gender]
        yield line(this, noun.word, "ist", GRADED[how][2], "als", mine)
    for noun, where in combinations("deu place", 90, matching(NOUNS, "o"), phrases(PLACES)):
        yield line(_the(noun), "ist", where)
    for noun, plural in combinations("deu lost", 50, NOUNS, (False, True)):
        yield line("wo", "sind" if plural else "ist", _the(noun, plural), mark="?")


def fixed() -> Iterator[str]:
    """Set phrases, the clock, the weather."""
    yield from phrases(PHRASES)
    for hour, rest in combinations("deu clock", 40, _HOURS, ["{} Uhr", "halb {}", "Viertel nach {}", "genau {} Uhr", "zehn vor {}"]):
        yield line("es ist", rest.format(hour))
    weathers = ["ist es kalt", "ist es heiß", "scheint die Sonne", "regnet es viel", "schneit es ein wenig", "ist es windig"]
    places = ["heute", "im Winter", "im Sommer", "hier", "in den Bergen", "in meinem Dorf", "in der Nacht"]
    for weather, when in combinations("deu weather", 40, weathers, places):
        yield line(when, weather)


def sentences() -> Iterator[str]:
    """All of them, some twice."""
    for frame in (fixed, doing, asking, past, willing, being, things):
        yield from frame()
