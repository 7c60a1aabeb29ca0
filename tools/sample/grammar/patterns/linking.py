"""Sentences of two clauses: thoughts and reasons."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import BE, HAVE, clause
from grammar.complement import cells, complement, gist
from grammar.lexicon.actions import verb
from grammar.lexicon.complements import AVOIR
from grammar.lexicon.people import STATES
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, PEOPLE, PRONOUNS, I, Subject, others_than
from grammar.phrase import Phrase, phrase
from grammar.sentence import Sentence, agreeing, say
from grammar.table import rows

_THINK = [verb("think", "penser"), verb("know", "savoir"), verb("hope", "espérer"),
          verb("say", "dire")]

_HOPED = frozenset({"happy", "ready", "free", "satisfied", "relieved", "right"})


def thought() -> Iterator[Sentence]:
    """I think that she's tired. He says he is not hungry. They know you are right."""
    thinkers = (I, *PRONOUNS[1:4], *PEOPLE[:6])
    facts = (*STATES[:16], *AVOIR[:8])
    for thinker, what, who, fact in combinations(
        "think", 150, thinkers, _THINK, PRONOUNS[:11], facts
    ):
        if who not in others_than(thinker, PRONOUNS):
            continue
        negation = one(f"{thinker.key}{who.key}{fact}", ("", "", "not"))
        if isinstance(fact, list):
            en, fr, _ = fact
            has = clause(who, HAVE, negation=negation)
            c = Phrase(clause(who, BE, negation=negation).en, has.fr)
            predicate = phrase(en, fr)
        else:
            en = fact.en
            c, predicate = clause(who, BE, negation=negation), agreeing(fact, who)
        if what.en.base == "hope" and (negation or en not in _HOPED):
            continue
        group = f"{thinker.key} {what.en.base}|{who.key}|{gist(en)}"
        that = one(group, ("that/q", ""))
        yield say(group, f"{{m}} {that} {{c}} {{p}} .", "{m} que/q {c} {p} .",
                  m=clause(thinker, what), c=c, p=predicate)


_REASONS = [
    (next(state for state in STATES if state.en == how), verb(en, fr), cells(tails))
    for how, en, fr, tails in rows("""
    tired | work | travailler | all/a day/d = toute/a la/d journée/d
    tired | work | travailler | until/u midnight = jusqu'à/u minuit
    happy | win won | gagner | the match = le match, the race = la course
    sad | lose lost | perdre | own dog = son chien, the match = le match, own watch = sa montre
    disappointed | fail | échouer | yesterday = hier
    injured | fall fell fallen | tomber | on the stairs = dans les escaliers, yesterday = hier
    sick | eat ate eaten | manger | too/t much/t chocolate/c = trop/t de/t chocolat/c
    exhausted | run ran run | courir | for/f an hour = pendant/f une heure
    exhausted | dance | danser | all/a night/n = toute/a la/n nuit/n
    satisfied | finish | finir | own work = son travail, own homework = ses devoirs
    furious | wait | attendre | for/f an hour = pendant/f une heure
    happy | find found | trouver | a job = un emploi, own keys = ses clés, a flat = un appartement
    worried | lose lost | perdre | own keys/k = ses clés/k, own job = son emploi
    relieved | pass | réussir | own exam = son examen
    tired | sleep slept | dormir | badly = mal
    nervous | drink drank drunk | boire | too/t much/t coffee/c = trop/t de/t café/c
    """)
]


def reason() -> Iterator[Sentence]:
    """She's tired because she worked all day. I'm happy because I found a job."""
    reasons = [(how, what, tail) for how, what, tails in _REASONS for tail in tails]
    for who, (how, what, tail) in combinations("because", 90, MOSTLY_PRONOUNS, reasons):
        group, again = f"{who.key}|{how.en}|because {what.en.base} {gist(tail)}", _again(who)
        because = clause(again, what, "past")
        for style in some(group, 2, ("short", "long", "was")):
            tense = "imperfect" if style == "was" else "present"
            yield say(group, "{c} {a} because/b {d} {t} .", "{c} {a} parce/b que/b {d} {t} .",
                      c=clause(who, BE, tense, style=style), a=agreeing(how, who), d=because,
                      t=complement(tail, who))


def _again(who: Subject) -> Subject:
    """The pronoun that takes up the subject."""
    if who.pronoun:
        return who
    return next(
        pronoun for pronoun in PRONOUNS
        if (pronoun.en_person, pronoun.feminine) == (who.en_person, who.feminine)
    )
