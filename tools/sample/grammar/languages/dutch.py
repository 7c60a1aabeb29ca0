"""Dutch sentences: the verb second, participles and infinitives last, no -t before `je`."""

from collections.abc import Iterator

from grammar.choice import combinations
from grammar.languages.dutch_words import (
    ACTIVITIES, COLOURS, LACKS, PHRASES, PLACES, QUALITIES, STATES, SUBJECTS, THING_QUALITIES, THINGS, VERBS,
)
from grammar.languages.parts import (
    Activity, Noun, Subject, Verb, complements, described, line, matching, nouns, phrases, subjects,
)
from grammar.table import rows

_HAVE = ("heb", "hebt", "heeft", "hebben", "hebben", "hebben")
_BE = ("ben", "bent", "is", "zijn", "zijn", "zijn")
_WILL = ("zal", "zult", "zal", "zullen", "zullen", "zullen")
_MODALS = (
    ("wil", "wilt", "wil", "willen", "willen", "willen"),
    ("kan", "kunt", "kan", "kunnen", "kunnen", "kunnen"),
    ("moet", "moet", "moet", "moeten", "moeten", "moeten"),
    ("mag", "mag", "mag", "mogen", "mogen", "mogen"),
)
_TABLE = {row[0]: row for row in rows(VERBS)}


def verb(infinitive: str) -> Verb:
    """The verb of an infinitive, from its row."""
    _, first, third, participle = _TABLE[infinitive]
    past = _BE if participle.startswith("+") else _HAVE
    return Verb(infinitive, (first, third, third, infinitive, infinitive, infinitive), past, participle.lstrip("+"))


WHO = subjects(SUBJECTS)
THEM = WHO[6:]
ALL = [Activity(verb(v), c, everyday) for v, c, everyday in complements(ACTIVITIES)]
EVERYDAY = [a for a in ALL if a.everyday]
NOUNS = nouns(THINGS)
GRADED = {row[0]: row for row in rows(THING_QUALITIES + COLOURS)}
_KINDS = "\n".join(f"{row[0]} | {row[3]}" for row in rows(THING_QUALITIES))
_ALL_KINDS = "\n".join(f"{row[0]} | {row[3]}" for row in GRADED.values())
DESCRIBED = described(NOUNS, _ALL_KINDS)
_OFTEN = ["elke dag", "op zondag", "'s ochtends", "vaak", "'s middags", "soms", "elke week",
          "op zaterdag", "'s avonds", "bijna altijd"]
_ONCE = ["gisteren", "gisteravond", "vorige maandag", "vorige week", "twee dagen geleden", "zondag",
         "vorige maand", "vanochtend"]
_SOON = ["morgen", "vanmiddag", "vanavond", "zaterdag", "volgende week", "overmorgen"]
_NUMBERS = ("twaalf zes negen twintig acht dertig vijf zeven tien elf vijftien dertien veertien "
            "veertig vijftig zestig").split()
_HOURS = "twee drie vier vijf zes zeven acht negen tien elf twaalf".split()


def inverted(forms: tuple[str, ...], who: Subject) -> str:
    """The finite verb before its subject: `leest` and `hebt` lose their -t before `je`."""
    form = forms[who.person]
    if who.words != "jij":
        return f"{form} {who.words}"
    if form in ("hebt", "bent"):
        form = form[:-1]
    elif forms[0] != form and form.endswith("t"):  # not `zit je`, whose t is the stem's
        form = {"zult": "zul", "kunt": "kun", "wilt": "wil"}.get(form, forms[0])
    return f"{form} je"


def _the(noun: Noun, plural: bool = False) -> str:
    return f"de {noun.plural}" if plural else f"{'het' if noun.gender == 'n' else 'de'} {noun.word}"


def with_adjective(noun: Noun, how: str) -> str:
    """`een grote tuin`, `een groot huis`."""
    return f"een {GRADED[how][0 if noun.gender == 'n' else 1]} {noun.word}"


def doing() -> Iterator[str]:
    """The present: the verb second, last after `dat`."""
    for who, what, often in combinations("nld doing", 270, WHO, EVERYDAY, _OFTEN):
        yield line(who.words, what.verb.present[who.person], often, what.complement)
    for who, what, often in combinations("nld fronted", 120, WHO, EVERYDAY, _OFTEN):
        yield line(often, inverted(what.verb.present, who), what.complement)
    for who, what, no in combinations("nld denied", 150, WHO, EVERYDAY, ["nooit", "zelden", "bijna nooit", "niet vaak"]):
        yield line(who.words, what.verb.present[who.person], no, what.complement)
    for opening, who, what in combinations("nld said", 110, ["ik denk", "ze zeggen", "het is waar", "ik hoop"], THEM, EVERYDAY):
        yield line(f"{opening} dat", who.words, what.complement, what.verb.present[who.person])
    for who, what, often in combinations("nld gladly", 90, WHO, EVERYDAY, ["graag", "heel graag", "niet graag"]):
        yield line(who.words, what.verb.present[who.person], often, what.complement)


