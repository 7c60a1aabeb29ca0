"""Relative clauses, durations and conditions."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import BE, clause
from grammar.lexicon.actions import ACTIONS, verb
from grammar.lexicon.circumstances import NUMBERS, PLACES, phrases
from grammar.lexicon.people import PROFESSIONS, QUALITIES
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, THIRD_PERSONS, subject
from grammar.lexicon.things import adjectives_for
from grammar.nounphrase import noun_phrase
from grammar.phrase import EMPTY, Phrase, phrase
from grammar.sentence import Sentence, agreeing, say

_FIGURES = phrases("""
    the man | le homme
    the woman | la femme
    the boy | le garçon
    the girl | la fille
""")


def relative() -> Iterator[Sentence]:
    """The man who is working in the garden is a baker. The film that I'm watching is boring."""
    busy = [what for what in ACTIONS if what.noun is None and what.places and not what.momentary]
    for (k, figure), what, trade in combinations(
        "who", 48, list(enumerate(_FIGURES)), busy, (*PROFESSIONS[:16], *QUALITIES[:8])
    ):
        feminine, salt = k in (1, 3), f"{k} {what.key} {trade.en}"
        if k > 1 and trade not in QUALITIES:
            continue
        who = subject("he", "il", "f" if feminine else "m")
        doing = clause(who, what.verb, "progressive", style="long")
        doing = Phrase(doing.en[1:], doing.fr[1:])
        place = one(salt, [place for kind in what.places for place in PLACES[kind]])
        predicate = (agreeing(trade, who) if trade in QUALITIES
                     else phrase(f"a/p {trade.english(feminine)}/p", f"{trade.french(feminine)}/p"))
        group = f"{figure.gist} who {what.key}|{trade.en}"
        for negation in ("", "not"):
            c = clause(who, BE, negation=negation)
            yield say(group, "{f} who {d} {w} {c} {p} .", "{f} qui {d} {w} {c} {p} .", f=figure,
                      d=doing, w=place, c=Phrase(c.en[1:], c.fr[1:]), p=predicate)
    used = [
        (what, what.noun) for what in ACTIONS
        if what.noun and "p" not in what.noun.gender and adjectives_for(what.noun)
        and not what.verb.particle and not what.momentary
    ]
    for (what, thing), who in combinations("that", 48, used, THIRD_PERSONS[:12]):
        group = f"the {thing.en} that {who.key} {what.verb.en.base}"
        a = one(group, adjectives_for(thing)).phrase(thing.feminine, False)
        noun = noun_phrase(thing, "t")
        doing = clause(who, what.verb, "progressive")
        yield say(group, "{n} that {c} is {a} .", "{n} que {c} est {a} .", n=noun, c=doing, a=a)
        yield say(group, "{n} that {c} isn/b 't/x {a} .", "{n} que {c} ne/x est/b pas/x {a} .",
                  n=noun, c=doing, a=a)


_LASTING = [
    (verb(en, fr), PLACES[kind])
    for en, fr, kind in (("live", "habiter", "c"), ("work", "travailler", "p"),
                         ("live", "habiter", "c"), ("wait", "attendre", "p"),
                         ("study", "étudier", "c"))
]


def duration() -> Iterator[Sentence]:
    """I've lived in Paris for five years. / J'habite à Paris depuis cinq ans."""
    for who, (what, places), (en, fr) in combinations(
        "since", 75, MOSTLY_PRONOUNS, _LASTING, NUMBERS
    ):
        salt = f"{who.key} {what.en.base} {en}"
        where = one(salt, places)
        unit = ("hours", "heures") if what.en.base == "wait" else one(salt, _UNITS)
        group = f"{who.key}|{what.en.base} {where.gist}|{en} {unit[0]}"
        for style in some(group, 2, ("short", "long")):
            c = Phrase(clause(who, what, "perfect", style=style).en, clause(who, what).fr)
            yield say(group, "{c} {w} for {n} {u} .", "{c} {w} depuis {n} {u} .", c=c, w=where,
                      n=phrase(en, fr), u=phrase(*unit))


_UNITS = (("years", "ans"), ("months", "mois"), ("weeks", "semaines"))
_BAD_WEATHER = phrases("""
    it rains | il pleut
    it/i 's/b cold/c | il/i fait/b froid/c
    it/i snows/n | il/i neige/n
""")
_GOOD_WEATHER = phrases("""
    the/t weather/w is/b nice/n | il/t fait/b beau/n,w
    it/i 's/b hot/c | il/i fait/b chaud/c
""")
_INDOORS = phrases("at/a home/h | à/a la/h maison/h\nin the living/l room/l | dans le salon/l")
_DAYS = phrases("""
    tomorrow | demain
    this evening | ce soir
    on/s Sunday/s | dimanche/s
""")


def condition() -> Iterator[Sentence]:
    """If it rains tomorrow, I'll work at home. / S'il pleut demain, je travaillerai à la maison."""
    plans = {what.key: what for what in ACTIONS}
    cases = [(sky, plans[key], _INDOORS) for sky in _BAD_WEATHER for key in _FOR_BAD]
    cases += [(sky, plans[key], PLACES[key_places])
              for sky in _GOOD_WEATHER for key, key_places in _FOR_GOOD]
    for (sky, what, places), who in combinations("if", 60, cases, THIRD_PERSONS[:3]):
        group = f"if {sky.gist}|{who.key}|{what.key}"
        time, place = one(group, (*_DAYS, EMPTY)), one(group + "place", places)
        if what.key in ("stay at home", "go out"):
            place = EMPTY
        c = clause(who, what.verb, "future", one(group + "not", ("", "", "not")))
        yield say(group, "if {s} {t} , {c} {p} .", "si {s} {t} , {c} {p} .",
                  s=sky, t=time, c=c, p=place)
        yield say(group, "{c} {p} if {s} {t} .", "{c} {p} si {s} {t} .",
                  s=sky, t=time, c=c, p=place)


_FOR_BAD = ("stay at home", "work", "rest", "have lunch", "sleep")
_FOR_GOOD = (("go out", "o"), ("swim", "r"), ("take a walk", "o"), ("walk", "o"), ("run", "o"))
