"""Where things are and whose they are."""

from collections.abc import Iterator

from grammar.choice import combinations, one
from grammar.lexicon.circumstances import NUMBERS, phrases
from grammar.lexicon.subjects import PEOPLE, PRONOUNS, Subject
from grammar.lexicon.things import THINGS, Noun, telling
from grammar.nounphrase import noun_phrase
from grammar.phrase import Phrase, Piece, phrase
from grammar.sentence import Sentence, say

_INDOORS = phrases("""
    on the table | sur la table
    under the chair | sous la chaise
    in my room | dans ma chambre
    behind the door | derrière la porte
    on the desk | sur le bureau
    in the kitchen | dans la cuisine
    under the bed | sous le lit
    next/n to/n the window | à/n côté/n de/n la fenêtre
    in the car | dans la voiture
""")
_OUTDOORS = phrases("""
    in the garden | dans le jardin
    in/f front/f of/f the house | devant/f la maison
    near/n the church | près/n de/n le église
    behind the school | derrière le école
    in the street | dans la rue
""")
_FOOD_PLACES = phrases("""
    in the fridge | dans le frigo
    on the table | sur la table
    in the kitchen | dans la cuisine
    in the basket | dans le panier
    on the plate | sur la assiette
""")
_MOVABLE = [noun for noun in THINGS.values()
            if set(noun.kinds) & set("rcwfgdaekpy") or noun.en in ("car", "bicycle", "phone")]
_COUNTABLE = [n for n in _MOVABLE if not set(n.kinds) & set("gd") and "p" not in n.gender]


def _spot(noun: Noun, salt: str) -> Phrase:
    outside = set(noun.kinds) & set("a") or noun.en in ("car", "bicycle", "tree", "flower")
    food = set(noun.kinds) & set("fgd")
    return one(salt, _FOOD_PLACES if food else _OUTDOORS if outside else _INDOORS)


def existence() -> Iterator[Sentence]:
    """There's a black cat in the garden. There are three books on the table."""
    for noun, place in combinations("there", 50, _COUNTABLE, range(5)):
        spot = _spot(noun, f"{noun.en} {place}")
        group = f"there|{noun.en}|{spot.gist}"
        adjective = one(group, (None, None, *telling(noun, negated=True)))
        n = noun_phrase(noun, "a", adjective=adjective)
        is_ = one(group + "style", ("there/t 's/t", "there/t is/t"))
        yield say(group, f"{is_} {{n}} {{p}} .", "il/t y/t a/t {n} {p} .", n=n, p=spot)
        en, fr = one(group + "number", NUMBERS[:6])
        many = noun_phrase(noun, "s", adjective=adjective)
        counted = Phrase(many.en, many.fr[1:])
        yield say(group, "there/t are/t {k} {n} {p} .", "il/t y/t a/t {k} {n} {p} .",
                  k=phrase(en, fr), n=counted, p=spot)
        none = noun_phrase(noun, "s", negated=True)
        yield say(group, "there/t aren/t 't/x any/x {n} {p} .", "il/t ne/x y/t a/t pas/x {n} {p} .",
                  n=none, p=spot)
        yield say(group, "is/t there/t {n} {p} ?", "y/t a-t-il/t {n} {p} ?", n=n, p=spot)


def whereabouts() -> Iterator[Sentence]:
    """Where are my glasses? Your keys are on the table. His book isn't in my room."""
    for noun, who in combinations("where", 48, _MOVABLE, (*PRONOUNS[:7], None)):
        plural = "p" in noun.gender
        be, est = ("are", "sont") if plural else ("is", "est")
        owner = "the" if who is None else "his/her" if who.en_person == 2 else who.en_own
        group = f"where|{owner} {noun.en}"
        n = noun_phrase(noun, "t" if who is None else "o", who)
        spot = _spot(noun, group)
        yield say(group, f"where {be} {{n}} ?", f"où {est} {{n}} ?", n=n)
        yield say(group, f"{{n}} {be} {{p}} .", f"{{n}} {est} {{p}} .", n=n, p=spot)
        yield say(group, f"{{n}} {be}n/b 't/x {{p}} .", f"{{n}} ne/x {est}/b pas/x {{p}} .",
                  n=n, p=_spot(noun, group + "not"))


_OWNERS = (*PRONOUNS[:6], PRONOUNS[6], *(who for who in PEOPLE[:24] if not who.plural))


def belonging() -> Iterator[Sentence]:
    """This book is mine. / Ce livre est à moi. Is this car Tom's?"""
    nouns = [noun for noun in THINGS.values() if set(noun.kinds) & set("rcwvaeky")]
    for noun, owner in combinations("belong", 38, nouns, _OWNERS):
        group, this = f"this {noun.en}|of {owner.key}", noun_phrase(noun, "i")
        be, est = ("are", "sont") if "p" in noun.gender else ("is", "est")
        whose = Phrase(_possessive(owner), phrase("-", "à/* {o}", o=owner.stressed).fr)
        slots = {"n": this, "o": whose}
        yield say(group, f"{{n}} {be} {{o}} .", f"{{n}} {est} {{o}} .", **slots)
        yield say(group, f"{{n}} {be}n/b 't/x {{o}} .", f"{{n}} ne/x {est}/b pas/x {{o}} .",
                  **slots)
        asked = one(group, ("", "est-ce/b que/b"))
        yield say(group, f"{be}/b {{n}} {{o}} ?", f"{asked} {{n}} {est}/b {{o}} ?", **slots)


def _possessive(owner: Subject) -> tuple[Piece, ...]:
    """`mine`, `my brother's`."""
    mine = ("mine", "yours", "hers" if owner.feminine else "his", "ours", "yours", "theirs")
    if owner.pronoun:
        return phrase(f"{mine[owner.en_person]}/*,o.#0", "").en
    return phrase("{o} 's/*", "", o=owner.stressed).en
