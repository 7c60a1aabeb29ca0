"""What people are like and what they do for a living."""

from dataclasses import dataclass

from grammar import french
from grammar.english import comparative
from grammar.phrase import Phrase, phrase
from grammar.table import rows


@dataclass(frozen=True)
class Adjective:
    """An adjective; `fr` holds the four French forms: m, f, m plural, f plural."""

    en: str
    fr: tuple[str, str, str, str]
    before_noun: bool = False
    kinds: str = ""

    @property
    def comparative(self) -> str:
        return comparative(self.en)

    def french(self, feminine: bool, plural: bool) -> str:
        return self.fr[feminine + 2 * plural]

    def phrase(self, feminine: bool, plural: bool) -> Phrase:
        return phrase(self.en, self.french(feminine, plural))


@dataclass(frozen=True)
class Profession:
    """A trade: the French words for a man and a woman; `en_woman` where English has one."""

    en: str
    man: str
    woman: str
    en_woman: str = ""

    def english(self, feminine: bool) -> str:
        return feminine and self.en_woman or self.en

    def french(self, feminine: bool, plural: bool = False) -> str:
        word = self.woman if feminine else self.man
        return french.plural(word) if plural else word


def adjective(en: str, fr: str, before_noun: bool = False, kinds: str = "") -> Adjective:
    """An adjective from its cells: `grand`, `heureux heureuse`."""
    man, *rest = fr.split()
    woman = rest[0] if rest else french.feminine(man)
    forms = (man, woman, french.plural(man), french.plural(woman))
    return Adjective(en, forms, before_noun, kinds)


def _adjectives(table: str) -> tuple[Adjective, ...]:
    return tuple(adjective(en, fr) for en, fr in rows(table))


QUALITIES = _adjectives("""
    tall | grand
    short | petit
    young | jeune
    strong | fort
    rich | riche
    intelligent | intelligent
    patient | patient
    kind | gentil gentille
    shy | timide
    brave | courageux courageuse
    famous | célèbre
    lazy | paresseux paresseuse
    funny | drôle
    poor | pauvre
    serious | sérieux sérieuse
    honest | honnête
    polite | poli
    careful | prudent
    generous | généreux généreuse
    stubborn | têtu
    curious | curieux curieuse
    strict | sévère
    talkative | bavard
    calm | calme
    weak | faible
    selfish | égoïste
    cheerful | joyeux joyeuse
""")

STATES = _adjectives("""
    tired | fatigué
    happy | heureux heureuse
    sick | malade
    busy | occupé
    sad | triste
    ready | prêt
    alone | seul
    worried | inquiet inquiète
    nervous | nerveux nerveuse
    free | libre
    surprised | surpris surprise
    disappointed | déçu
    jealous | jaloux jalouse
    lost | perdu
    exhausted | épuisé
    satisfied | satisfait
    drunk | ivre
    injured | blessé
    impatient | impatient
    unhappy | malheureux malheureuse
    relieved | soulagé
    furious | furieux furieuse
""")

PROFESSIONS = tuple(
    Profession(*row)
    for row in rows("""
    doctor | médecin | médecin
    teacher | professeur | professeure
    director | directeur | directrice
    singer | chanteur | chanteuse
    student | étudiant | étudiante
    lawyer | avocat | avocate
    actor | acteur | actrice | actress
    cook | cuisinier | cuisinière
    nurse | infirmier | infirmière
    journalist | journaliste | journaliste
    musician | musicien | musicienne
    engineer | ingénieur | ingénieure
    baker | boulanger | boulangère
    dentist | dentiste | dentiste
    painter | peintre | peintre
    architect | architecte | architecte
    photographer | photographe | photographe
    dancer | danseur | danseuse
    gardener | jardinier | jardinière
    translator | traducteur | traductrice
    pianist | pianiste | pianiste
    farmer | agriculteur | agricultrice
    pilot | pilote | pilote
    vet | vétérinaire | vétérinaire
    waiter | serveur | serveuse | waitress
    secretary | secrétaire | secrétaire
""")
)

# Adjectives for a person of a trade: the French place decides about the word order.
TALENTED = tuple(
    adjective(en, fr, place == "before")
    for en, fr, place in rows("""
    young | jeune | before
    good | bon bonne | before
    old | vieux vieille | before
    French | français française | after
    excellent | excellent | before
    new | nouveau nouvelle | before
    famous | célèbre | after
    Italian | italien italienne | after
    great | grand | before
    English | anglais anglaise | after
    honest | honnête | after
    Canadian | canadien canadienne | after
""")
)

VIRTUES = tuple(
    (en, fr)
    for en, fr in rows("""
    talent | talent
    energy | énergie
    ideas | idées
    courage | courage
    hope | espoir
    humour | humour
    enthusiasm | enthousiasme
    imagination | imagination
    ambition | ambition
    charm | charme
    good will/will | bonne volonté/will
    curiosity | curiosité
    kindness | gentillesse
    wisdom | sagesse
""")
)
