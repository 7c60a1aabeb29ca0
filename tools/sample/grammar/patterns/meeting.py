"""People and each other: object pronouns and gifts."""

from collections.abc import Iterator

from grammar.choice import combinations, one, some
from grammar.clause import clause
from grammar.lexicon.actions import TRANSFERS, verb
from grammar.lexicon.circumstances import FUTURE, NOW, PAST
from grammar.lexicon.subjects import MOSTLY_PRONOUNS, THIRD_PERSONS
from grammar.lexicon.things import telling
from grammar.nounphrase import noun_phrase
from grammar.phrase import EMPTY
from grammar.sentence import Sentence, say
from grammar.table import rows

# English, French before a verb, French as `to ...`, person in English (own persons are left out)
_OBJECTS = (
    ("him", "le", "lui", 2), ("her", "la", "lui", 2), ("me", "me", "me", 0),
    ("us", "nous", "nous", 3), ("you", "te", "te", 1), ("them", "les", "leur", 5),
    ("you", "vous", "vous", 4),
)
_CONTACTS = [
    (verb(en, fr), [tense.strip() for tense in tenses.split(",")])
    for en, fr, tenses in rows("""
    look + for | chercher | progressive
    wait + for | attendre | progressive, near future
    know knew known | connaître | present
    help | aider | progressive, near future, present
    see saw seen | voir | past, present
    love | aimer | present
    look + at | regarder | progressive
    listen + to | écouter | progressive, present
    understand understood | comprendre | present, past
    hate | détester | present
    find found | trouver | near future
    forget forgot forgotten | oublier | near future
    believe | croire | present
    """)
]


def contact() -> Iterator[Sentence]:
    """I know him. She's waiting for us. We'll never forget you. They didn't see me."""
    times = {"present": (EMPTY,), "progressive": (EMPTY, *NOW), "past": (EMPTY, *PAST),
             "near future": (EMPTY, *FUTURE)}
    contacts = [(what, tense) for what, tenses in _CONTACTS for tense in tenses]
    people = (*THIRD_PERSONS[:8], *MOSTLY_PRONOUNS)
    for who, (what, tense), other in combinations("contact", 130, people, contacts, _OBJECTS):
        en, fr, _, person = other
        if {who.en_person, person} <= {0, 3} or {who.en_person, person} <= {1, 4}:
            continue
        if tense == "past" and fr in ("la", "les", "nous", "vous", "me", "te"):
            continue  # the participle would have to agree
        group = f"{who.key}|{what.en.base} {'him/her' if person == 2 else en}"
        forms = [("", "short"), ("", "long"), ("not", "short"), ("not", "long")]
        for form in some(group, 3, forms):
            time = one(f"{group} {form}", times[tense]) if not form[0] else EMPTY
            c = clause(who, what, tense, *form, (en, fr))
            yield say(group, "{c} {t} .", "{c} {t} .", c=c, t=time)


def transfer() -> Iterator[Sentence]:
    """I gave her a book. She is going to show us her new dress."""
    forms = [("past", ""), ("past", "not"), ("near future", ""), ("near future", "not")]
    for who, what, other in combinations("transfer", 75, MOSTLY_PRONOUNS, TRANSFERS, _OBJECTS):
        en, _, fr, person = other
        if {who.en_person, person} <= {0, 3} or {who.en_person, person} <= {1, 4}:
            continue
        group = f"{who.key}|{what.key}|{'him/her' if fr == 'lui' else en}"
        for form in some(group, 3, forms):
            salt = f"{group} {form}"
            letter = one(salt, what.determiners)
            denied = bool(form[1])
            adjective = one(salt, (None, *telling(what.noun, denied))) if letter in "ao" else None
            n = noun_phrase(what.noun, letter, who, adjective, denied)
            time = one(salt, (EMPTY, EMPTY, *(PAST if form[0] == "past" else FUTURE)))
            yield say(group, "{c} {n} {t} .", "{c} {n} {t} .", n=n, t=time,
                      c=clause(who, what.verb, *form, clitic=(en, fr)))
