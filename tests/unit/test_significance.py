"""Resampling against enumeration of all resamples, and against sacreBLEU."""

from itertools import product

import numpy as np
import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.significance import PairedTest

from nlpflow.metrics import significance
from nlpflow.metrics.labelling import sentence_accuracies
from nlpflow.metrics.significance import (
    accuracy_aggregate,
    approximate_randomisation,
    bleu_aggregate,
    bleu_statistics,
    bootstrap,
    f1_aggregate,
    paired_bootstrap,
)

FIRST = np.array([[4, 5], [3, 3], [1, 6], [7, 9]])
SECOND = np.array([[3, 5], [3, 3], [2, 6], [4, 9]])
SPANS = np.random.default_rng(3).integers(0, 4, (40, 3))


def accuracy(rows: np.ndarray) -> float:
    return 100 * rows[:, 0].sum() / rows[:, 1].sum()


def all_resamples(count: int) -> list[list[int]]:
    return [list(chosen) for chosen in product(range(count), repeat=count)]


def weighted_percentile(values: np.ndarray, share: float) -> float:
    return float(np.sort(values)[int(share * len(values))])


def test_interval_is_that_of_all_resamples() -> None:
    every = np.array([accuracy(FIRST[chosen]) for chosen in all_resamples(4)])
    found = bootstrap(FIRST, accuracy_aggregate, seed=1, samples=50_000)
    assert found.score == pytest.approx(accuracy(FIRST))
    for bound, share in ((found.low, 0.025), (found.high, 0.975)):
        near = [weighted_percentile(every, share + off) for off in (-0.006, 0.006)]
        assert near[0] - 1e-9 <= bound <= near[1] + 1e-9


def test_paired_bootstrap_is_that_of_all_resamples() -> None:
    pairs = [(FIRST[chosen], SECOND[chosen]) for chosen in all_resamples(4)]
    every = np.array([accuracy(one) - accuracy(other) for one, other in pairs])
    observed = accuracy(FIRST) - accuracy(SECOND)
    found = paired_bootstrap(FIRST, SECOND, accuracy_aggregate, seed=1, samples=50_000)
    assert found.difference == pytest.approx(observed)
    expected = np.mean(np.abs(every - every.mean()) >= observed)
    assert found.p == pytest.approx(expected, abs=0.01)  # four standard deviations of the draw
    assert found.low == pytest.approx(weighted_percentile(every, 0.025), abs=1)
    assert found.high == pytest.approx(weighted_percentile(every, 0.975), abs=1)


def test_randomisation_is_that_of_all_swaps() -> None:
    first, second = SPANS[:8], SPANS[8:16]

    def f1(rows: np.ndarray) -> float:
        return float(f1_aggregate(rows.sum(axis=0, keepdims=True).astype(float))[0])

    observed = abs(f1(first) - f1(second))
    swaps = [np.array(swap)[:, None] for swap in product([0, 1], repeat=8)]
    every = [f1(np.where(s, second, first)) - f1(np.where(s, first, second)) for s in swaps]
    expected = np.mean(np.abs(every) >= observed - 1e-9)
    found = approximate_randomisation(first, second, f1_aggregate, seed=2, samples=50_000)
    assert 0.05 < expected < 0.95
    assert found == pytest.approx(expected, abs=0.01)


def test_equal_systems_differ_by_nothing() -> None:
    assert paired_bootstrap(FIRST, FIRST, accuracy_aggregate, 1) == (0, 0, 0, 1)
    assert approximate_randomisation(FIRST, FIRST, accuracy_aggregate, 1) == 1


def test_a_plain_difference_is_found_and_changes_sign_with_the_order() -> None:
    better = np.tile([9, 10], (200, 1))
    worse = np.tile([[8, 10], [9, 10]], (100, 1))
    found = paired_bootstrap(better, worse, accuracy_aggregate, 1)
    assert found.p < 0.001
    assert 0 < found.low < found.difference < found.high
    turned = paired_bootstrap(worse, better, accuracy_aggregate, 1)
    assert turned == pytest.approx((-found.difference, -found.high, -found.low, found.p))
    assert approximate_randomisation(better, worse, accuracy_aggregate, 1) < 0.001


