"""Complements written in tables: `to get up = se lever`, with what agrees with the subject."""

from grammar.lexicon.people import adjective
from grammar.lexicon.subjects import Subject
from grammar.phrase import Phrase, phrase

_ALONE = adjective("alone", "seul")


def complement(cell: str, who: Subject) -> Phrase:
    """The phrase of `English = French` as said of `who`.

    `own`, `son`, `sa` and `ses` become the possessive of the subject, `se` its pronoun, and
    `seul` agrees with it.
    """
    en, fr = cell.split("=")
    alone = _ALONE.french(who.feminine, who.plural)
    of_subject = dict(zip(("son", "sa", "ses"), who.fr_own)) | {"se": who.reflexive, "seul": alone}
    return phrase(_replaced(en, {"own": who.en_own}), _replaced(fr, of_subject))


def _replaced(template: str, replacements: dict[str, str]) -> str:
    """The template with words replaced, whatever keys they carry."""
    words = [word.partition("/") for word in template.split()]
    return " ".join(replacements.get(text, text) + slash + keys for text, slash, keys in words)


def cells(cell: str) -> list[str]:
    """The entries of a table cell."""
    return [entry.strip() for entry in cell.split(",") if entry.strip()]


def gist(cell: str) -> str:
    """The English words of an entry without their keys, to name a group by."""
    return " ".join(word.partition("/")[0] for word in cell.partition("=")[0].split())
