from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from nlpflow.prepare.components import components
from nlpflow.prepare.keys import Keys
from nlpflow.prepare.splits import SPLITS, assign
from nlpflow.settings.data import SplitSettings


def keys(*values: str | None, salt: str = "nlpflow") -> Keys:
    return Keys.of(pa.array(values, pa.large_string()), salt)


def alone(count: int) -> tuple[Keys, Keys]:
    """Keys of pairs that share nothing."""
    source, target = ([f"{side}{n}" for n in range(count)] for side in "st")
    return keys(*source), keys(*target)


def split_names(columns: Sequence[Keys], settings: SplitSettings) -> np.ndarray:
    return np.take(SPLITS, assign(components(columns), columns, settings))


def test_equal_keys_have_equal_numbers() -> None:
    found = keys("b", None, "a", "", "b")
    assert (found.numbers >= 0).tolist() == [True, False, True, False, True]
    assert found.numbers[0] == found.numbers[4] != found.numbers[2]


def test_no_pairs() -> None:
    columns = keys(), keys(), keys()
    assert components(columns).of_rows.tolist() == []
    assert split_names(columns, SplitSettings()).tolist() == []


def test_rule_is_this_one_for_ever() -> None:
    """The hashes must not change with a version of pandas, or every test set would."""
    split = split_names(alone(40), SplitSettings(dev=0.25, test=0.25))
    short = {"train": ".", "dev": "d", "test": "T"}
    assert "".join(short[name] for name in split) == ".Td....T..TTT...d...TT..Td....TddTTTTd.."


def test_salt_draws_another_split() -> None:
    texts = [f"s{n}" for n in range(500)]
    one, other = (split_names([keys(*texts, salt=salt)], SplitSettings()) for salt in "ab")
    assert (one != other).any()


@pytest.mark.parametrize(("dev", "test"), [(0.1, 0.1), (0.02, 0.3), (0.5, 0.05)])
def test_shares(dev: float, test: float) -> None:
    """Components of one to three pairs; within five standard deviations of the shares."""
    number = np.repeat(np.arange(10_000), np.arange(10_000) % 3 + 1)
    columns = keys(*(f"s{i}" for i in number)), keys(*(f"t{i}" for i in range(len(number))))
    split = split_names(columns, SplitSettings(dev=dev, test=test))
    for name, share in (("dev", dev), ("test", test)):
        deviation = np.sqrt(share * (1 - share) * (14 / 3) / 4 / 10_000)  # sizes 1, 2, 3
        assert abs((split == name).mean() - share) < 5 * deviation


def test_large_components_are_drawn_like_small_ones() -> None:
    """The smallest hash of many keys is small: it must not be what is drawn."""
    size = 50
    number = np.repeat(np.arange(1000), size)
    columns = keys(*(f"s{i}" for i in number)), keys(*(f"t{i}" for i in range(len(number))))
    split = split_names(columns, SplitSettings(dev=0.2, test=0.2))
    assert abs((split == "test").mean() - 0.2) < 5 * np.sqrt(0.2 * 0.8 / 1000)


def test_an_empty_key_represents_nothing() -> None:
    """Else every component with an empty sentence would fall to the same split."""
    columns = keys(*[""] * 2000), keys(*(f"t{i}" for i in range(2000)))
    split = split_names(columns, SplitSettings(dev=0.2, test=0.2))
    assert abs((split == "test").mean() - 0.2) < 5 * np.sqrt(0.2 * 0.8 / 2000)
