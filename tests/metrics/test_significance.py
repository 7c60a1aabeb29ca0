"""Resampling against enumeration of all resamples."""

from itertools import product

import numpy as np
import pytest

from nlpflow.metrics import significance
from nlpflow.metrics.labelling import sentence_accuracies
from nlpflow.metrics.significance import paired_bootstrap
from nlpflow.metrics.spans import f1_aggregate
from nlpflow.metrics.statistics import accuracy_aggregate

FIRST = np.array([[[4, 5], [3, 3], [1, 6], [7, 9]]])
SECOND = np.array([[[3, 5], [3, 3], [2, 6], [4, 9]], [[5, 5], [0, 3], [0, 6], [8, 9]]])
SPANS = np.random.default_rng(3).integers(0, 4, (2, 20, 3))


def accuracy(runs: np.ndarray) -> float:
    """The mean over runs: (runs, sentences, 2)."""
    return float(np.mean([100 * rows[:, 0].sum() / rows[:, 1].sum() for rows in runs]))


def test_interval_and_p_value_are_those_of_all_resamples() -> None:
    chosen = [list(rows) for rows in product(range(4), repeat=4)]
    every = np.array([accuracy(FIRST[:, rows]) - accuracy(SECOND[:, rows]) for rows in chosen])
    observed = accuracy(FIRST) - accuracy(SECOND)
    found = paired_bootstrap(FIRST, SECOND, accuracy_aggregate, seed=1, samples=50_000)
    assert found.difference == pytest.approx(observed)
    expected = np.mean(np.abs(every - every.mean()) >= abs(observed))
    assert 0.05 < expected < 0.95
    assert found.p == pytest.approx(expected, abs=0.01)  # four standard deviations of the draw
    for bound, share in ((found.low, 0.025), (found.high, 0.975)):
        near = [np.sort(every)[int((share + off) * len(every))] for off in (-0.012, 0.012)]
        assert near[0] - 1e-9 <= bound <= near[1] + 1e-9


def test_equal_systems_differ_by_nothing() -> None:
    assert paired_bootstrap(FIRST, FIRST, accuracy_aggregate, 1) == (0, 0, 0, 1)


def test_a_plain_difference_is_found_and_changes_sign_with_the_order() -> None:
    better = np.tile([9, 10], (1, 200, 1))
    worse = np.tile([[8, 10], [9, 10]], (1, 100, 1))
    found = paired_bootstrap(better, worse, accuracy_aggregate, 1)
    assert found.p < 0.002
    assert 0 < found.low < found.difference < found.high
    turned = paired_bootstrap(worse, better, accuracy_aggregate, 1)
    assert turned == pytest.approx((-found.difference, -found.high, -found.low, found.p))


def test_under_the_null_small_p_values_are_rare() -> None:
    random = np.random.default_rng(0)
    p_values = []
    for seed in range(200):
        tables = (np.stack([random.binomial(10, 0.8, 60), np.full(60, 10)], 1) for _ in "ab")
        one, other = (table[None] for table in tables)
        p_values.append(paired_bootstrap(one, other, accuracy_aggregate, seed, samples=300).p)
    share = np.mean(np.array(p_values) <= 0.1)
    assert share == pytest.approx(0.1, abs=0.085)  # four standard deviations of 200 draws


def test_seed_decides_and_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = (SPANS[:1], SPANS[1:], f1_aggregate)
    first = paired_bootstrap(*arguments, seed=1, samples=500)
    assert first == paired_bootstrap(*arguments, seed=1, samples=500)
    assert first != paired_bootstrap(*arguments, seed=2, samples=500)
    monkeypatch.setattr(significance, "CELLS", 20 * 7)
    assert first == pytest.approx(paired_bootstrap(*arguments, seed=1, samples=500))


@pytest.mark.parametrize("shape", [(0, 4, 2), (2, 0, 2), (4, 2), (2, 2, 2, 2)])
def test_statistics_of_another_form_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"not \(runs, sentences, statistics\)"):
        paired_bootstrap(np.zeros(shape), np.zeros(shape), accuracy_aggregate, 1)


def test_other_sentences_are_refused() -> None:
    with pytest.raises(ValueError, match="different shapes"):
        paired_bootstrap(FIRST, SECOND[:, :3], accuracy_aggregate, 1)


def test_aggregates_are_the_scores_of_the_sums() -> None:
    rows = sentence_accuracies([["A", "B"], ["A"]], [["A", "A"], ["A"]])
    assert accuracy_aggregate(rows.sum(axis=0)) == pytest.approx(200 / 3)
    assert f1_aggregate(np.array([[2.0, 1, 1], [0, 0, 0]])) == pytest.approx([200 / 3, 0])
