"""The sample's pairs of words: balanced, of its sentences, scored as the lexicon says."""

import re
from collections import Counter
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PAIRS = [
    (first, second, int(score))
    for first, second, score in (
        line.split("\t") for line in (SAMPLE / "similarity.eng.tsv").read_text().splitlines()
    )
]
KINDS = [
    "coffee tea water milk beer wine",
    "dog cat horse bird",
    "blue green grey black white red",
    "brother sister mother father son daughter wife husband",
    "two three four five six seven eight nine ten twelve fifteen twenty",
]


def test_each_score_has_as_many_pairs_and_no_pair_stands_twice():
    assert set(Counter(score for *_, score in PAIRS).values()) == {60}
    assert len({frozenset(pair) for *pair, _ in PAIRS}) == len(PAIRS)


def test_the_words_are_in_the_sentences_and_some_are_rare():
    text = (SAMPLE / "sentences.eng.txt").read_text().lower()
    counts = Counter(re.findall(r"[a-z]+", text))
    words = {word for *pair, _ in PAIRS for word in pair}
    assert min(counts[word] for word in words) >= 3
    assert 0.1 < sum(counts[word] < 5 for word in words) / len(words) < 0.6


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_one_kind_have_the_best_score(kind):
    alike = set(kind.split())
    scores = {score for first, second, score in PAIRS if {first, second} <= alike}
    assert scores <= {2}
    others = {score for first, second, score in PAIRS if len({first, second} & alike) == 1}
    assert others <= {0, 1}


def test_names_numbers_and_adjectives_are_apart():
    parts = [
        {"mary", "tom", "julie", "paris", "lyon", "monday", "friday"},
        set(KINDS[4].split()),
        {"tired", "happy", "sick", "busy", "sad", "tall", "young", "strong", "blue", "green"},
    ]
    for first, second, score in PAIRS:
        found = {
            next((i for i, part in enumerate(parts) if w in part), None) for w in (first, second)
        }
        if None not in found:
            assert (score == 0) == (len(found) == 2), (first, second)
