"""What people do, did and will do, with what, where and when."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import CAN, MUST, clause, infinitive
from grammar.lexicon.actions import ACTIONS, Action, verb
from grammar.lexicon.circumstances import FUTURE, HABIT, NOW, PAST, PLACES
from grammar.lexicon.subjects import ANYONE, MOSTLY_PRONOUNS, THIRD_PERSONS, Subject
from grammar.lexicon.things import telling
from grammar.nounphrase import noun_phrase
from grammar.phrase import EMPTY, Phrase
from grammar.sentence import Sentence, say

_WANT, _LIKE = verb("want", "vouloir"), verb("like", "aimer")


def _object(
    group: str, who: Subject, what: Action, negated: bool = False, letters: str = ""
) -> Phrase:
    """What it is done to, with a determiner and perhaps an adjective that fit."""
    if what.noun is None:
        return EMPTY
    determiner = one(group + "determiner", letters or what.determiners)
    fitting = telling(what.noun, negated or determiner in "oq") if determiner != "z" else []
    if what.verb.en.base in ("write", "paint", "prepare"):  # what is being made is not old
        fitting = [adjective for adjective in fitting if adjective.en != "old"]
    plain = not fitting or one(group + "plain", (True, False, False))
    adjective = None if plain else one(group + "adjective", fitting)
    return noun_phrase(what.noun, determiner, who, adjective, negated)


def _where(salt: str, what: Action) -> Phrase:
    places = [place for kind in what.places for place in PLACES[kind]]
    return one(salt, places) if places else EMPTY


def _tell(who: Subject, what: Action, tense: str, negation: str, style: str,
          place: Phrase, time: Phrase) -> Sentence:
    group = f"{who.key}|{what.key}"
    salt = f"{group} {tense} {negation} {style}"
    again = what.determiners.replace("i", "") if tense == "present" else ""  # not `this` every day
    done = _object(salt, who, what, bool(negation), again)
    return say(group, "{c} {o} {p} {t} .", "{c} {o} {p} {t} .", o=done, p=place, t=time,
               c=clause(who, what.verb, tense, negation, style))


def progressive() -> Iterator[Sentence]:
    """She's reading an interesting book in the garden. We are not working today."""
    usual = [("progressive", "", "short"), ("progressive", "", "long"),
             ("progressive", "not", "short"), ("progressive", "not", "leaning")]
    busy = [("in progress", "", "short"), ("in progress", "", "long"),
            ("in progress", "not", "short"), ("in progress", "not", "leaning")]
    doable = [what for what in ACTIONS if not what.momentary]
    for who, what in combinations("progressive", 220, MOSTLY_PRONOUNS, doable):
        salt = f"{who.key} {what.key} now"
        forms = usual + busy[:2] if who in THIRD_PERSONS else busy
        for k, form in enumerate(some(salt, 4, forms)):
            place = one(f"{salt}{k}", (EMPTY, _where(f"{salt}{k}", what)))
            time = EMPTY if place.en else one(f"{salt}{k}", (EMPTY, *NOW))
            if form[0] == "in progress":
                time = EMPTY
            yield _tell(who, what, *form, place, time)


def near_future() -> Iterator[Sentence]:
    """I'm going to buy a new car tomorrow. We're going to visit the museum next week."""
    forms = [("near future", "", "short"), ("near future", "", "long"),
             ("near future", "not", "short"), ("near future", "not", "leaning")]
    for who, what in combinations("near future", 115, MOSTLY_PRONOUNS, ACTIONS):
        salt = f"{who.key} {what.key} will"
        for k, form in enumerate(some(salt, 3, forms)):
            place = one(f"{salt}{k}", (EMPTY, EMPTY, _where(f"{salt}{k}", what)))
            time = EMPTY if place.en else one(f"{salt}{k}", (EMPTY, *FUTURE))
            yield _tell(who, what, *form, place, time)


def past() -> Iterator[Sentence]:
    """She bought a red dress last week. I didn't sleep at home yesterday."""
    forms = [("past", "", "short"), ("past", "not", "short"), ("past", "never", "short"),
             ("past", "", "short")]
    for who, what in combinations("past", 105, ANYONE, ACTIONS):
        salt = f"{who.key} {what.key} did"
        for k, form in enumerate(some(salt, 3, forms)):
            place = one(f"{salt}{k}", (EMPTY, _where(f"{salt}{k}", what)))
            time = EMPTY if form[1] == "never" else one(f"{salt}{k}", PAST)
            yield _tell(who, what, *form, place, time)


def habit() -> Iterator[Sentence]:
    """He listens to music every evening. They never work on Sundays. She used to swim a lot."""
    everyday = [what for what in ACTIONS if what.everyday]
    forms = [("present", "", "short"), ("present", "not", "short"), ("present", "never", "short"),
             ("present", "no longer", "short"), ("present", "", "short")]
    for who, what in combinations("habit", 100, THIRD_PERSONS, everyday):
        salt = f"{who.key} {what.key} often"
        for k, form in enumerate(some(salt, 2, forms)):
            place = one(f"{salt}{k}", (EMPTY, EMPTY, _where(f"{salt}{k}", what)))
            time = one(f"{salt}{k} when", HABIT) if form[1] == "" else EMPTY
            yield _tell(who, what, *form, place, time)
    for who, what in combinations("used to", 20, THIRD_PERSONS[:3], everyday[:8]):
        salt = f"{who.key} {what.key} used to"
        time, place = one(salt, HABIT), one(salt, (EMPTY, _where(salt, what)))
        yield _tell(who, what, "used to", "", "short", place, time)


def wish() -> Iterator[Sentence]:
    """I want to learn French. She can't drive. You must finish your work before noon."""
    verbs = [(_WANT, " to/b", ""), (_WANT, " to/b", "not"), (CAN, "", ""), (CAN, "", "not"),
             (MUST, "", ""), (_LIKE, " to/b", ""), (_LIKE, " to/b", "not")]
    doable = [what for what in ACTIONS if not what.momentary]
    for who, what in combinations("wish", 90, ANYONE, doable):
        group = f"{who.key}|{what.key}"
        for k, (wish_, to, negation) in enumerate(some(group, 3, verbs)):
            if wish_ is _LIKE and not what.everyday:
                continue
            salt = f"{group} {k} wish"
            done = _object(salt, who, what, bool(negation))
            place = one(salt, (EMPTY, _where(salt, what)))
            later = FUTURE if wish_ is not _LIKE else ()
            time = EMPTY if place.en else one(salt, (EMPTY, EMPTY, *later))
            c, b = clause(who, wish_, negation=negation), infinitive(who, what.verb)
            en = "{c}" + to.replace("/b", "/b.v") + " {b} {o} {p} {t} ."
            yield say(group, en, "{c} {b} {o} {p} {t} .", c=c, b=b, o=done, p=place, t=time)
