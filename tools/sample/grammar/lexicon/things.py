"""Things and what can be said of them.

Kinds: r reading matter, m film or music, c clothes, w other things worn, f food in pieces, g other
food, d drink, v vehicle or machine, h house or place, t object, e umbrella, y key, k container,
p something to look at, b public transport, a animal, n nothing of these. An adjective goes with
the kinds it names.
"""

from dataclasses import dataclass

from grammar.lexicon.people import Adjective, adjective
from grammar.table import rows


@dataclass(frozen=True)
class Noun:
    """A noun: `gender` m or f, with p where it is used in the plural only."""

    en: str
    fr: str
    gender: str
    kinds: str

    @property
    def feminine(self) -> bool:
        return "f" in self.gender


def _nouns(table: str) -> dict[str, Noun]:
    """Nouns by their English word."""
    return {row[0]: Noun(*row) for row in rows(table)}


THINGS = _nouns("""
    book | livre | m | r
    letter | lettre | f | r
    newspaper | journal | m | r
    dictionary | dictionnaire | m | r
    novel | roman | m | r
    message | message | m | r
    story | histoire | f | r
    film | film | m | m
    song | chanson | f | m
    music | musique | f | n
    dress | robe | f | c
    shirt | chemise | f | c
    coat | manteau | m | c
    tie | cravate | f | w
    shoes | chaussures | fp | c
    glasses | lunettes | fp | w
    apple | pomme | f | f
    cake | gâteau | m | f
    bread | pain | m | g
    soup | soupe | f | g
    cheese | fromage | m | g
    meat | viande | f | g
    fish | poisson | m | g
    egg | œuf | m | f
    salad | salade | f | f
    chocolate | chocolat | m | g
    coffee | café | m | d
    tea | thé | m | d
    water | eau | f | d
    milk | lait | m | d
    beer | bière | f | d
    wine | vin | m | d
    car | voiture | f | v
    bicycle | vélo | m | v
    computer | ordinateur | m | v
    phone | téléphone | m | v
    watch | montre | f | w
    house | maison | f | h
    room | chambre | f | h
    flat | appartement | m | h
    kitchen | cuisine | f | h
    garden | jardin | m | h
    school | école | f | h
    hotel | hôtel | m | h
    museum | musée | m | h
    church | église | f | h
    table | table | f | t
    chair | chaise | f | t
    bag | sac | m | tk
    key | clé | f | y
    door | porte | f | t
    window | fenêtre | f | t
    box | boîte | f | tk
    suitcase | valise | f | tk
    knife | couteau | m | t
    umbrella | parapluie | m | e
    bottle | bouteille | f | tk
    photo | photo | f | p
    gift | cadeau | m | p
    flower | fleur | f | p
    tree | arbre | m | p
    piano | piano | m | n
    guitar | guitare | f | n
    dog | chien | m | a
    cat | chat | m | a
    horse | cheval | m | a
    bird | oiseau | m | a
    question | question | f | n
    answer | réponse | f | n
    truth | vérité | f | n
    money | argent | m | n
    work | travail | m | n
    homework | devoirs | mp | n
    lesson | leçon | f | n
    exercise | exercice | m | n
    problem | problème | m | n
    word | mot | m | n
    dinner | dîner | m | n
    breakfast | petit déjeuner | m | n
    shopping | courses | fp | n
    dishes | vaisselle | f | n
    French | français | m | n
    English | anglais | m | n
    Japanese | japonais | m | n
    tennis | tennis | m | n
    football | football | m | n
    chess | échecs | mp | n
    history | histoire | f | n
    bus | bus | m | b
    train | train | m | b
    taxi | taxi | m | b
    bill | addition | f | n
    hands | mains | fp | n
""")

THING_ADJECTIVES: tuple[Adjective, ...] = tuple(
    adjective(en, fr, place == "before", kinds)
    for en, fr, place, kinds in rows("""
    new | nouveau nouvelle | before | rmcwvhtey
    old | vieux vieille | before | rmcwvhtaeky
    big | gros grosse | before | fa
    big | grand | before | ht
    small | petit | before | vhtafey
    good | bon bonne | before | rmfgd
    red | rouge | after | cwve
    beautiful | beau belle | before | mcwhtap
    expensive | cher chère | after | cwve
    white | blanc blanche | after | ca
    black | noir | after | cwvae
    interesting | intéressant | after | rm
    hot | chaud | after | d
    cold | froid | after | d
    blue | bleu | after | cwve
    long | long longue | before | rm
    green | vert | after | cwve
    boring | ennuyeux ennuyeuse | after | rm
    heavy | lourd | after | k
    quiet | calme | after | h
    fast | rapide | after | vb
    dirty | sale | after | c
    warm | chaud | after | c
    French | français française | after | rm
    delicious | délicieux délicieuse | after | fg
    grey | gris | after | cwvae
    modern | moderne | after | vh
    difficult | difficile | after | r
    dark | sombre | after | h
    empty | vide | after | k
    full | plein | after | k
    comfortable | confortable | after | chb
    clean | propre | after | ch
""")
)

# Adjectives that tell one thing from another, to go with nouns; others only come after `is`.
# Those that judge are left out where the noun is denied: nobody fails to see a boring film.
NEUTRAL = frozenset(
    "new old big small red white black hot cold blue green heavy grey French".split()
)
TELLING = NEUTRAL | {"good", "beautiful", "interesting", "boring", "delicious"}


def adjectives_for(noun: Noun) -> list[Adjective]:
    """The adjectives that go with the noun."""
    return [entry for entry in THING_ADJECTIVES if set(entry.kinds) & set(noun.kinds)]


def telling(noun: Noun, negated: bool = False) -> list[Adjective]:
    """The adjectives to put beside the noun as an object."""
    wanted = NEUTRAL if negated else TELLING
    return [entry for entry in adjectives_for(noun) if entry.en in wanted]
