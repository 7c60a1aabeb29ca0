"""Pairs of English words with a score for how alike they are, to test word vectors on.

The score is what the lexicon says: 2 for words of one kind (two drinks, two trades), 1 for other
words of one part of speech, 0 for the rest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from grammar.choice import some
from grammar.lexicon.actions import ACTIONS
from grammar.lexicon.people import PROFESSIONS, QUALITIES, STATES
from grammar.lexicon.things import THINGS

PAIRS = 60  # of each score
RAREST = 3  # occurrences in the sentences; the default of `min_count` is 5, so some stay unknown
_OF_THINGS = {"read": "r", "worn": "cw", "eaten": "fg", "drunk": "d", "lived in": "h", "animal": "a"}
_NAMED = {
    ("noun", "relative"): "brother sister mother father son daughter wife husband uncle cousin",
    ("noun", "time"): "morning afternoon evening night week month year day hour",
    ("number", "number"): "two three four five six seven eight nine ten twelve fifteen twenty",
    ("name", "person"): "mary tom julie paul emma",
    ("name", "place"): "paris lyon london france italy spain japan canada",
    ("name", "day"): "monday friday saturday sunday",
    ("adjective", "colour"): "red white black blue green grey",
}


class Word(NamedTuple):
    """A word with its part of speech and its kind."""

    text: str
    part: str
    kind: str


def scored_pairs(sentences: Iterable[str]) -> list[tuple[str, str, int]]:
    """Pairs of words of the sentences with their scores, in the order of the alphabet."""
    counts = Counter(word for text in sentences for word in text.lower().strip(".?!").split())
    words = sorted(word for word in _words() if counts[word.text] >= RAREST)
    by_score: dict[int, list[tuple[str, str, int]]] = {0: [], 1: [], 2: []}
    for first, second in combinations(words, 2):
        if first.text != second.text:
            score = (first.part == second.part) + (first[1:] == second[1:])
            by_score[score].append((first.text, second.text, score))
    chosen = (some(f"similarity {score}", PAIRS, pairs) for score, pairs in by_score.items())
    return sorted(pair for pairs in chosen for pair in pairs)


def _words() -> Iterator[Word]:
    """Every word once, under the first of its kinds; none that is of two parts of speech."""
    claimed = list(_claimed())
    parts = {text: {word.part for word in claimed if word.text == text} for text, *_ in claimed}
    seen: set[str] = set()
    for word in claimed:
        if word.text.isalpha() and word.text not in seen and len(parts[word.text]) == 1:
            seen.add(word.text)
            yield word


def _claimed() -> Iterator[Word]:
    for (part, kind), texts in _NAMED.items():
        yield from (Word(text, part, kind) for text in texts.split())
    for kind, letters in _OF_THINGS.items():
        found = (noun for noun in THINGS.values() if set(noun.kinds) & set(letters))
        yield from (Word(noun.en, "noun", kind) for noun in found)
    yield from (Word(trade.en, "noun", "trade") for trade in PROFESSIONS)
    yield from (Word(quality.en, "adjective", "quality") for quality in QUALITIES)
    yield from (Word(state.en, "adjective", "state") for state in STATES)
    # Other things, and verbs, are of no kind but their own.
    yield from (Word(noun.en.lower(), "noun", noun.en) for noun in THINGS.values())
    verbs = (action.verb.en.base for action in ACTIONS)
    yield from (Word(verb, "verb", verb) for verb in verbs)
