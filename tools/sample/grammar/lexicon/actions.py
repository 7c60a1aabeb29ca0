"""What people do: verbs with the objects and the places that make sense with them.

Objects are English words of `things.THINGS`, each with letters for its determiners: a (a), t (the),
i (this), o (one's own), s (some, plural), p (the, plural), m (a mass: du, de la), q (one's own,
plural), z (no article in English, le or la in French). Places are letters of
`circumstances.PLACES`.
"""

from dataclasses import dataclass

from grammar.english import EnglishVerb, english_verb
from grammar.french import FrenchVerb, french_verb
from grammar.lexicon.things import THINGS, Noun
from grammar.table import rows


@dataclass(frozen=True)
class Verb:
    """A verb in both languages; `particle` is the preposition before its French object."""

    en: EnglishVerb
    fr: FrenchVerb
    particle: str = ""


@dataclass(frozen=True)
class Action:
    """A verb, what it is done to (None for nothing), with which determiners, and where."""

    verb: Verb
    noun: Noun | None
    determiners: str
    places: str

    @property
    def momentary(self) -> bool:
        """Whether it is over as soon as it happens: nobody is losing a key or likes to."""
        return self.verb.en.base in _MOMENTARY

    @property
    def everyday(self) -> bool:
        """Whether people do it again and again."""
        return not self.momentary and self.verb.en.base not in _RARE

    @property
    def key(self) -> str:
        return f"{self.verb.en.base} {self.noun.en}" if self.noun else self.verb.en.base


_MOMENTARY = frozenset({"lose", "find", "forget", "understand", "fall", "arrive", "choose", "pay"})
_RARE = frozenset({"sell", "repair", "finish", "stay at home", "leave", "buy", "paint", "visit",
                   "carry", "look for", "cry"})


def verb(en: str, fr: str) -> Verb:
    """A verb from its cells: `look + at | regarder`, `play | jouer + de`."""
    infinitive, _, particle = fr.partition("+")
    return Verb(english_verb(en), french_verb(infinitive.strip()), particle.strip())


def _actions(table: str) -> tuple[Action, ...]:
    """The actions of the rows, taken in turns: the first object of each verb before the second."""
    by_verb = []
    for en, fr, objects, places in rows(table):
        found = [cell.strip().rpartition(":") for cell in objects.split(",")]
        by_verb.append([
            Action(verb(en, fr), THINGS[noun] if noun else None, letters, places)
            for noun, _, letters in found
        ])
    longest = max(map(len, by_verb))
    return tuple(actions[k] for k in range(longest) for actions in by_verb if k < len(actions))


ACTIONS = _actions("""
    read read | lire | book:atio, letter:atio, newspaper:t, novel:aio, story:ati, message:tio | hbt
    write wrote written | écrire | letter:aots, book:aio, song:aits, novel:aio, story:ai | hbt
    eat ate eaten | manger | apple:as, bread:m, cake:ati, soup:mtio, fish:m, cheese:m, salad:a, egg:s, meat:m | ew
    drink drank drunk | boire | coffee:mo, tea:m, water:m, milk:mo, beer:am, wine:m | ew
    buy bought | acheter | car:aio, dress:ati, shoes:s, house:ait, bread:m, flower:s, computer:ao, gift:as | c
    listen + to | écouter | music:m, song:atip | htw
    watch | regarder | film:ati, photo:po, bird:p, train:p |
    look + for | chercher | key:top, glasses:o, phone:o, umbrella:o, dog:oa, flat:a, hotel:a, work:m |
    wait + for | attendre | train:ti, bus:ti, taxi:a, answer:ato, letter:ao | p
    sell sold | vendre | car:oait, house:oit, flower:s, bicycle:oa, fish:m, newspaper:s, horse:oi |
    wear wore worn | porter | coat:ao, glasses:s, tie:ao, shirt:aio, watch:ao |
    wash | laver | car:ot, dishes:t, shirt:o, hands:o, window:p, dog:ot |
    clean | nettoyer | kitchen:to, house:to, room:o, shoes:o, table:t, window:p |
    prepare | préparer | dinner:z, breakfast:z, salad:a, coffee:mt, cake:at, lesson:ot | k
    do did done | faire | homework:o, shopping:t, exercise:ti, work:o, dishes:t |
    play | jouer + de | piano:t, guitar:t | hw
    play | jouer + à | football:z, tennis:z, chess:z | o
    learn | apprendre | French:z, lesson:ot, Japanese:z, song:ati, word:pi, English:z | b
    study | étudier | English:z, history:z, French:z | bc
    open | ouvrir | door:tp, window:tp, letter:ti, box:it, bottle:ai, suitcase:o, gift:oi |
    close | fermer | door:tp, window:tp, suitcase:o, bag:ot |
    paint | peindre | house:ot, door:ti, flower:s, room:o, horse:as |
    take took taken | prendre | bus:t, train:t, taxi:a, photo:as, umbrella:oa |
    have had | prendre | breakfast:z | e
    carry | porter | suitcase:oait, bag:aoi, box:ait, chair:at | s
    repair | réparer | car:otia, bicycle:oti, watch:oi, computer:ot, door:t |
    visit | visiter | museum:tai, church:ti, flat:ai, school:ti, house:ai |
    sing sang sung | chanter | song:atis | hot
    look + at | regarder | photo:pio, flower:p, bill:t, watch:o | h
    sleep slept | dormir | | htw
    work | travailler | | bpc
    dance | danser | | hoe
    cry | pleurer | | ho
    laugh | rire | | ho
    run ran run | courir | | so
    walk | marcher | | so
    swim swam swum | nager | | r
    travel | voyager | | c
    wait | attendre | | po
    have had + lunch | déjeuner | | ew
    drive drove driven | conduire | car:oat, taxi:a, bus:t | c
    lose lost | perdre | key:oq, phone:o, umbrella:o, watch:o, glasses:o, money:o | p
    find found | trouver | key:to, answer:t, money:m, hotel:a, flat:a, cat:ot, work:m |
    forget forgot forgotten | oublier | key:oq, umbrella:o, bag:o, word:t, question:t | pt
    understand understood | comprendre | question:ti, lesson:ti, word:ti, problem:tio, story:ti |
    answer | répondre + à | question:tio, letter:tio, message:to |
    finish | finir | work:o, book:oi, homework:o, letter:oit, exercise:ti, lesson:t, dinner:o |
    choose chose chosen | choisir | dress:ai, gift:a, book:ai, hotel:ai, dog:a, photo:ai |
    pay paid | payer | bill:t, taxi:t, dinner:t |
    rest | se reposer | | how
    get got + up | se lever | |
    go went gone + to bed | se coucher | |
    take took taken + a walk | se promener | | os
    leave left | partir | |
    arrive | arriver | | p
    come came come + back | revenir | |
    stay + at home | rester + à la maison | |
    go went gone + out | sortir | |
    fall fell fallen | tomber | | s
""")

# What is handed, shown or told to somebody.
TRANSFERS = _actions("""
    give gave given | donner | gift:a, answer:oti, book:oia, money:mo, flower:s, phone:o, key:tq |
    show showed shown | montrer | photo:poit, room:o, house:o, letter:ti, garden:o |
    lend lent | prêter | car:o, bicycle:o, umbrella:oia, money:m, book:oia, dictionary:o |
    tell told | raconter | story:atoi |
    send sent | envoyer | letter:at, photo:spi, message:a, flower:s |
""")