def asking() -> Iterator[str]:
    """Questions: the verb first, or after the question word."""
    asked = [who for who in WHO if who.person]
    for who, what, often in combinations("nld asking", 130, asked, EVERYDAY, _OFTEN):
        yield line(inverted(what.verb.present, who), often, what.complement, mark="?")
    for word, who, what in combinations("nld wh", 130, ["waarom", "wanneer", "sinds wanneer", "hoe vaak"], asked, EVERYDAY):
        yield line(word, inverted(what.verb.present, who), what.complement, mark="?")


def past() -> Iterator[str]:
    """The perfect."""
    for who, what, once in combinations("nld past", 240, WHO, ALL, _ONCE):
        yield line(who.words, what.verb.past[who.person], once, what.complement, what.verb.participle)
    for who, what, once in combinations("nld past fronted", 80, WHO, ALL, _ONCE):
        yield line(once, inverted(what.verb.past, who), what.complement, what.verb.participle)
    for who, what in combinations("nld past asked", 80, WHO[1:], ALL):
        yield line(inverted(what.verb.past, who), "al", what.complement, what.verb.participle, mark="?")


def willing() -> Iterator[str]:
    """What people will do, want to do, can do, must do."""
    for who, what, soon in combinations("nld future", 160, WHO, ALL, _SOON):
        yield line(soon, inverted(_WILL, who), what.complement, what.verb.infinitive)
    for who, modal, what in combinations("nld modal", 200, WHO, _MODALS, ALL):
        yield line(who.words, modal[who.person], what.complement, what.verb.infinitive)
    for who, modal, what, soon in combinations("nld modal asked", 110, WHO, _MODALS, ALL, _SOON):
        yield line(inverted(modal, who), soon, what.complement, what.verb.infinitive, mark="?")


def being() -> Iterator[str]:
    """What people are like, how they are, how old, where; what they lack."""
    for who, how, very in combinations("nld being", 130, WHO, QUALITIES.split(), ["", "heel", "best"]):
        yield line(who.words, _BE[who.person], very, how)
    for who, how, no in combinations("nld state", 100, WHO, STATES.split(), ["", "niet", "vandaag", "vaak"]):
        yield line(who.words, _BE[who.person], no, how)
    for who, how in combinations("nld asked state", 40, WHO[1:], STATES.split()):
        yield line("waarom", inverted(_BE, who), "zo", how, mark="?")
    for who, years in combinations("nld age", 70, WHO, _NUMBERS):
        yield line(who.words, _BE[who.person], years, "jaar oud")
    for who, where in combinations("nld where", 110, WHO, phrases(PLACES)):
        yield line(who.words, _BE[who.person], where)
    for who, what in combinations("nld lacking", 80, WHO, phrases(LACKS)):
        yield line(who.words, _HAVE[who.person], "geen", what)


def things() -> Iterator[str]:
    """Things: what they are like, where they are, whose they are."""
    for (noun, how), own, plural in combinations("nld things", 220, DESCRIBED, ("mijn", "zijn", "de"), (False, True)):
        start = _the(noun, plural) if own == "de" else f"{own} {noun.plural if plural else noun.word}"
        yield line(start, _BE[5 if plural else 2], how)
    for (noun, how), who in combinations("nld having", 220, DESCRIBED, WHO):
        yield line(who.words, _HAVE[who.person], with_adjective(noun, how))
    for noun, how in described(NOUNS, _KINDS):
        this, that = ("dit", "dat") if noun.gender == "n" else ("deze", "die")
        yield line(this, noun.word, "is", GRADED[how][2], "dan", that, "van mij")
    for noun, where in combinations("nld place", 90, matching(NOUNS, "o"), phrases(PLACES)):
        yield line(_the(noun), "is", where)
    for noun, plural in combinations("nld lost", 50, NOUNS, (False, True)):
        yield line("waar", "zijn" if plural else "is", _the(noun, plural), mark="?")


def fixed() -> Iterator[str]:
    """Set phrases, the clock, the weather."""
    yield from phrases(PHRASES)
    for hour, rest in combinations("nld clock", 40, _HOURS, ["{} uur", "half {}", "kwart over {}", "precies {} uur", "tien voor {}"]):
        yield line("het is", rest.format(hour))
    weathers = ["is het koud", "is het heet", "schijnt de zon", "regent het veel", "sneeuwt het een beetje", "waait het"]
    places = ["vandaag", "in de winter", "in de zomer", "hier", "in de bergen", "in mijn dorp", "'s nachts"]
    for weather, when in combinations("nld weather", 40, weathers, places):
        yield line(when, weather)


def sentences() -> Iterator[str]:
    """All of them, some twice."""
    for frame in (fixed, doing, asking, past, willing, being, things):
        yield from frame()
