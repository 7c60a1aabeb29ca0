"""Being somehow or somewhere: qualities, states, places."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import BE, clause, question
from grammar.lexicon import subjects
from grammar.lexicon.circumstances import NOW, PAST, PLACES, phrases
from grammar.lexicon.people import QUALITIES, STATES
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, Subject
from grammar.phrase import EMPTY, Phrase
from grammar.sentence import Sentence, agreeing, say

# Degree in English and French; then how be stands: tense, negation, style.
_DEGREES = phrases("""
    too | trop
    very | très
    really | vraiment
    so | si
    a bit | un peu
    rather | plutôt
    always | toujours
    still | encore
    often | souvent
    sometimes | parfois
    far/f too/t | beaucoup/f trop/t
""")
_OF_QUALITY = _DEGREES[:4] + _DEGREES[5:6] + _DEGREES[10:]
_OF_STATE = _DEGREES[1:5] + _DEGREES[6:10]
_OF_PLAIN_STATE = (*_DEGREES[6:9], EMPTY)
_PLAIN_STATES = frozenset({"ready", "alone", "free", "lost", "injured", "drunk", "relieved",
                           "satisfied", "exhausted", "furious"})
_FREQUENCY = _DEGREES[6:7] + _DEGREES[8:10]  # no `now` beside these
_FORMS = [("present", "", "short"), ("present", "", "long"), ("present", "not", "short"),
          ("present", "not", "leaning"), ("present", "not", "long"), ("present", "never", "short"),
          ("present", "no longer", "short"), ("imperfect", "", "short")]


def quality() -> Iterator[Sentence]:
    """She is too short. He's not very patient. Are you jealous?"""
    for who, what in combinations("quality", 190, MOSTLY_PRONOUNS, QUALITIES):
        group, a = f"{who.key}|{what.en}", agreeing(what, who)
        for form in some(group, 2, _FORMS[:2] + _FORMS[:4]):
            degree = one(f"{group} {form}", _OF_QUALITY if not form[1] else _DEGREES[:2])
            c = clause(who, BE, *form)
            yield say(group, "{c} {d} {a} .", "{c} {d} {a} .", c=c, d=degree, a=a)
        form = one(group + "plain", _FORMS)
        yield say(group, "{c} {a} .", "{c} {a} .", c=clause(who, BE, *form), a=a)
    for who in subjects.PRONOUNS[:11]:
        a = agreeing(QUALITIES[1], who)
        for style in ("short", "long"):
            c = clause(who, BE, style=style)
            yield say(f"{who.key}|short", "{c} too {a} .", "{c} trop {a} .", c=c, a=a)


def state() -> Iterator[Sentence]:
    """She's always tired in the evening. I was sick yesterday. Is he busy today?"""
    for who, what in combinations("state", 190, MOSTLY_PRONOUNS, STATES):
        group, a = f"{who.key}|{what.en}", agreeing(what, who)
        for form in some(group, 3, _FORMS[:4]):
            degrees = _OF_PLAIN_STATE if what.en in _PLAIN_STATES else _OF_STATE
            degree = one(f"{group} {form}", degrees if not form[1] else (degrees[0], EMPTY))
            time = EMPTY if degree in _FREQUENCY else one(f"{group} {form} time", (*NOW, EMPTY))
            yield say(group, "{c} {d} {a} {t} .", "{c} {d} {a} {t} .",
                      c=clause(who, BE, *form), d=degree, a=a, t=time)
        if who.en_person in (0, 3) or one(group + "asked", (True, False)):
            c, time = clause(who, BE, "imperfect"), one(group + "was", PAST)
            yield say(group, "{c} {a} {t} .", "{c} {a} {t} .", c=c, a=a, t=time)
        else:
            yield _asked(group, who, a, one(group + "asked", NOW + (EMPTY, EMPTY)))


def _asked(group: str, who: Subject, what: Phrase, time: Phrase) -> Sentence:
    forms = ["est-ce que", "inversion", "intonation"]
    if not who.pronoun:
        forms.remove("inversion")
    asked = question(who, BE, form=one(group, forms))
    return say(group, "{q} {a} {t} ?", "{q} {a} {t} ?", q=asked, a=what, t=time)


def location() -> Iterator[Sentence]:
    """We're at the station this morning. He wasn't in Paris last week."""
    everywhere = tuple(place for kind in "phwcto" for place in PLACES[kind])
    for who, where in combinations("location", 105, MOSTLY_PRONOUNS, everywhere):
        if who.en_own in where.gist.split():  # `they are at their place`
            continue
        group = f"{who.key}|{where.gist}"
        for form in some(group, 3, _FORMS[:5] + _FORMS[6:7]):
            time = one(f"{group} {form}", NOW + (EMPTY, EMPTY, EMPTY))
            c = clause(who, BE, *form)
            yield say(group, "{c} {p} {t} .", "{c} {p} {t} .", c=c, p=where, t=time)
        if who.en_person in (0, 3) or one(group + "asked", (True, False)):
            c, time = clause(who, BE, "imperfect", one(group, ("", "not"))), one(group, PAST)
            yield say(group, "{c} {p} {t} .", "{c} {p} {t} .", c=c, p=where, t=time)
        else:
            yield _asked(group, who, where, EMPTY)
