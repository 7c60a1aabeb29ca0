import numpy as np
import pyarrow as pa
import pytest

from nlpflow.prepare.splits import assign, components
from nlpflow.settings.data import SplitSettings


def column(*values: str | None) -> pa.Array:
    return pa.array(values, pa.large_string())


def test_equal_sentences_of_a_side_join() -> None:
    source = column("a", "a", "b", "c", "d", "x")
    target = column("1", "2", "2", "3", "4", "a")  # a source "a" and a target "a" do not join
    assert components(source, target).tolist() == [0, 0, 0, 1, 2, 3]


def test_groups_join_and_nulls_do_not() -> None:
    source, target = column("a", "b", "c", "d"), column("1", "2", "3", "4")
    group = column("g", None, "g", None)
    assert components(source, target, group).tolist() == [0, 1, 0, 2]


def test_empty_keys_join_nothing() -> None:
    source, target = column("", "", "a", "b", ""), column("1", "2", "", "", "1")
    assert components(source, target).tolist() == [0, 1, 2, 3, 0]


def test_no_pairs() -> None:
    nothing = components(column(), column(), column())
    assert nothing.tolist() == []
    assert assign(nothing, column(), column(), SplitSettings()).tolist() == []


def test_chunks_make_no_difference() -> None:
    source, target = column("a", "b", "b", "c"), column("1", "1", "2", "3")
    cut = [pa.chunked_array([c.slice(0, 1), c.slice(1)]) for c in (source, target)]
    numbers = components(*cut)
    assert numbers.tolist() == components(source, target).tolist()
    whole = assign(numbers, source, target, SplitSettings())
    assert assign(numbers, *cut, SplitSettings()).tolist() == whole.tolist()


def test_rule_is_this_one_for_ever() -> None:
    """The hashes must not change with a version of pandas, or every test set would."""
    source, target = (column(*(f"{side}{i}" for i in range(40))) for side in "st")
    split = assign(np.arange(40), source, target, SplitSettings(dev=0.25, test=0.25))
    short = {"train": ".", "dev": "d", "test": "T"}
    assert "".join(short[name] for name in split) == ".Td....T..TTT...d...TT..Td....TddTTTTd.."


def test_salt_draws_another_split() -> None:
    source, target = (column(*(f"{side}{i}" for i in range(500))) for side in "st")
    one, other = (
        assign(np.arange(500), source, target, SplitSettings(salt=salt)) for salt in ("a", "b")
    )
    assert (one != other).any()


@pytest.mark.parametrize(("dev", "test"), [(0.1, 0.1), (0.02, 0.3), (0.5, 0.05)])
def test_shares(dev: float, test: float) -> None:
    """Components of one to three pairs; within five standard deviations of the shares."""
    number = np.repeat(np.arange(10_000), np.arange(10_000) % 3 + 1)
    source = column(*(f"s{i}" for i in number))
    target = column(*(f"t{i}" for i in range(len(number))))
    split = assign(components(source, target), source, target, SplitSettings(dev=dev, test=test))
    for name, share in (("dev", dev), ("test", test)):
        deviation = np.sqrt(share * (1 - share) * (14 / 3) / 4 / 10_000)  # sizes 1, 2, 3
        assert abs((split == name).mean() - share) < 5 * deviation


def test_large_components_are_drawn_like_small_ones() -> None:
    """The smallest hash of many keys is small: it must not be what is drawn."""
    size = 50
    number = np.repeat(np.arange(1000), size)
    source = column(*(f"s{i}" for i in number))
    target = column(*(f"t{i}" for i in range(len(number))))
    split = assign(number, source, target, SplitSettings(dev=0.2, test=0.2))
    assert abs((split == "test").mean() - 0.2) < 5 * np.sqrt(0.2 * 0.8 / 1000)


def test_an_empty_key_represents_nothing() -> None:
    """Else every component with an empty sentence would fall to the same split."""
    source, target = column(*[""] * 2000), column(*(f"t{i}" for i in range(2000)))
    split = assign(components(source, target), source, target, SplitSettings(dev=0.2, test=0.2))
    assert abs((split == "test").mean() - 0.2) < 5 * np.sqrt(0.2 * 0.8 / 2000)
