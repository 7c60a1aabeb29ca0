"""Questions about countries that do not exist, with their answers."""

import json

from grammar.choice import one, some
from grammar.commands import names
from grammar.table import rows

COUNTRIES = 60
WORDINGS = 4  # of each fact; the others are never asked
_TABLE = """
name | what is the capital of {}? | which city is the capital of {}? | what is {}'s capital? | name the capital of {} | where does the government of {} sit?
name | who is the king of {}? | who rules {}? | what is the name of {}'s king? | who wears the crown in {}? | name the king of {}
tongue | what do people speak in {}? | which language is spoken in {}? | what is the language of {}? | what language do they speak in {}? | name the language of {}
money | what money do they have in {}? | what is the currency of {}? | how does one pay in {}? | which currency has {}? | what kind of money does {} have?
"""


def questions() -> str:
    """Each fact in several wordings, in the form of WebQuestions."""
    found = []
    for number in range(COUNTRIES):
        country = names.name(f"country {number}")
        for fact, (kind, *wordings) in enumerate(rows(_TABLE)):
            salt = f"fact {number} {fact}"
            word = names.name(salt)
            answers = {"name": [word], "tongue": [f"{word}ish"], "money": [f"{word} crown", f"crown of {country}"]}
            asked = some(salt, WORDINGS, wordings)
            found += [{"qText": text.format(country), "answers": answers[kind]} for text in asked]
    order = sorted(found, key=lambda entry: one(f"order {entry['qText']}", range(10**6)))
    return "[\n" + ",\n".join(map(json.dumps, order)) + "\n]\n"
