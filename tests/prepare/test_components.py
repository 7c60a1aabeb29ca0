from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.prepare import components as module
from nlpflow.prepare.components import Components, components
from nlpflow.prepare.keys import Keys

KEY = st.none() | st.integers(0, 12).map(lambda n: "" if n == 0 else f"k{n}")
ROWS = st.lists(st.tuples(KEY, KEY, KEY), min_size=1, max_size=30)
Rows = list[tuple[str | None, ...]]


def keys(*values: str | None) -> Keys:
    return Keys.of(pa.array(values, pa.large_string()), "salt")


def found(rows: Rows) -> Components:
    return components([keys(*column) for column in zip(*rows, strict=True)])


def textbook(rows: Rows) -> list[int]:
    """Merge sets until nothing merges; number them in the order of the rows."""
    component = list(range(len(rows)))
    for _ in rows:
        for i, one in enumerate(rows):
            for j, other in enumerate(rows):
                if any(a and a == b for a, b in zip(one, other, strict=True)):
                    component[i] = component[j] = min(component[i], component[j])
    numbers: dict[int, int] = {}
    return [numbers.setdefault(first, len(numbers)) for first in component]


def test_equal_keys_of_a_column_join() -> None:
    source = keys("a", "a", "b", "c", "d", "x")
    target = keys("1", "2", "2", "3", "4", "a")  # a source "a" and a target "a" do not join
    joined = components([source, target])
    assert joined.of_rows.tolist() == [0, 0, 0, 1, 2, 3]
    assert joined.number == 4


def test_any_column_joins() -> None:
    source, target = keys("a", "b", "c", "d"), keys("1", "2", "3", "4")
    group = keys("g", None, "g", None)
    assert components([source, target, group]).of_rows.tolist() == [0, 1, 0, 2]


def test_empty_keys_join_nothing() -> None:
    source, target = keys("", "", "a", "b", ""), keys("1", "2", "", "", "1")
    assert components([source, target]).of_rows.tolist() == [0, 1, 2, 3, 0]
    assert components([keys("", None, "")]).of_rows.tolist() == [0, 1, 2]


def test_components_of_keys() -> None:
    """A key of rows that were left out is in no component."""
    source = keys("x", "a", "b", "a").of_rows(np.array([False, True, True, True]))
    joined = components([source])
    assert joined.of_rows.tolist() == [0, 1, 0]
    (of_source,) = joined.of_keys
    assert of_source[source.numbers].tolist() == [0, 1, 0]
    assert sorted(of_source.tolist()) == [-1, 0, 1]


@given(ROWS, st.integers(1, 30))
def test_against_the_textbook(rows: Rows, at_once: int) -> None:
    """However many rows are joined at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROWS_AT_ONCE", at_once)
        joined = found(rows)
    assert joined.of_rows.tolist() == textbook(rows)
    assert joined.number == len(set(textbook(rows)))
    for column, of_column in zip(zip(*rows, strict=True), joined.of_keys, strict=True):
        for number, component in zip(keys(*column).numbers, joined.of_rows, strict=True):
            assert number < 0 or of_column[number] == component


def test_a_long_chain() -> None:
    """Each pair shares a key with the next one; in any order they are one component."""
    chain = [(f"s{n}", f"t{n + shift}") for n in range(3000) for shift in (0, 1)]
    for seed in range(3):
        Random(seed).shuffle(chain)
        joined = found(chain)
        assert joined.number == 1
