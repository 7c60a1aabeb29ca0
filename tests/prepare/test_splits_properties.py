from random import Random

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.prepare.components import components
from nlpflow.prepare.keys import Keys
from nlpflow.prepare.splits import assign
from nlpflow.settings.data import SplitSettings

SETTINGS = SplitSettings(dev=0.3, test=0.3)
KEY = st.integers(0, 12).map(lambda n: "" if n == 0 else f"k{n}")
GROUP = st.none() | st.integers(0, 30).map(str)
PAIRS = st.lists(st.tuples(KEY, KEY, GROUP), min_size=1, max_size=30)
Pairs = list[tuple[str, str, str | None]]


def split_of(pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    columns = [
        Keys.of(pa.array([pair[side] for pair in pairs], pa.large_string()), SETTINGS.salt)
        for side in range(3)
    ]
    found = components(columns)
    return found.of_rows, assign(found, columns[:2], SETTINGS)


@given(PAIRS)
def test_no_key_and_no_group_in_two_splits(pairs: Pairs) -> None:
    component, split = split_of(pairs)
    for labels in (component, split):
        for side in range(3):
            found: dict[str, set[str]] = {}
            for pair, label in zip(pairs, labels, strict=True):
                if pair[side]:
                    found.setdefault(pair[side], set()).add(label)
            assert all(len(labels) == 1 for labels in found.values())


@given(PAIRS, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs: Pairs, random: Random) -> None:
    order = list(range(len(pairs)))
    random.shuffle(order)
    _, split = split_of(pairs)
    _, shuffled = split_of([pairs[i] for i in order])
    assert shuffled.tolist() == split[order].tolist()


@given(PAIRS, PAIRS)
def test_added_pairs_move_only_what_they_touch(old: Pairs, new: Pairs) -> None:
    component, before = split_of(old)
    touched = {
        int(number)
        for pair, number in zip(old, component, strict=True)
        for other in new
        if any(a and a == b for a, b in zip(pair, other, strict=True))
    }
    _, after = split_of(old + new)
    moved = before != after[: len(old)]
    assert {int(number) for number in component[moved]} <= touched


@given(PAIRS, PAIRS)
def test_unrelated_pairs_move_nothing(old: Pairs, new: Pairs) -> None:
    unrelated = [
        (s and f"new {s}", t and f"new {t}", group and f"new {group}") for s, t, group in new
    ]
    _, before = split_of(old)
    _, after = split_of(old + unrelated)
    assert after[: len(old)].tolist() == before.tolist()


@given(PAIRS)
def test_a_known_pair_moves_nothing(pairs: Pairs) -> None:
    _, before = split_of(pairs)
    _, after = split_of([*pairs, pairs[0]])
    assert after[: len(pairs)].tolist() == before.tolist()
