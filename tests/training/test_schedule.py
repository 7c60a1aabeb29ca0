"""The learning rate by hand, when training stops, and which epochs' weights make the result."""

import math
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.settings.training import Training
from nlpflow.training.schedule import (
    Worth,
    is_finished,
    kept_epochs,
    learning_rate,
    mean_weights,
    reductions,
    worth,
)

RATE = 0.3
SCORES = st.lists(st.one_of(st.integers(-3, 3).map(float), st.just(math.nan)), max_size=12)


def above(scores: Sequence[float]) -> list[Worth]:
    """Epochs whose scores have no floor; a lower loss breaks no tie."""
    return [worth(score, 1.0 + 0 * score, -math.inf) for score in scores]


def size(update: int, passed: float = 0.0, scores: tuple[float, ...] = (), **values) -> float:
    return learning_rate(Training(learning_rate=RATE, **values), update, passed, above(scores))


def test_constant_is_the_very_number_of_the_settings() -> None:
    assert {size(update, update / 9, (1.0,) * update) for update in range(1, 9)} == {RATE}


@pytest.mark.parametrize("schedule", ["constant", "plateau"])
def test_warm_up_grows_linearly_and_then_is_over(schedule: str) -> None:
    found = [size(update, schedule=schedule, warmup_updates=4) for update in range(1, 7)]
    assert found == pytest.approx([RATE / 4, RATE / 2, 3 * RATE / 4, RATE, RATE, RATE])


def test_inverse_square_root() -> None:
    found = [size(update, schedule="inverse_sqrt", warmup_updates=4) for update in (2, 4, 16, 64)]
    assert found == pytest.approx([RATE / 2, RATE, RATE / 2, RATE / 4])
    cold = [size(update, schedule="inverse_sqrt") for update in (1, 4, 9)]
    assert cold == pytest.approx([RATE, RATE / 2, RATE / 3])


def test_cosine() -> None:
    found = [size(9, passed, schedule="cosine") for passed in (0, 1 / 3, 1 / 2, 2 / 3, 1)]
    assert found == pytest.approx([RATE, RATE * 3 / 4, RATE / 2, RATE / 4, 0])
    warm = size(1, 0.25, schedule="cosine", warmup_updates=2)
    assert warm == pytest.approx(RATE / 2 * (1 + math.sqrt(0.5)) / 2)


@pytest.mark.parametrize(
    ("scores", "patience", "expected"),
    [
        ([], 1, 0),
        ([1.0], 1, 0),
        ([1, 2, 3, 4], 1, 0),
        ([1, 1], 1, 1),
        ([3, 2, 1, 0], 1, 3),
        ([3, 2, 1, 0], 2, 1),
        ([3, 2, 4, 1, 0], 2, 1),
        ([3, 2, 2, 2, 2], 2, 2),
        ([3, 2, 2, 2, 4, 3], 2, 1),
        ([float("nan"), 1, float("nan")], 1, 2),
    ],
)
def test_cuts(scores: list[float], patience: int, expected: int) -> None:
    assert reductions(above(scores), patience) == expected


def test_plateau_multiplies_at_every_cut() -> None:
    values = {"schedule": "plateau", "plateau_factor": 0.1, "plateau_patience": 1}
    assert size(9, scores=(3, 2, 1), **values) == pytest.approx(RATE / 100)
    assert size(9, scores=(1, 2, 3), **values) == RATE


def test_training_is_finished() -> None:
    settings = Training(epochs=4, patience=2)
    assert not is_finished([], settings)
    assert not is_finished(above([1, 0, 2]), settings)
    assert is_finished(above([1, 0, 0]), settings)
    assert is_finished(above([1, 2, 3, 4]), settings)
    assert is_finished([worth(math.nan, math.nan, 0.0)] * 2, settings)


def at(*figures: tuple[float, float]) -> list[Worth]:
    """Epochs by score and loss; the floor is 0."""
    return [worth(score, loss, 0.0) for score, loss in figures]


def test_at_the_floor_the_loss_is_followed() -> None:
    falling = at((0, 5), (0, 4), (0, 3), (0, 2))
    assert kept_epochs(falling, Training()) == [4]
    assert reductions(falling, 1) == 0
    rising = at((0, 5), (0, 4), (0, 6), (0, 7))
    assert kept_epochs(rising, Training()) == [2]
    assert kept_epochs(rising, Training(average=2)) == [1, 2]
    assert is_finished(rising, Training(patience=2))
    assert not is_finished(falling, Training(patience=1))


def test_a_score_that_has_left_its_floor_outweighs_every_loss() -> None:
    left = at((0, 3), (0, 2), (1, 9), (0, 1))
    assert kept_epochs(left, Training()) == [3]
    assert reductions(left, 1) == 1
    assert reductions(at((math.nan, 3), (0, 9)), 1) == 0


def test_above_the_floor_a_lower_loss_breaks_ties_but_keeps_no_training_going() -> None:
    tied = at((5, 4), (7, 3), (7, 2), (7, 1), (7, 2))
    assert kept_epochs(tied, Training()) == [4]
    assert is_finished(tied, Training(patience=3))
    assert not is_finished(tied[:4], Training(patience=3))


@given(SCORES, st.integers(1, 5))
def test_the_best_epochs_by_sorting(scores: list[float], count: int) -> None:
    """No epoch left out is better than one kept, or as good and earlier."""
    kept = kept_epochs(above(scores), Training(average=count))
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
            now = set(kept_epochs(above(scores[:done]), settings))
            assert now <= before | {done}
            before = now


def test_one_best_epoch_is_the_default() -> None:
    assert kept_epochs(above([1, 3, 2, 3]), Training()) == [2]


def test_the_last_epochs() -> None:
    assert kept_epochs(above([9, 1, 1, 1]), Training(average=2, average_of="last")) == [3, 4]
    assert kept_epochs(above([9]), Training(average=2, average_of="last")) == [1]


def test_the_mean_of_weights() -> None:
    first = {"a": torch.tensor([1.0, 2.0]), "steps": torch.tensor(3)}
    second = {"a": torch.tensor([3.0, 6.0]), "steps": torch.tensor(7)}
    mean = mean_weights({5: second, 2: first})
    assert mean["a"].tolist() == [2.0, 4.0]
    assert mean["steps"].item() == 7
    assert mean_weights({2: first}) is first
