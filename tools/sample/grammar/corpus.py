"""The whole corpus: all patterns, spelled, each pair once, sorted as the upstream files are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grammar.choice import draw
from grammar.patterns import (
    asking,
    being,
    comparing,
    doing,
    extending,
    extent,
    having,
    linking,
    meeting,
    places,
    things,
    working,
)
from grammar.sentence import Sentence
from grammar.spelling import NARROW_SPACE, spell

PATTERNS: dict[str, Callable[[], Iterator[Sentence]]] = {
    "age difference": comparing.age_difference,
    "quality": being.quality,
    "state": being.state,
    "location": being.location,
    "extent": extent.extent,
    "feeling": extent.feeling,
    "full of": extent.full_of,
    "comparison": comparing.comparison,
    "age": comparing.age,
    "profession": working.profession,
    "talent": working.talent,
    "sensation": having.sensation,
    "fear": having.fear,
    "fear of things": having.fear_of_things,
    "possession": having.possession,
    "progressive": doing.progressive,
    "near future": doing.near_future,
    "past": doing.past,
    "habit": doing.habit,
    "wish": doing.wish,
    "description": things.description,
    "fit": things.fit,
    "comparison of things": things.thing_comparison,
    "existence": places.existence,
    "whereabouts": places.whereabouts,
    "belonging": places.belonging,
    "contact": meeting.contact,
    "transfer": meeting.transfer,
    "order": asking.order,
    "yes or no": asking.yes_or_no,
    "open question": asking.open_question,
    "thought": linking.thought,
    "reason": linking.reason,
    "relative": extending.relative,
    "duration": extending.duration,
    "condition": extending.condition,
}


@dataclass(frozen=True)
class Pair:
    """A pair of sentences; `links` are token indexes after `spelling.normalise`."""

    eng: str
    fra: str
    links: list[tuple[int, int]]
    group: str
    pattern: str


def pairs() -> list[Pair]:
    """The corpus, sorted by the length of the English sentence, then by both sentences.

    A pair that two patterns make belongs to the first one.
    """
    found: dict[tuple[str, str], Pair] = {}
    for name, pattern in PATTERNS.items():
        for sentence in pattern():
            eng, fra, _ = spell(sentence.phrase, "")
            space = " " if draw(eng + fra) % 5 == 0 else NARROW_SPACE  # upstream has both
            eng, fra, links = spell(sentence.phrase, space)
            found.setdefault((eng, fra), Pair(eng, fra, links, sentence.group, name))
    return sorted(found.values(), key=lambda pair: (len(pair.eng), pair.eng, pair.fra))
