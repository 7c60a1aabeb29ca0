"""Who a sentence is about: pronouns, names, family and friends."""

from dataclasses import dataclass

from grammar.phrase import Phrase, phrase
from grammar.table import rows

# French possessives by possessor: masculine, feminine, plural.
FRENCH_OWN = (
    ("mon", "ma", "mes"), ("ton", "ta", "tes"), ("son", "sa", "ses"),
    ("notre", "notre", "nos"), ("votre", "votre", "vos"), ("leur", "leur", "leurs"),
)
REFLEXIVE = ("me", "te", "se", "nous", "vous", "se")


@dataclass(frozen=True)
class Subject:
    """A subject; persons count 0 to 5: I, you, he or she, we, you, they.

    `key` is shared by subjects that one of the languages does not tell apart (tu and vous).
    """

    key: str
    words: Phrase
    en_person: int
    fr_person: int
    feminine: bool
    plural: bool
    stressed: Phrase
    pronoun: bool

    @property
    def en_own(self) -> str:
        singular = "her" if self.feminine else "his"
        return ("my", "your", singular, "our", "your", "their")[self.en_person]

    @property
    def fr_own(self) -> tuple[str, str, str]:
        return FRENCH_OWN[3 if self.en_person == 3 else self.fr_person]

    @property
    def reflexive(self) -> str:
        return REFLEXIVE[self.fr_person]


def _pronoun(cells: list[str]) -> Subject:
    en, fr, persons, gender, stressed = cells
    number = "p" in gender
    return Subject(en.lower(), phrase(en, fr), int(persons[0]), int(persons[1]), "f" in gender,
                   number, phrase(*stressed.split()), True)


PRONOUNS = tuple(
    _pronoun(cells)
    for cells in rows("""
    I | je | 00 | m | me moi
    she | elle | 22 | f | her elle
    he | il | 22 | m | him lui
    they | ils | 55 | mp | them eux
    we | nous | 33 | mp | us nous
    you | tu | 11 | m | you toi
    you | vous | 14 | m | you vous
    they | elles | 55 | fp | them elles
    I | je | 00 | f | me moi
    you | tu | 11 | f | you toi
    we | on | 32 | mp | us nous
    you | vous | 14 | f | you vous
    you | vous | 14 | mp | you vous
""")
)
I, SHE, HE, THEY, WE, YOU, YOU_POLITE, THEY_WOMEN, I_WOMAN, YOU_WOMAN, ON, *_ = PRONOUNS


def subject(en: str, fr: str, gender: str) -> Subject:
    """A noun phrase as subject: `my sister | ma sœur | f`; p in the gender makes it a plural."""
    key = " ".join(word.partition("/")[0] for word in en.split())
    if key.startswith(("his ", "her ")):  # French does not tell them apart
        key = "his/her " + key[4:]
    words = phrase(en, fr)
    person = 5 if "p" in gender else 2
    return Subject(key, words, person, person, "f" in gender, "p" in gender, words, False)


PEOPLE = tuple(
    subject(*cells)
    for cells in rows("""
    Tom | Tom | m
    Mary | Marie | f
    my brother | mon frère | m
    my sister | ma sœur | f
    my father | mon père | m
    my mother | ma mère | f
    my parents | mes parents | mp
    Paul | Paul | m
    Julie | Julie | f
    our neighbour | notre voisin | m
    his son | son fils | m
    her son | son fils | m
    his daughter | sa fille | f
    her daughter | sa fille | f
    the children | les enfants | mp
    my friends | mes amis | mp
    my grandmother | ma grand-mère | f
    my wife | ma femme | f
    my husband | mon mari | m
    your brother | ton frère | m
    your brother | votre frère | m
    my boss | mon patron | m
    my uncle | mon oncle | m
    my aunt | ma tante | f
    his friend | son ami | m
    her friend | son amie | f
    your sister | ta sœur | f
    your sister | votre sœur | f
    their daughters | leurs filles | fp
    my cousins | mes cousins | mp
    this man | cet homme | m
    that woman | cette femme | f
    our grandfather | notre grand-père | m
    Tom/t 's/d sister/s | la/s sœur/s de/d Tom/t | f
    Mary/t 's/d brother/s | le/s frère/s de/d Marie/t | m
    this boy | ce garçon | m
    the little girl | la petite fille | f
    the/t new/n pupils/p | les/t nouveaux/n élèves/p | mp
    Emma | Emma | f
    Lucas | Lucas | m
""")
)
ANYONE = PRONOUNS[:11] + PEOPLE
MOSTLY_PRONOUNS = PRONOUNS + PEOPLE[:6]
# In the tenses of one word, so that rare forms (`vous peigniez`) stay out of a small vocabulary.
THIRD_PERSONS = tuple(who for who in ANYONE if who.fr_person in (0, 2, 5))
PEERS = PRONOUNS + tuple(
    who for who in PEOPLE
    if who.key in {"Tom", "Mary", "my brother", "my sister", "Paul", "Julie", "our neighbour",
                   "my wife", "my husband", "my cousins", "your brother", "your sister", "my boss"}
)


def others_than(who: Subject, pool: tuple[Subject, ...]) -> list[Subject]:
    """The subjects that are somebody else: not `I` beside `we`, nor `he` beside `he`."""
    sides = {0: "us", 3: "us", 1: "you", 4: "you"}
    mine = sides.get(who.en_person, who.key)
    return [other for other in pool if sides.get(other.en_person, other.key) != mine]
