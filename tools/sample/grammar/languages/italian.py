"""Italian sentences: articles by the sound that follows, participles that agree after essere."""

from collections.abc import Iterator

from grammar.choice import combinations
from grammar.languages.italian_words import (
    ACTIVITIES, COLOURS, IRREGULAR, PHRASES, PLACES, QUALITIES, STATES, SUBJECTS, THING_QUALITIES, THINGS,
)
from grammar.languages.parts import (
    Activity, Noun, Subject, Verb, complements, described, line, matching, nouns, phrases, subjects,
)
from grammar.table import rows

_PRESENT = {"are": "o i a iamo ate ano", "ere": "o i e iamo ete ono", "ire": "o i e iamo ite ono"}
_PARTICIPLE = {"are": "ato", "ere": "uto", "ire": "ito"}
_FUTURE = ("ò", "ai", "à", "emo", "ete", "anno")
_TABLE = {row[0]: row for row in rows(IRREGULAR)}


def verb(infinitive: str) -> Verb:
    """The verb of an infinitive: `cerchi` and `mangi`; what is irregular stands in the table."""
    stem, ending = infinitive[:-3], infinitive[-3:]
    _, cell, participle, _ = _TABLE.get(infinitive, ("", "", "", ""))
    present = tuple(cell.split()) or tuple(_joined(stem, end, ending) for end in _PRESENT[ending].split())
    past = BE_FORMS if participle.startswith("+") else HAVE_FORMS
    return Verb(infinitive, present, past, participle.lstrip("+") or stem + _PARTICIPLE[ending])


def _joined(stem: str, end: str, ending: str) -> str:
    if ending == "are" and end[0] == "i":
        if stem[-1] in "cg":
            return stem + "h" + end
        return stem.removesuffix("i") + end
    return stem + end


def future(what: Verb, person: int) -> str:
    """`cercherò`, `mangerò`, `studierò`, `berrò`."""
    first = _TABLE.get(what.infinitive, [""] * 4)[3]
    stem = what.infinitive[:-1]
    if stem.endswith("ar"):
        stem = stem[:-2] + ("h" if stem[-3] in "cg" else "") + "er"
        stem = stem[:-3] + "er" if stem.endswith(("cier", "gier")) else stem
    return (first.removesuffix("ò") or stem) + _FUTURE[person]


def participle(what: Verb, who: Subject) -> str:
    """The participle; after essere it agrees: `è andata`, `sono andati`."""
    if what.past is HAVE_FORMS:
        return what.participle
    return what.participle[:-1] + (("o", "a"), ("i", "e"))[who.plural][who.feminine]


BE_FORMS, HAVE_FORMS = (tuple(_TABLE[infinitive][1].split()) for infinitive in ("essere", "avere"))
WHO = subjects(SUBJECTS)
THEM = WHO[12:]
LIKING = [who for who in WHO if not who.words or who in THEM]
ASKED = [who for who in WHO if who.person in (1, 2, 4, 5)]
ALL = [Activity(verb(v), c, everyday) for v, c, everyday in complements(ACTIVITIES)]
EVERYDAY = [a for a in ALL if a.everyday]
NOUNS = nouns(THINGS)
DESCRIBED = described(NOUNS, THING_QUALITIES + COLOURS)
_MODALS = [verb("volere"), verb("potere"), verb("dovere")]
_OFTEN = ["tutti i giorni", "la domenica", "di mattina", "di pomeriggio", "spesso", "qualche volta",
          "ogni settimana", "il sabato", "di sera", "quasi sempre"]
_ONCE = ["ieri", "ieri sera", "lunedì scorso", "la settimana scorsa", "due giorni fa", "domenica",
         "il mese scorso", "stamattina"]
_SOON = ["domani", "oggi pomeriggio", "stasera", "sabato", "la settimana prossima", "dopodomani"]
_TO = ("mi", "ti", "gli", "ci", "vi", "gli")
_AGES = ["dodici anni", "sei anni", "nove anni", "vent'anni", "otto anni", "trent'anni", "cinque anni", "sette anni",
         "dieci anni", "undici anni", "quindici anni", "tredici anni", "quarant'anni", "cinquant'anni"]
_HOURS = "due tre quattro cinque sei sette otto nove dieci undici dodici".split()


def the(word: str, feminine: bool, plural: bool) -> str:
    """The word with its definite article: `il libro`, `lo zaino`, `l'orologio`, `gli specchi`."""
    vowel = word[0] in "aeiou"
    hard = word[0] == "z" or (word[0] == "s" and word[1] not in "aeiou")
    if plural:
        return f"{'le' if feminine else 'gli' if vowel or hard else 'i'} {word}"
    if vowel:
        return f"l'{word}"
    return f"{'la' if feminine else 'lo' if hard else 'il'} {word}"


def a(noun: Noun) -> str:
    """`una mela`, `un'arancia`, `uno zaino`, `un orologio`."""
    definite = the(noun.word, noun.feminine, False)
    if noun.feminine:
        return f"un'{noun.word}" if definite.startswith("l'") else f"una {noun.word}"
    return f"{'uno' if definite.startswith('lo ') else 'un'} {noun.word}"


def agreeing(forms: str, feminine: bool, plural: bool) -> str:
    """The form of an adjective."""
    return forms.split()[feminine + 2 * plural]


def doing() -> Iterator[str]:
    """The present: affirmed, denied, with how often."""
    for who, what, often in combinations("ita doing", 330, WHO, EVERYDAY, _OFTEN):
        yield line(who.words, what.verb.present[who.person], what.complement, often)
    for who, what, no in combinations("ita denied", 170, WHO, EVERYDAY, ["", "mai", "più", "quasi mai"]):
        yield line(who.words, "non", what.verb.present[who.person], no, what.complement)
    for opening, who, what in combinations("ita said", 110, ["so che", "non so se", "dicono che", "è vero che"], THEM, EVERYDAY):
        yield line(opening, who.words, what.verb.present[who.person], what.complement)


