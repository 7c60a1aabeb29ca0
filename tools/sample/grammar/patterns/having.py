"""What French has and English is: hungry, right, afraid; and what both have."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import BE, HAVE, clause, question
from grammar.complement import complement, gist
from grammar.lexicon.actions import verb
from grammar.lexicon.circumstances import NOW, phrases
from grammar.lexicon.complements import AVOIR, DREADS, FEARS
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, PRONOUNS, Subject
from grammar.lexicon.things import THINGS, telling
from grammar.nounphrase import noun_phrase
from grammar.phrase import EMPTY, Phrase, phrase
from grammar.sentence import Sentence, say

_FORMS = [("present", "", "short"), ("present", "", "long"), ("present", "not", "short"),
          ("present", "not", "leaning"), ("present", "never", "short"),
          ("imperfect", "", "short")]
_DEGREES = {
    "b": phrases("""
        very | très
        too | trop
        so | si
        always | toujours
        still | encore
        often | souvent
    """),
    "r": phrases("""
        always | toujours
        often | souvent
        probably/d | sans/d doute/d
        completely/c | tout/c à/c fait/c
    """),
    "n": phrases("""
        really | vraiment
        always | toujours
        often | souvent
    """),
}
_FEAR = verb("fear", "craindre")


def _be_avoir(who: Subject, form: tuple[str, str, str], french: str = "avoir") -> Phrase:
    """`I'm not` and `je n'ai pas`: be in English; avoir or craindre in French."""
    what = {"avoir": HAVE, "craindre": _FEAR}[french]
    return Phrase(clause(who, BE, *form).en, clause(who, what, *form).fr)


def sensation() -> Iterator[Sentence]:
    """I'm cold. She isn't hungry tonight. You're always right."""
    for who, (en, fr, kind) in combinations("sensation", 140, MOSTLY_PRONOUNS, AVOIR):
        group, what = f"{who.key}|{gist(en)}", phrase(en, fr)
        for form in some(group, 4, _FORMS):
            degree = EMPTY if form[1] else one(f"{group} {form}", (*_DEGREES[kind], EMPTY))
            bodily = kind == "b" and form[0] == "present" and form[1] != "never"
            time = one(f"{group} {form} time", (*NOW, EMPTY, EMPTY)) if bodily else EMPTY
            noun = phrase(en, fr.replace("de/l la/l", "de/l")) if form[1] else what
            yield say(group, "{c} {d} {w} {t} .", "{c} {d} {w} {t} .", c=_be_avoir(who, form),
                      d=degree, w=noun, t=time)
        if who.pronoun and who.en_person not in (0, 3):
            asked = Phrase(question(who, BE).en, question(who, HAVE).fr)
            yield say(group, "{q} {w} ?", "{q} {w} ?", q=asked, w=what)


def fear() -> Iterator[Sentence]:
    """I'm not afraid to die. / Je ne crains pas de mourir."""
    dying = [(who, row) for who in PRONOUNS[:11] for row in DREADS[:2]]
    rest = combinations("dread", 110, MOSTLY_PRONOUNS, DREADS[1:])
    for who, (en, ing, fr) in dict.fromkeys((who, tuple(row)) for who, row in [*dying, *rest]):
        group = f"{who.key}|afraid|{gist(en)}"
        to, of = complement(f"{en}={fr}", who), complement(f"{ing}={fr}", who)
        for k, form in enumerate(some(group, 4, _FORMS[:5] + _FORMS[:3])):
            if k % 2:
                c = _be_avoir(who, form)
                yield say(group, "{c} afraid of {w} .", "{c} peur de {w} .", c=c, w=of)
            else:
                c = _be_avoir(who, form, "craindre")
                yield say(group, "{c} afraid/c.v to/o {w} .", "{c} de/o {w} .", c=c, w=to)


def fear_of_things() -> Iterator[Sentence]:
    """He's afraid of dogs. / Il a peur des chiens. / Il craint les chiens."""
    for who, (en, fr) in combinations("fear", 110, MOSTLY_PRONOUNS, FEARS):
        group, what = f"{who.key}|afraid|{gist(en)}", complement(f"{en}={fr}", who)
        for k, form in enumerate(some(group, 3, _FORMS[:5])):
            if k == 1:
                c = _be_avoir(who, form, "craindre")
                yield say(group, "{c} afraid/c.v of/c.v {w} .", "{c} {w} .", c=c, w=what)
            else:
                degree = EMPTY if form[1] else one(f"{group} {form}", _DEGREES["b"])
                yield say(group, "{c} {d} afraid of {w} .", "{c} {d} peur de {w} .",
                          c=_be_avoir(who, form), d=degree, w=what)


def possession() -> Iterator[Sentence]:
    """She has a white cat. We don't have a car. Do you have a red umbrella?"""
    fixed = {"door", "window", "kitchen", "museum", "church", "school", "hotel"}
    nouns = [
        noun for noun in THINGS.values()
        if set(noun.kinds) & set("rcwvhtaek") and noun.en not in fixed
    ]
    for who, noun in combinations("have", 60, MOSTLY_PRONOUNS, nouns):
        group = f"{who.key}|have {noun.en}"
        asked = one(group, ("inversion", "est-ce que", "intonation"))
        wanted = [one(f"{group} {k}", (None, *telling(noun, k == 1))) for k in range(3)]
        has = noun_phrase(noun, "a", adjective=wanted[0])
        yield say(group, "{c} {n} .", "{c} {n} .", c=clause(who, HAVE), n=has)
        none = noun_phrase(noun, "a", adjective=wanted[1], negated=True)
        yield say(group, "{c} {n} .", "{c} {n} .", c=clause(who, HAVE, negation="not"), n=none)
        some_ = noun_phrase(noun, "a", adjective=wanted[2])
        if who.en_person in (0, 3):
            continue
        if not who.pronoun:
            asked = "est-ce que"
        yield say(group, "{q} {n} ?", "{q} {n} ?", q=question(who, HAVE, form=asked), n=some_)
