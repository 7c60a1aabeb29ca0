"""Too much and enough, and feelings about something."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import BE, clause
from grammar.complement import cells, complement, gist
from grammar.lexicon.circumstances import phrases
from grammar.lexicon.complements import EXTENTS, FEELINGS
from grammar.lexicon.people import VIRTUES, adjective
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, PRONOUNS, Subject, subject
from grammar.phrase import EMPTY, phrase
from grammar.sentence import Sentence, agreeing, say

_FORMS = [("present", "", "short"), ("present", "", "long"), ("imperfect", "", "short")]
_DENIED = [("present", "not", "short"), ("present", "not", "leaning"), ("present", "not", "long"),
           ("present", "no longer", "short")]
_DEGREES = (EMPTY, *phrases("""
    very | très
    really | vraiment
    so | si
    always | toujours
"""))


def extent() -> Iterator[Sentence]:
    """She's too tired to work. He isn't strong enough to carry this suitcase."""
    options = tuple((*row[:3], deed) for row in EXTENTS for deed in cells(row[3]))
    for who, (degree, en, fr, deed) in combinations("extent", 160, MOSTLY_PRONOUNS, options):
        group = f"{who.key}|{degree} {en}|{gist(deed)}"
        what = agreeing(adjective(en, fr), who)
        if degree == "too":
            templates = "{c} too {a} to/p {d} .", "{c} trop {a} pour/p {d} ."
        else:
            templates = "{c} {a} enough/e to/p {d} .", "{c} assez/e {a} pour/p {d} ."
        for form in some(group, 3, _FORMS + _DENIED[:3]):
            yield say(group, *templates, c=clause(who, BE, *form), a=what, d=complement(deed, who))


def feeling() -> Iterator[Sentence]:
    """I'm very proud of my daughter. She isn't ready to leave."""
    options = tuple((*row[:4], what) for row in FEELINGS for what in cells(row[4]))
    for who, option in combinations("feeling", 190, MOSTLY_PRONOUNS, options):
        en, fr, en_link, fr_link, what = option
        if "you" in what and who.en_person == 1:
            continue
        group = f"{who.key}|{gist(en)}|{en_link} {gist(what)}"
        for form in some(group, 3, _FORMS + _DENIED):
            degree = one(f"{group} {form}", _DEGREES) if not form[1] and en in _GRADED else EMPTY
            yield say(group, f"{{c}} {{d}} {{a}} {en_link}/l {{w}} .",
                      f"{{c}} {{d}} {{a}} {fr_link}/l {{w}} .", c=clause(who, BE, *form), d=degree,
                      a=agreeing(adjective(en, fr), who), w=complement(what, who))


_GRADED = frozenset({"proud", "happy", "jealous", "worried", "satisfied", "surprised", "sorry"})
_FULL = adjective("full", "plein")
_LEADERS = tuple(
    subject(*cells_)
    for cells_ in (
        ("our new/n director/d", "notre nouveau/n directeur/d", "m"),
        ("our new/n director/d", "notre nouvelle/n directrice/d", "f"),
        ("this young singer", "ce jeune chanteur", "m"),
        ("my young cousin", "ma jeune cousine", "f"),
        ("our/o English/e teacher/t", "notre/o professeur/t de/e anglais/e", "m"),
        ("the young director", "le jeune directeur", "m"),
    )
)


def full_of() -> Iterator[Sentence]:
    """She is still full of energy. Our new director is full of talent."""
    people: tuple[Subject, ...] = PRONOUNS[:11] + _LEADERS
    still = phrase("still", "encore"), phrase("always", "toujours"), phrase("so", "si"), EMPTY
    for who, (en, fr) in combinations("full of", 70, people, VIRTUES):
        group, virtue = f"{who.key}|full of|{gist(en)}", phrase(en, fr)
        for form in some(group, 3, _FORMS + _DENIED[3:]):
            degree = EMPTY if form[1] else one(f"{group} {form}", still)
            yield say(group, "{c} {d} {f} of {v} .", "{c} {d} {f} de {v} .", v=virtue,
                      c=clause(who, BE, *form), d=degree, f=agreeing(_FULL, who))
