"""When training stops, and which epochs' weights make the result."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.settings.training import Training
from nlpflow.training.selection import best_epoch, is_finished, kept_epochs, mean_weights

SCORES = st.lists(st.one_of(st.integers(-3, 3).map(float), st.just(math.nan)), max_size=12)


@pytest.mark.parametrize(
    ("scores", "expected"), [([], 0), ([math.nan], 0), ([-1.0], 1), ([1, 3, 2, 3], 2)]
)
def test_best_epoch(scores: list[float], expected: int) -> None:
    assert best_epoch(scores) == expected


def test_training_is_finished() -> None:
    settings = Training(epochs=4, patience=2)
    assert not is_finished([], settings)
    assert not is_finished([1, 0, 2], settings)
    assert is_finished([1, 0, 0], settings)
    assert is_finished([1, 2, 3, 4], settings)
    assert is_finished([math.nan, math.nan], settings)


@given(SCORES, st.integers(1, 5))
def test_the_best_epochs_by_sorting(scores: list[float], count: int) -> None:
    """No epoch left out is better than one kept, or as good and earlier."""
    kept = kept_epochs(scores, Training(average=count))
    worth = [(-math.inf if math.isnan(s) else s, -i) for i, s in enumerate(scores, start=1)]
    assert len(kept) == min(count, len(scores))
    assert kept == sorted(set(kept))
    left_out = [w for i, w in enumerate(worth, start=1) if i not in kept]
    assert all(worth[i - 1] > other for i in kept for other in left_out)


@given(SCORES, st.integers(1, 5))
def test_an_epoch_is_not_kept_again(scores: list[float], count: int) -> None:
    """Whatever is kept later was kept before or is new, so its weights are there."""
    for kind in ("best", "last"):
        settings = Training(average=count, average_of=kind)
        before: set[int] = set()
        for done in range(1, len(scores) + 1):
            now = set(kept_epochs(scores[:done], settings))
            assert now <= before | {done}
            before = now


def test_one_best_epoch_is_the_default() -> None:
    assert kept_epochs([1, 3, 2, 3], Training()) == [2]


def test_the_last_epochs() -> None:
    assert kept_epochs([9, 1, 1, 1], Training(average=2, average_of="last")) == [3, 4]
    assert kept_epochs([9], Training(average=2, average_of="last")) == [1]


def test_the_mean_of_weights() -> None:
    first = {"a": torch.tensor([1.0, 2.0]), "steps": torch.tensor(3)}
    second = {"a": torch.tensor([3.0, 6.0]), "steps": torch.tensor(7)}
    mean = mean_weights({5: second, 2: first})
    assert mean["a"].tolist() == [2.0, 4.0]
    assert mean["steps"].item() == 7
    assert mean_weights({2: first}) is first
