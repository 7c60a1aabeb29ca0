"""What things are like and how they compare."""

from collections.abc import Iterator

from grammar.choice import combinations, one
from grammar.lexicon.circumstances import phrases
from grammar.lexicon.people import Adjective
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, PRONOUNS, Subject
from grammar.lexicon.things import THINGS, Noun, adjectives_for
from grammar.nounphrase import noun_phrase
from grammar.phrase import EMPTY, Phrase, label, phrase
from grammar.sentence import Sentence, say

_DESCRIBED = [
    (noun, adjective)
    for noun in THINGS.values()
    for adjective in adjectives_for(noun)
    if adjective.en not in ("French", "young", "new")  # a thing is `neuf`, but a new one `nouveau`
]
_DEGREES = (EMPTY, EMPTY, *phrases("""
    too | trop
    very | très
    really | vraiment
    so | si
    rather | plutôt
"""))
_FOR_SOMEBODY = frozenset({"small", "expensive", "big", "fast", "modern", "heavy", "warm"})
_COLOURS = frozenset({"red", "white", "black", "blue", "green", "grey", "empty", "French"})
_COMPARABLE = _FOR_SOMEBODY | {"old", "long", "interesting", "beautiful", "comfortable", "useful",
                               "difficult", "boring", "quiet", "simple", "clean"}


def _be(noun: Noun, negated: bool = False) -> tuple[str, str]:
    """The verb with the noun as its subject."""
    en, fr = ("are", "sont") if "p" in noun.gender else ("is", "est")
    return (f"{en}n/b 't/x", f"ne/x {fr}/b pas/x") if negated else (f"{en}/b", f"{fr}/b")


def _form(noun: Noun, what: Adjective) -> Phrase:
    return what.phrase(noun.feminine, "p" in noun.gender)


def _ownable(who: Subject, noun: Noun) -> bool:
    """Whether it is natural to call the thing his."""
    if noun.en in ("museum", "church", "hotel", "train", "bus", "taxi"):
        return False
    return noun.en != "dress" or who.feminine or who.en_person != 2


def _owned_by(who: Subject, noun: Noun) -> str:
    """Names the combination; French does not tell his from her."""
    owner = "his/her" if who.en_person == 2 else who.en_own
    return f"{owner} {noun.en}"


def description() -> Iterator[Sentence]:
    """My new car is too expensive. This soup isn't very hot. The museum is beautiful."""
    for who, (noun, what) in combinations("describe", 110, PRONOUNS[:8], _DESCRIBED):
        (be, est), a, salt = _be(noun), _form(noun, what), f"{who.key} {noun.en} {what.en}"
        degrees = (EMPTY,) if what.en in _COLOURS else _DEGREES
        affirmed = one(salt + "letter", "oit" if _ownable(who, noun) else "it")
        named = {"o": f"{_owned_by(who, noun)}|{what.en}"}
        group = named.get(affirmed, f"{noun.en}|{what.en}")
        n = noun_phrase(noun, affirmed, who)
        yield say(group, f"{{n}} {be} {{d}} {{a}} .", f"{{n}} {est} {{d}} {{a}} .",
                  n=n, d=one(salt, degrees), a=a)
        is_not, est_pas = _be(noun, negated=True)
        yield say(group, f"{{n}} {is_not} {{d}} {{a}} .", f"{{n}} {est_pas} {{d}} {{a}} .",
                  n=n, d=one(salt, degrees[:5]), a=a)
        if one(salt + "ask", (True, False)):
            opened = f"est-ce/q que/q {{n}} {est} {{a}} ?"
            yield say(group, f"{be},q {{n}} {{a}} ?", opened, n=n, a=a)


def fit() -> Iterator[Sentence]:
    """This coat is too small for me. Your bag isn't heavy enough for Tom."""
    pairs = [(noun, what) for noun, what in _DESCRIBED
             if what.en in _FOR_SOMEBODY and set(noun.kinds) & set("cwvhtk")]
    for (noun, what), other in combinations("fit", 40, pairs, MOSTLY_PRONOUNS[:14]):
        (be, est), group = _be(noun), f"{noun.en}|{what.en}|for {other.key}"
        n, a, o = noun_phrase(noun, one(group, "it")), _form(noun, what), other.stressed
        degree = one(group, phrases("too | trop\nfar/f too/t | beaucoup/f trop/t"))
        yield say(group, f"{{n}} {be} {{d}} {{a}} for {{o}} .",
                  f"{{n}} {est} {{d}} {{a}} pour {{o}} .", n=n, a=a, o=o, d=degree)
        yield say(group, f"{be} {{n}} too {{a}} for {{o}} ?",
                  f"{{n}} {est} trop {{a}} pour {{o}} ?", n=n, a=a, o=o)


def thing_comparison() -> Iterator[Sentence]:
    """This car is more expensive than that one. Her house is smaller than mine."""
    pairs = [(noun, what) for noun, what in _DESCRIBED
             if what.en in _COMPARABLE and "p" not in noun.gender]
    for (noun, what), who in combinations("compare things", 55, pairs, PRONOUNS[:7]):
        if not _ownable(who, noun):
            continue
        form = _form(noun, what)
        adverb, _, _ = what.comparative.rpartition(" ")
        short = phrase(what.comparative + "/c", f"plus/c {form.fr[0].text}/c")
        comparing = phrase("more {a}", "plus {a}", a=form) if adverb else short
        that = "celle-là/t" if noun.feminine else "celui-là/t"
        yield say(f"this {noun.en}|{what.en}", "{n} is {c} than that/t one/t .",
                  f"{{n}} est {{c}} que {that} .", n=noun_phrase(noun, "i"), c=comparing)
        en, masculine, feminine = _MINE[who.en_person == 0]
        yield say(f"{_owned_by(who, noun)}|{what.en}", f"{{n}} is {{c}} than {en}/m .",
                  f"{{n}} est {{c}} que {label(feminine if noun.feminine else masculine, 'm')} .",
                  n=noun_phrase(noun, "o", who), c=comparing)


_MINE = (("mine", "le mien", "la mienne"), ("yours", "le tien", "la tienne"))
