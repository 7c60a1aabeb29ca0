"""Where, when, how often, with whom."""

from grammar.phrase import Phrase, phrase
from grammar.table import rows


def phrases(table: str) -> tuple[Phrase, ...]:
    """The aligned phrases of a table of two columns."""
    return tuple(phrase(en, fr) for en, fr in rows(table))


# By kind: h at home, k for a cook, e for a meal, b for work and study, p public, o outdoors,
# s on the way, r in the water, t travelling, c towns and countries, w at somebody's.
PLACES = {
    "h": phrases("""
        in the kitchen | dans la cuisine
        in the garden | dans le jardin
        at/a home/h | à/a la/h maison/h
        in the living/l room/l | dans le salon/l
        near/n the/t window/w | près/n de/n la/t fenêtre/w
    """),
    "k": phrases("""
        in the kitchen | dans la cuisine
        at/a home/h | à/a la/h maison/h
    """),
    "e": phrases("""
        at the restaurant | à le restaurant
        at/a home/h | à/a la/h maison/h
        in the dining/l room/l | dans la salle/l à/l manger/l
        in the garden | dans le jardin
        in the kitchen | dans la cuisine
        at the café | à le café
    """),
    "b": phrases("""
        at/a school/s | à/a la/s école/s
        at the library | à la bibliothèque
        at/a home/h | à/a la/h maison/h
        at the office | à le bureau
    """),
    "p": phrases("""
        at the restaurant | à le restaurant
        at the station | à la gare
        at the market | à le marché
        at the hospital | à le hôpital
        at the airport | à le aéroport
        in/i town/t | en/i ville/t
        in the waiting/w room/w | dans la salle/w de/w attente/w
        at the bank | à la banque
    """),
    "o": phrases("""
        in the park | dans le parc
        in the street | dans la rue
        on the beach | sur la plage
        in the forest | dans la forêt
        under the trees | sous les arbres
        in/i the/c country/c | à/i la/c campagne/c
    """),
    "s": phrases("""
        in the street | dans la rue
        on the stairs | dans les escaliers
        on the bridge | sur le pont
        along/a the/t river/r | le/a long/a de/a la/t rivière/r
    """),
    "r": phrases("""
        in the lake | dans le lac
        in the sea | dans la mer
        in the river | dans la rivière
        at the swimming/p pool/p | à la piscine/p
    """),
    "t": phrases("""
        on the train | dans le train
        on the bus | dans le bus
        on the plane | dans le avion
        in the car | dans la voiture
    """),
    "c": phrases("""
        in Paris | à Paris
        in France | en France
        in London | à Londres
        in/i Canada/c | à/i le/c Canada/c
        in Italy | en Italie
        in Lyon | à Lyon
        in/i Japan/j | à/i le/j Japon/j
        in Spain | en Espagne
        in/i the/t United/u States/u | à/i les/t États-Unis/u
        abroad/a | à/a le/a étranger/a
    """),
    "w": phrases("""
        at/a my/m parents/p '/- house/a | chez/a mes/m parents/p
        at/a my/m uncle/o 's/a house/a | chez/a mon/m oncle/o
        at/a her/h sister/s 's/a house/a | chez/a sa/h sœur/s
        at/a my/m place/a | chez/a moi/m
        at/a their/t place/a | chez/a eux/t
        at/a our/u place/a | chez/a nous/u
    """),
}

NOW = phrases("""
    now/n | en/n ce/n moment/n
    this morning | ce matin
    today | aujourd'hui
    tonight/t | ce/t soir/t
    this afternoon | cet après-midi
    at/r the/r moment/r | en/r ce/r moment/r
""")
PAST = phrases("""
    yesterday | hier
    this morning | ce matin
    last/l week/w | la/w semaine/w dernière/l
    yesterday evening | hier soir
    last/l year/y | le/y année/y dernière/l
    on/m Monday/m | lundi/m
    last/l month/m | le/m mois/m dernier/l
    two/n days/d ago/a | il/a y/a a/a deux/n jours/d
    last/l summer/s | le/s été/s dernier/l
    a/n week/w ago/a | il/a y/a a/a une/n semaine/w
    yesterday morning | hier matin
    on/s Saturday/s | samedi/s
""")
FUTURE = phrases("""
    tomorrow | demain
    tonight/t | ce/t soir/t
    next/n week/w | la/w semaine/w prochaine/n
    tomorrow morning | demain matin
    this evening | ce soir
    on/s Sunday/s | dimanche/s
    next/n month/m | le/m mois/m prochain/n
    this summer | cet été
    next/n year/y | le/y année/y prochaine/n
    in/i five/n minutes/m | dans/i cinq/n minutes/m
    soon/s | bientôt/s
    in/i an/n hour/h | dans/i une/n heure/h
    on/f Friday/f | vendredi/f
""")
HABIT = phrases("""
    every/e day/d | tous/e les/e jours/d
    every/e morning/m | tous/e les/e matins/m
    on/s Sundays/s | le/s dimanche/s
    every/e evening/v | tous/e les/e soirs/v
    in/i summer/s | en/i été/s
    in/i winter/w | en/i hiver/w
    in/i the/i evening/e | le/i soir/e
    on/s Saturdays/s | le/s samedi/s
    every/e week/w | toutes/e les/e semaines/w
    from/f time/t to/f time/t | de/f temps/t en/f temps/t
    twice/t a/a week/w | deux/t fois/t par/a semaine/w
""")
NUMBERS = tuple(
    tuple(row)
    for row in rows("""
    five | cinq
    two | deux
    three | trois
    ten | dix
    four | quatre
    six | six
    seven | sept
    eight | huit
    twelve | douze
    fifteen | quinze
    twenty | vingt
    nine | neuf
    thirty | trente
    """)
)
