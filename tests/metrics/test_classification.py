import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.metrics.classification import (
    accuracy,
    calibration,
    calibration_error,
    confusions,
    macro_accuracy,
)

ANSWERS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_accuracies_by_hand() -> None:
    right = np.array([True, True, False, True])
    assert accuracy(right) == 75
    assert macro_accuracy(right, np.array(["a", "a", "a", "b"])) == pytest.approx(
        (200 / 3 + 100) / 2
    )
    assert np.isnan(accuracy(right[:0]))


def test_calibration_by_hand() -> None:
    table = calibration(np.array([0.05, 0.95, 0.91, 1.0, 0.5]), np.array([0, 1, 0, 1, 1], bool))
    assert table["low"].tolist() == [0, 0.5, 0.9]
    assert table["high"].tolist() == [0.1, 0.6, 1]
    assert table["sentences"].tolist() == [1, 1, 3]
    assert table["confidence"].tolist() == pytest.approx([0.05, 0.5, 2.86 / 3])
    assert table["accuracy"].tolist() == pytest.approx([0, 1, 2 / 3])
    assert calibration_error(table) == pytest.approx(100 * (0.05 + 0.5 + 0.86) / 5)


@given(ANSWERS, st.integers(1, 20))
def test_calibration_error_against_its_definition(
    answers: list[tuple[float, bool]], bins: int
) -> None:
    probability, right = (np.array(part) for part in zip(*answers, strict=True))
    expected = 0.0
    for i in range(bins):
        mine = [a for a in answers if min(int(a[0] * bins), bins - 1) == i]
        expected += abs(sum(a[0] for a in mine) - sum(a[1] for a in mine)) / len(answers)
    table = calibration(probability, right, bins)
    assert calibration_error(table) == pytest.approx(100 * expected, abs=1e-9)
    assert table["sentences"].sum() == len(answers)


def test_true_probabilities_have_no_error() -> None:
    assert calibration_error(calibration(np.full(4, 0.75), np.array([1, 1, 1, 0], bool))) == 0
    assert calibration_error(calibration(np.ones(3), np.ones(3, bool))) == 0


def test_confusions() -> None:
    table = confusions(np.array(["a", "b", "a", "a"]), np.array(["a", "c", "b", "b"]))
    assert table.to_numpy().tolist() == [["a", "a", 1], ["a", "b", 2], ["b", "c", 1]]