def asking() -> Iterator[str]:
    """Questions by intonation, and after a question word."""
    for who, what, often in combinations("ita asking", 200, ASKED, EVERYDAY, _OFTEN):
        yield line(who.words, what.verb.present[who.person], what.complement, often, mark="?")
    for word, person, what in combinations("ita wh", 130, ["perché", "quando", "da quando", "perché non"], (1, 4, 5), EVERYDAY):
        yield line(word, what.verb.present[person], what.complement, mark="?")


def past() -> Iterator[str]:
    """The perfect."""
    for who, what, once in combinations("ita past", 250, WHO, ALL, _ONCE):
        yield line(who.words, what.verb.past[who.person], participle(what.verb, who), what.complement, once)
    for who, what in combinations("ita past denied", 80, WHO, ALL):
        yield line("ieri", who.words, "non", what.verb.past[who.person], participle(what.verb, who), what.complement)
    for who, what in combinations("ita past asked", 80, ASKED, ALL):
        yield line(who.words, what.verb.past[who.person], "già", participle(what.verb, who), what.complement, mark="?")


def willing() -> Iterator[str]:
    """What people will do, want to do, can do, must do, like to do."""
    for who, what, soon in combinations("ita future", 200, WHO, ALL, _SOON):
        yield line(soon, who.words, future(what.verb, who.person), what.complement)
    for who, modal, what, no in combinations("ita modal", 240, WHO, _MODALS, ALL, ["", "non"]):
        yield line(who.words, no, modal.present[who.person], what.verb.infinitive, what.complement)
    for who, modal, what in combinations("ita polite", 90, ASKED, _MODALS, ALL):
        yield line(modal.present[who.person], what.verb.infinitive, what.complement, mark="?")
    for who, what in combinations("ita liking", 90, LIKING, EVERYDAY):
        to = f"a {who.words}" if who.words else _TO[who.person]
        for apart, joined in (("a la ", "alla "), ("a il ", "al "), ("a i ", "ai "), ("a le ", "alle ")):
            to = to.replace(apart, joined) if to.startswith(apart) else to
        yield line(to, "piace", what.verb.infinitive, what.complement)


def being() -> Iterator[str]:
    """What people are like, how they are, how old, where."""
    for who, how, very in combinations("ita being", 130, WHO, phrases(QUALITIES), ["", "molto", "abbastanza"]):
        yield line(who.words, BE_FORMS[who.person], very, agreeing(how, who.feminine, who.plural))
    for who, how, no in combinations("ita state", 110, WHO, phrases(STATES), ["", "non", "sempre"]):
        not_, always = (no, "") if no == "non" else ("", no)
        yield line(who.words, not_, BE_FORMS[who.person], always, agreeing(how, who.feminine, who.plural))
    for who, how in combinations("ita asked state", 40, THEM, phrases(STATES)):
        yield line("perché", who.words, BE_FORMS[who.person], "così", agreeing(how, who.feminine, who.plural), mark="?")
    for who, years in combinations("ita age", 70, WHO, _AGES):
        yield line(who.words, HAVE_FORMS[who.person], years)
    for who, where in combinations("ita where", 110, WHO, phrases(PLACES)):
        yield line(who.words, BE_FORMS[who.person], where)


def things() -> Iterator[str]:
    """Things: what they are like, where they are, whose they are."""
    for (noun, how), own, plural in combinations("ita things", 220, DESCRIBED, (("mio", "mia", "miei", "mie"), ("suo", "sua", "suoi", "sue"), ()), (False, True)):
        word = noun.plural if plural else noun.word
        owned = f"{own[noun.feminine + 2 * plural]} {word}" if own else word
        yield line(the(owned, noun.feminine, plural), BE_FORMS[5 if plural else 2], agreeing(how, noun.feminine, plural))
    for (noun, how), who in combinations("ita having", 220, DESCRIBED, WHO):
        yield line(who.words, HAVE_FORMS[who.person], a(noun), agreeing(how, noun.feminine, False))
    for noun, how in described(NOUNS, THING_QUALITIES):
        this, mine = ("questa", "della mia") if noun.feminine else ("questo", "del mio")
        these = f"{this[:-1]}'{noun.word}" if noun.word[0] in "aeiou" else f"{this} {noun.word}"
        yield line(these, "è più", agreeing(how, noun.feminine, False), mine)
    for noun, where in combinations("ita place", 90, matching(NOUNS, "o"), phrases(PLACES)):
        yield line(the(noun.word, noun.feminine, False), "è", where)
        yield line("c'è", a(noun), where)
    for noun, plural in combinations("ita lost", 60, NOUNS, (False, True)):
        word = noun.plural if plural else noun.word
        yield line("dove sono" if plural else "dov'è", the(word, noun.feminine, plural), mark="?")


def fixed() -> Iterator[str]:
    """Set phrases, the clock, the weather."""
    yield from phrases(PHRASES)
    for hour, rest in combinations("ita clock", 40, _HOURS, ["", "in punto", "e mezza", "e un quarto", "meno dieci"]):
        yield line("sono le", hour, rest)
    weathers = ["fa freddo", "fa caldo", "c'è il sole", "piove molto", "nevica un po'", "c'è vento"]
    places = ["oggi", "in inverno", "d'estate", "qui", "in montagna", "nel mio paese", "di notte"]
    for weather, when in combinations("ita weather", 40, weathers, places):
        yield line(when, weather)


def sentences() -> Iterator[str]:
    """All of them, some twice."""
    for frame in (fixed, doing, asking, past, willing, being, things):
        yield from frame()
