"""Comparisons of people: taller, as patient, five years younger; and ages."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import BE, HAVE, clause, question
from grammar.lexicon.circumstances import NUMBERS, phrases
from grammar.lexicon.people import QUALITIES, Adjective, adjective
from grammar.lexicon.subjects import (
    MOSTLY_PRONOUNS,
    PEERS,
    PEOPLE,
    PRONOUNS,
    I,
    Subject,
    others_than,
)
from grammar.phrase import EMPTY, Phrase, phrase
from grammar.sentence import Sentence, agreeing, say

_OTHERS = (I, *PRONOUNS[1:8], *PEOPLE[:16])
_YOUNG = (*PRONOUNS[:4], *PRONOUNS[5:8], *PEOPLE[:4], *PEOPLE[7:9])
_PEERS = (I, *PRONOUNS[1:8], *PEOPLE[:4], *PEOPLE[7:9])
_COMPARED = (QUALITIES[0], adjective("old", "âgé"), *QUALITIES[1:])
_BE = [("present", "", "short"), ("present", "", "long")]
_NOT = [("present", "not", "short"), ("present", "not", "leaning"), ("present", "not", "long")]


def _more(what: Adjective, form: Phrase) -> Phrase:
    """`taller` and `plus grand`."""
    adverb, _, _ = what.comparative.rpartition(" ")
    if adverb:
        return phrase("more {a}", "plus {a}", a=form)
    return phrase(what.comparative + "/c", f"plus/c {form.fr[0].text}/c")


def comparison() -> Iterator[Sentence]:
    """She's taller than me. They aren't as rich as my uncle. He is less shy than his sister."""
    for who, what, other in combinations("compare", 215, MOSTLY_PRONOUNS, _COMPARED, _OTHERS):
        if other not in others_than(who, _OTHERS):
            continue
        group, form = f"{who.key}|{what.en}|{other.key}", agreeing(what, who)
        more = _more(what, form)
        be = [clause(who, BE, *entry) for entry in _BE]
        not_be = [clause(who, BE, *entry) for entry in _NOT]
        than = {"o": other.stressed, "a": form}
        kinds = [
            ("{c} {m} than {o} .", "{c} {m} que {o} .", one(group + "more", be)),
            ("{c} much/b {m} than {o} .", "{c} beaucoup/b {m} que {o} .", one(group + "much", be)),
            ("{c} as {a} as {o} .", "{c} aussi {a} que {o} .", one(group + "as", be)),
            ("{c} as {a} as {o} .", "{c} aussi {a} que {o} .", one(group + "as not", not_be)),
            ("{c} less {a} than {o} .", "{c} moins {a} que {o} .", one(group + "less", be)),
            ("{c} {m} than {o} .", "{c} {m} que {o} .", one(group + "not more", not_be)),
        ]
        if not what.comparative.startswith("more"):
            del kinds[4]  # nobody is less tall
        for en, fr, c in some(group, 3, kinds):
            yield say(group, en, fr, c=c, m=more, **than)
        asks = who.pronoun and who.en_person not in (0, 3)
        if asks and one(group + "asked", (True, False, False)):
            asked, o = question(who, BE), other.stressed
            yield say(group, "{q} {m} than {o} ?", "{q} {m} que {o} ?", q=asked, m=more, o=o)


def age_difference() -> Iterator[Sentence]:
    """She is five years younger than me. / Elle a cinq ans de moins que moi."""
    for who, (en, fr), other in combinations("ages", 215, PEERS, NUMBERS, _PEERS):
        if other not in others_than(who, _PEERS):
            continue
        group, years = f"{who.key}|{en} years|{other.key}", phrase(en, fr)
        order = [("younger", "moins"), ("older", "plus")]
        forms = [("present", "", "short"), ("present", "", "long"), ("present", "not", "leaning")]
        for (than, que), form in some(group, 3, [(o, f) for o in order for f in forms]):
            yield say(
                group,
                f"{{c}} {{n}} years/y {than}/d than/q {{o}} .",
                f"{{c}} {{n}} ans/y de/d {que}/d que/q {{o}} .",
                c=_has(who, *form), n=years, o=other.stressed,
            )


def _has(who: Subject, tense: str, negation: str, style: str) -> Phrase:
    """English `is` for French `a`: English says be where French says avoir."""
    return Phrase(clause(who, BE, tense, negation, style).en, clause(who, HAVE, tense, negation).fr)


def age() -> Iterator[Sentence]:
    """He's only five years old. She will be twenty next year."""
    adverbs = (EMPTY, *phrases("only | seulement\nalready | déjà\nalmost | presque"))
    years_old = "{n} years/y old/y", "{n} ans/y"
    for who, (en, fr) in combinations("age", 50, _YOUNG, NUMBERS):
        group, n = f"{who.key}|{en} years old", phrase(en, fr)
        for form in some(group, 2, [*_BE, ("imperfect", "", "short")]):
            adverb = one(f"{group} {form}", adverbs)
            early = "{c} {d} " + years_old[0] + " .", "{c} {d} " + years_old[1] + " ."
            yield say(group, *early, c=_has(who, *form), d=adverb, n=n)
        next_year = phrase("next/n year/y", "le/y année/y prochaine/n")
        will = Phrase(clause(who, BE, "future").en, clause(who, HAVE, "future").fr)
        yield say(group, "{c} {n} years/y old/y {t} .", "{c} {n} ans/y {t} .",
                  c=will, n=n, t=next_year)
