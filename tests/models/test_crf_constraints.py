"""Constraints of IOB2 and IOBES against well-formed tag sequences spelt out."""

from itertools import pairwise, product

import pytest
import torch

from nlpflow.models.crf import scheme_constraints
from nlpflow.models.crf.constraints import steps_to_mix

TAGS = {
    "IOB2": ["O", "B-PER", "I-PER", "B-X-Y", "I-X-Y"],
    "IOBES": ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-X-Y", "I-X-Y", "E-X-Y", "S-X-Y"],
}


def entity(scheme: str, kind: str, words: int) -> tuple[str, ...]:
    """One entity as the scheme writes it."""
    prefixes = ["B", *["I"] * (words - 1)]
    if scheme == "IOBES":
        prefixes = ["S"] if words == 1 else ["B", *["I"] * (words - 2), "E"]
    return tuple(f"{prefix}-{kind}" for prefix in prefixes)


def written(scheme: str, words: int) -> set[tuple[str, ...]]:
    """Every well-formed sequence of so many words: outside words and entities in a row."""
    if words == 0:
        return {()}
    found = {("O", *rest) for rest in written(scheme, words - 1)}
    for kind, length in product(("PER", "X-Y"), range(1, words + 1)):
        first = entity(scheme, kind, length)
        found |= {first + rest for rest in written(scheme, words - length)}
    return found


@pytest.mark.parametrize("scheme", ["IOB2", "IOBES"])
@pytest.mark.parametrize("words", [1, 2, 3, 4])
def test_exactly_the_well_formed_sequences(scheme: str, words: int) -> None:
    tags = TAGS[scheme]
    forbidden = scheme_constraints(tags, scheme)
    allowed = {
        tuple(tags[tag] for tag in path)
        for path in product(range(len(tags)), repeat=words)
        if not forbidden.start[path[0]]
        and not forbidden.stop[path[-1]]
        and not any(forbidden.transitions[move] for move in pairwise(path))
    }
    assert allowed == written(scheme, words)


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        (["O", "E-X"], "IOB2"),
        (["O", "B-"], "IOBES"),
        (["O", "B"], "IOB2"),
        (["O", "NOUN"], "IOB2"),
        (["O", "BI-X"], "IOBES"),
        (["O", "O-X"], "IOBES"),
        (["O", ""], "IOB2"),
    ],
)
def test_other_tags_are_named(tags: list[str], scheme: str) -> None:
    with pytest.raises(ValueError, match=f"{tags[1]!r} is not a tag of {scheme}"):
        scheme_constraints(tags, scheme)


def test_doubled_tags_are_named() -> None:
    with pytest.raises(ValueError, match="'B-X' occurs twice among 3 tags"):
        scheme_constraints(["B-X", "O", "B-X"], "IOB2")


def test_steps_to_mix() -> None:
    """Any tag to any tag: at once; over B; over E and B; never."""
    assert steps_to_mix(torch.zeros(3, 3).bool()) == 1
    assert steps_to_mix(scheme_constraints(TAGS["IOB2"], "IOB2").transitions) == 2
    assert steps_to_mix(scheme_constraints(TAGS["IOBES"], "IOBES").transitions) == 3
    assert steps_to_mix(torch.tensor([[True, False], [False, True]])) is None  # in turns for ever
    assert steps_to_mix(torch.ones(2, 2).bool()) is None
