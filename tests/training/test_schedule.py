"""The step size: every schedule by hand, and the cuts of `plateau`."""

import math

import pytest

from nlpflow.settings.training import Training
from nlpflow.training.schedule import reductions, step_size

RATE = 0.3


def size(update: int, passed: float = 0.0, scores: tuple[float, ...] = (), **values) -> float:
    return step_size(Training(learning_rate=RATE, **values), update, passed, scores)


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
    assert reductions(scores, patience) == expected


def test_plateau_multiplies_at_every_cut() -> None:
    values = {"schedule": "plateau", "plateau_factor": 0.1, "plateau_patience": 1}
    assert size(9, scores=(3, 2, 1), **values) == pytest.approx(RATE / 100)
    assert size(9, scores=(1, 2, 3), **values) == RATE
