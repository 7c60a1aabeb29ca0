"""What patterns yield: a phrase that is a whole sentence, and the combination that it shows."""

from dataclasses import dataclass

from grammar.lexicon.people import Adjective
from grammar.lexicon.subjects import Subject
from grammar.phrase import Phrase, phrase


@dataclass(frozen=True)
class Sentence:
    """A bilingual sentence; those of one group must stay together when a corpus is split."""

    group: str
    phrase: Phrase


def say(group: str, en: str, fr: str, **slots: Phrase) -> Sentence:
    """The sentence that the two templates spell; see `phrase`."""
    return Sentence(group, phrase(en, fr, **slots))


def agreeing(adjective: Adjective, subject: Subject) -> Phrase:
    """The adjective with the gender and number of the subject."""
    return adjective.phrase(subject.feminine, subject.plural)
