"""Batches of like length, by example."""

import numpy as np

from nlpflow.training.batches import length_batches


def batches(lengths: list, size: int, seed: int = 0) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [batch.tolist() for batch in length_batches(np.array(lengths), size, rng)]


def test_longest_first_within_a_batch() -> None:
    assert sorted(batches([3, 9, 1, 7, 5], 2)) == [[1, 3], [2], [4, 0]]


def test_the_first_key_counts_most() -> None:
    keys = [[1, 9], [2, 1], [1, 8], [2, 5]]
    assert sorted(batches(keys, 2)) == [[0, 2], [3, 1]]


def test_ties_are_grouped_anew() -> None:
    groupings = {
        tuple(sorted(tuple(sorted(batch)) for batch in batches([4] * 12, 3, seed)))
        for seed in range(20)
    }
    assert len(groupings) == 20


def test_the_order_of_batches_is_no_curriculum() -> None:
    firsts = {batches(list(range(100)), 10, seed)[0][0] for seed in range(40)}
    assert len(firsts) >= 8


def test_another_random_seed_gives_another_order() -> None:
    assert batches(list(range(50)), 4, 1) == batches(list(range(50)), 4, 1)
    assert batches(list(range(50)), 4, 1) != batches(list(range(50)), 4, 2)


def test_no_sentences_no_batches() -> None:
    assert batches([], 4) == []
    assert length_batches(np.zeros((0, 2), int), 4, np.random.default_rng(0)) == []
