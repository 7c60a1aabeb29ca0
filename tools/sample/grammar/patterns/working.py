"""Professions: she is a doctor, he's a talented young director."""

from collections.abc import Iterator
from dataclasses import replace

from grammar import english
from grammar.choice import combinations, one, some
from grammar.clause import BE, clause, question
from grammar.lexicon.actions import verb
from grammar.lexicon.circumstances import PLACES
from grammar.lexicon.people import PROFESSIONS, TALENTED, VIRTUES, Adjective, Profession
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, PEERS, Subject
from grammar.phrase import Phrase, phrase
from grammar.sentence import Sentence, say
from grammar.spelling import starts_with_vowel

_BECOME = verb("become became become", "devenir")
_WANT = verb("want", "vouloir")
_FORMS = [("present", "", "short"), ("present", "", "long"), ("present", "not", "short"),
          ("present", "not", "long"), ("present", "no longer", "short"),
          ("imperfect", "", "short")]
_WORKPLACES = PLACES["c"][:9]


def profession() -> Iterator[Sentence]:
    """She is a doctor. He's no longer a teacher. My uncle is a nurse at the hospital."""
    for who, trade in combinations("profession", 170, MOSTLY_PRONOUNS, PROFESSIONS):
        if who.plural and trade not in PROFESSIONS[:8]:
            continue
        group, name = f"{who.key}|{trade.en}", _bare(who, trade)
        for form in some(group, 2, _FORMS):
            yield say(group, "{c} {p} .", "{c} {p} .", c=clause(who, BE, *form), p=name)
        c, where = clause(who, BE, style=one(group, ("short", "long"))), one(group, _WORKPLACES)
        yield say(group, "{c} {p} {w} .", "{c} {p} {w} .", c=c, p=name, w=where)
        if one(group + "wants", (True, False)):
            want = clause(who, _WANT, negation=one(group + "not", ("", "", "not")))
            yield say(group, "{c} to/b become/b {p} .", "{c} devenir/b {p} .", c=want, p=name)
        if who.pronoun and who.en_person not in (0, 3) and one(group, (True, False)):
            yield say(group, "{q} {p} ?", "{q} {p} ?", q=question(who, BE), p=name)


def _bare(who: Subject, trade: Profession) -> Phrase:
    """`a doctor` and `médecin`: French has no article here."""
    if who.plural:
        many = english.plural(trade.english(who.feminine)), trade.french(who.feminine, True)
        return phrase(f"{many[0]}/p", f"{many[1]}/p")
    return phrase(f"a/p {trade.english(who.feminine)}/p", trade.french(who.feminine) + "/p")


_SINGULAR = tuple(who for who in PEERS if not who.plural)


def talent() -> Iterator[Sentence]:
    """He's a talented young director. She is a famous singer full of ideas."""
    adjectives, trades = TALENTED, (PROFESSIONS[2], *PROFESSIONS[:2], *PROFESSIONS[3:])
    for who, what, trade in combinations("talent", 210, _SINGULAR, adjectives, trades):
        group = f"{who.key}|{what.en} {trade.en}"
        c = _this_is(who, one(group, ("short", "long")))
        plain = _described(trade, what, who.feminine)
        yield say(group, "{c} a/d {n} .", f"{{c}} {_un(who)}/d {{n}} .", c=c, n=plain)
        en, fr = one(group + "virtue", VIRTUES[:1] * 4 + VIRTUES)
        full = "pleine" if who.feminine else "plein"
        if en == "talent":
            c = _this_is(who, one(group + "talented", ("short", "long")))
            yield say(group, "{c} a/d talented/t {n} .",
                      f"{{c}} {_un(who)}/d {{n}} {full}/t de/t talent/t .", c=c, n=plain)
        else:
            c = _this_is(who, one(group + "full", ("short", "long")))
            yield say(group, "{c} a/d {n} full/f of/o {v} .",
                      f"{{c}} {_un(who)}/d {{n}} {full}/f de/o {{v}} .", c=c, n=plain,
                      v=phrase(en, fr))


def _un(who: Subject) -> str:
    return "une" if who.feminine else "un"


def _this_is(who: Subject, style: str) -> Phrase:
    """Subject and be; French says `c'est` for he and she."""
    c = clause(who, BE, style=style)
    if who.pronoun and who.en_person == 2:
        return Phrase(c.en, (replace(c.fr[0], text="ce"), *c.fr[1:]))
    return c


def _described(trade: Profession, what: Adjective, feminine: bool) -> Phrase:
    """`young director` and `jeune directeur`, `French singer` and `chanteur français`."""
    noun, form = trade.french(feminine), what.french(feminine, False)
    if what.before_noun and starts_with_vowel(noun):
        form = {"vieux": "vieil", "nouveau": "nouvel"}.get(form, form)
    words = f"{form}/a {noun}/n" if what.before_noun else f"{noun}/n {form}/a"
    return phrase(f"{what.en}/a {trade.english(feminine)}/n", words)
