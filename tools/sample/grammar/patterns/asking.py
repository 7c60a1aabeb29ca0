"""Orders and questions."""

from collections.abc import Iterator

from grammar.choice import combinations, one
from grammar.clause import question
from grammar.lexicon.actions import ACTIONS, Action
from grammar.lexicon.circumstances import FUTURE, HABIT, PAST, phrases
from grammar.lexicon.subjects import ANYONE, PRONOUNS, THIRD_PERSONS, YOU, YOU_POLITE, Subject
from grammar.nounphrase import noun_phrase
from grammar.phrase import EMPTY, Phrase, label, phrase
from grammar.sentence import Sentence, say

_WHY = phrase("why", "pourquoi")
_SITUATIONS = phrases("""
    before leaving | avant de/- partir
    , please/p | , s'il/p te/p plaît/p
    now | maintenant
    at/a once/a | tout/a de/a suite/a
    before noon | avant midi
    later/l | plus/l tard/l
    before/b it/b rains/r | avant/b la/b pluie/r
    tonight/t | ce/t soir/t
    tomorrow | demain
    after dinner/d | après le/d dîner/d
""")
_ORDERED = frozenset({"open", "close", "read", "write", "eat", "drink", "listen to", "look at",
                      "watch", "wait", "wait for", "wash", "clean", "prepare", "do", "learn",
                      "take", "repair", "answer", "finish", "choose", "pay", "come back",
                      "leave", "work", "buy", "look for", "sing", "play"})


def _done(salt: str, who: Subject, what: Action, negated: bool = False) -> Phrase:
    if what.noun is None:
        return EMPTY
    return noun_phrase(what.noun, one(salt, what.determiners), who, negated=negated)


def order() -> Iterator[Sentence]:
    """Close the door before leaving! Don't open this letter."""
    fitting = [what for what in ACTIONS if what.verb.en.base in _ORDERED]
    for what, when, who in combinations("order", 90, fitting, _SITUATIONS, (YOU, YOU_POLITE)):
        when_en = when.gist
        if who is YOU_POLITE and what not in fitting[:9]:
            continue
        if when_en == ", please" and who is YOU_POLITE:
            when = phrase(", please/p", ", s'il/p vous/p plaît/p")
        group, mark = f"order|{what.key}", one(what.key + when_en, "..!")
        salt = f"{group} {when_en} {who.fr_person}"
        done = _done(salt, who, what)
        yield say(group, f"{{v}} {{o}} {{w}} {mark}", f"{{v}} {{o}} {{w}} {mark}",
                  v=_imperative(what, who), o=done, w=when)
        if when_en != ", please":
            continue
        yield say(group, "don/n,v.n 't/n,v.n {v} {o} .", "ne/n {v} {o} .",
                  v=_imperative(what, who, "pas/n"), o=_done(salt + "not", who, what, True))


def _imperative(what: Action, who: Subject, negation: str = "") -> Phrase:
    """`close` and `ferme` or `fermez`."""
    form = what.verb.fr.present[who.fr_person]
    if form.endswith("es") and who is YOU:
        form = form[:-1]
    particle = label(what.verb.particle, "v")
    return phrase(label(what.verb.en.base, "v"), f"{form}/v {negation} {particle}")


def yes_or_no() -> Iterator[Sentence]:
    """Do you like to read in the garden? Did she buy a new car yesterday?"""
    tenses = {"past": PAST, "in progress": (EMPTY,), "near future": FUTURE, "present": HABIT}
    asked_about = [who for who in ANYONE if who.en_person not in (0, 3)]
    doable = [what for what in ACTIONS if not what.momentary]
    for who, what, tense in combinations("ask", 95, asked_about, doable, tuple(tenses)):
        if tense == "present" and (not what.everyday or who not in THIRD_PERSONS):
            continue
        group = f"{who.key}|{what.key}"
        salt = f"{group} {tense} ?"
        forms = ["est-ce que", "intonation"]
        if who.pronoun:
            forms.append("inversion")
        form, time = one(salt, forms), one(salt + "time", tenses[tense])
        asked = question(who, what.verb, tense, form)
        done = _done(salt, who, what)
        yield say(group, "{q} {o} {t} ?", "{q} {o} {t} ?", q=asked, o=done, t=time)
        if tense == "in progress":
            done = _done(salt + "why", who, what)
            yield say(group, "{w} {q} {o} ?", "{w} {q} {o} ?", w=_WHY, o=done,
                      q=question(who, what.verb, tense))


def open_question() -> Iterator[Sentence]:
    """Where do you work? When is she going to leave? What are you reading?"""
    when, where = phrase("when", "quand"), phrase("where", "où")
    people = [who for who in PRONOUNS[:11] if who.en_person not in (0, 3)]
    going = [what for what in ACTIONS if what.key in _WHEN]
    resting = [what for what in ACTIONS if what.key in _WHERE]
    transitive = list({what.verb: what for what in ACTIONS if what.noun}.values())
    for who, what in combinations("when", 45, people, going):
        group = f"{who.key}|{what.key}"
        tense, form = one(group, ("near future", "past")), one(group + "form", _FORMS)
        asked = question(who, what.verb, tense, form)
        yield say(group, "{w} {q} ?", "{w} {q} ?", w=when, q=asked)
    for who, what in combinations("where", 35, people, resting):
        group = f"{who.key}|{what.key}"
        tense = one(group, ("present", "past")) if who in THIRD_PERSONS else "past"
        asked = question(who, what.verb, tense, one(group, _FORMS))
        yield say(group, "{w} {q} ?", "{w} {q} ?", w=where, q=asked)
    for who, what in combinations("what", 35, people, transitive):
        if what.verb.particle or what.momentary:
            continue
        tense = one(f"{who.key} {what.key} what", ("in progress", "past", "near future"))
        yield say(f"{who.key}|what {what.verb.en.base}", "what {q} ?", "que {q} ?",
                  q=question(who, what.verb, tense))


_FORMS = ("est-ce que", "inversion")
_WHEN = frozenset({"leave", "arrive", "come back", "get up", "go to bed", "work", "go out", "rest"})
_WHERE = frozenset({"work", "sleep", "swim", "dance", "have lunch", "walk", "run", "wait", "rest"})
