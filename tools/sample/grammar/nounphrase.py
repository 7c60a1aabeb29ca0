"""Noun phrases: a determiner, perhaps an adjective, a noun, with agreement and word order."""

from grammar import english, french
from grammar.lexicon.people import Adjective
from grammar.lexicon.subjects import Subject
from grammar.lexicon.things import Noun
from grammar.phrase import Phrase, label, phrase
from grammar.spelling import starts_with_vowel

_PLURAL = frozenset("spq")
_BEFORE_VOWEL = {"beau": "bel", "nouveau": "nouvel", "vieux": "vieil"}
# Determiner -> English singular and plural, French masculine, feminine and plural.
_DETERMINERS = {
    "a": ("a", "", "un", "une", "des"),
    "s": ("", "", "", "", "des"),
    "m": ("", "", "de le", "de la", ""),
    "t": ("the", "the", "le", "la", "les"),
    "p": ("the", "the", "le", "la", "les"),
    "z": ("", "", "le", "la", "les"),
    "i": ("this", "these", "ce", "cette", "ces"),
}


def noun_phrase(
    noun: Noun,
    determiner: str,
    owner: Subject | None = None,
    adjective: Adjective | None = None,
    negated: bool = False,
) -> Phrase:
    """`my new car` and `ma nouvelle voiture`; the letters of determiners stand in `actions`.

    Under a negation `un`, `des` and `du` become `de`: pass `negated`.
    """
    plural = determiner in _PLURAL or "p" in noun.gender
    en_word = (
        english.plural(noun.en) if determiner in _PLURAL and "p" not in noun.gender else noun.en
    )
    fr_word = french.plural(noun.fr) if plural and "p" not in noun.gender else noun.fr
    en_det, fr_det = _determiners(determiner, owner, noun.feminine, plural)
    early = adjective is not None and adjective.before_noun
    if determiner in "asm" and (negated or (fr_det == "des" and early)):
        fr_det = "de"
    fr_key = "d" if en_det else "n"
    en = [label(en_det, "d"), label(adjective.en, "a") if adjective else "", label(en_word, "n")]
    fr = [label(fr_det, fr_key), label(fr_word, "n")]
    if adjective:
        form = adjective.french(noun.feminine, plural)
        if early and not plural and starts_with_vowel(fr_word):
            form = _BEFORE_VOWEL.get(form, form)
        fr.insert(1 if early else 2, label(form, "a"))
    return phrase(" ".join(en), " ".join(fr))


def _determiners(
    letter: str, owner: Subject | None, feminine: bool, plural: bool
) -> tuple[str, str]:
    """The English and the French determiner of a letter."""
    if letter in "oq":
        if owner is None:
            raise ValueError("a possessive needs an owner")
        return owner.en_own, owner.fr_own[2 if plural else feminine]
    row = _DETERMINERS[letter]
    return row[plural], row[4] if plural else row[2 + feminine]