def test_under_the_null_small_p_values_are_rare() -> None:
    random = np.random.default_rng(0)
    p_values = []
    for seed in range(200):
        tables = (np.stack([random.binomial(10, 0.8, 60), np.full(60, 10)], 1) for _ in "ab")
        p_values.append(approximate_randomisation(*tables, accuracy_aggregate, seed, samples=300))
    share = np.mean(np.array(p_values) <= 0.1)
    assert share == pytest.approx(0.1, abs=0.085)  # four standard deviations of 200 draws


def test_seed_decides_and_chunks_do_not_matter_much(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = (SPANS[:20], SPANS[20:], f1_aggregate)
    first = paired_bootstrap(*arguments, seed=1, samples=500)
    assert first == paired_bootstrap(*arguments, seed=1, samples=500)
    assert first != paired_bootstrap(*arguments, seed=2, samples=500)
    monkeypatch.setattr(significance, "CELLS", 20 * 7)
    assert first == pytest.approx(paired_bootstrap(*arguments, seed=1, samples=500))


@pytest.mark.parametrize("shape", [(0, 2), (4,), (2, 2, 2)])
def test_statistics_of_another_form_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"not \(sentences, statistics\)"):
        bootstrap(np.zeros(shape), accuracy_aggregate, 1)


@pytest.mark.parametrize("test", [paired_bootstrap, approximate_randomisation])
def test_other_sentences_are_refused(test) -> None:
    with pytest.raises(ValueError, match="other sentences"):
        test(FIRST, SECOND[:3], accuracy_aggregate, 1)


def test_aggregates_are_the_scores_of_the_sums() -> None:
    rows = sentence_accuracies([["A", "B"], ["A"]], [["A", "A"], ["A"]])
    assert accuracy_aggregate(rows.sum(axis=0, keepdims=True)) == pytest.approx([200 / 3])
    assert f1_aggregate(np.array([[2.0, 1, 1], [0, 0, 0]])) == pytest.approx([200 / 3, 0])


WORDS = np.array(["the", "cat", "sat", "on", "a", "mat", "while", "it", "rained"])


def translations(seed: int, noise: float) -> list[str]:
    """Thirty sentences, each word replaced with probability `noise`."""
    random = np.random.default_rng(seed)
    base = np.random.default_rng(0).choice(WORDS, (30, 9))
    drawn = np.where(random.random(base.shape) < noise, random.choice(WORDS, base.shape), base)
    return [" ".join(words[: 3 + i % 7]) for i, words in enumerate(drawn)]


def test_bleu_of_sums_is_corpus_bleu() -> None:
    hypotheses = translations(1, 0.4)
    references = list(zip(translations(2, 0.1), translations(3, 0.3), strict=True))
    streams = [list(stream) for stream in zip(*references, strict=True)]
    statistics = bleu_statistics(hypotheses, references)
    assert statistics.shape == (30, 10)
    for chosen in (list(range(30)), [4], [5, 5, 9, 17]):
        sums = statistics[chosen].sum(axis=0, keepdims=True)
        corpus = [[stream[i] for i in chosen] for stream in streams]
        expected = BLEU().corpus_score([hypotheses[i] for i in chosen], corpus).score
        assert bleu_aggregate(sums)[0] == pytest.approx(expected)


def test_p_value_of_bleu_is_near_sacrebleus() -> None:
    systems = [("base", translations(5, 0.5)), ("other", translations(6, 0.4))]
    references = translations(0, 0.0)
    theirs = PairedTest(systems, {"BLEU": BLEU(references=[references])}, None, "ar", 2000)()
    known = [[reference] for reference in references]
    base, other = (bleu_statistics(system, known) for _, system in systems)
    found = approximate_randomisation(other, base, bleu_aggregate, seed=1, samples=2000)
    expected = theirs[1]["BLEU"][1].p_value
    assert 0.05 < expected < 0.95
    assert found == pytest.approx(expected, abs=0.06)  # four standard deviations of both draws
