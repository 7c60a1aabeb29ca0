"""Batches of like length, by example."""

import numpy as np

from nlpflow.training.batches import Batches, length_batches, token_batches


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


def in_tokens(lengths: list, tokens: int, seed: int = 0) -> list[list[int]]:
    found = token_batches(np.array(lengths), tokens, np.random.default_rng(seed))
    return [batch.tolist() for batch in found]


def test_batches_of_tokens() -> None:
    lengths = [5, 1, 2, 2, 2, 9]
    found = [sorted(lengths[i] for i in batch) for batch in in_tokens(lengths, 6)]
    assert sorted(found) == [[1], [2, 2, 2], [5], [9]]


def test_the_longer_side_counts() -> None:
    sides = [[1, 6], [6, 1], [3, 3], [3, 2]]
    found = sorted(map(sorted, in_tokens(sides, 6)))
    assert found == [[0], [1], [2, 3]]


def test_a_batch_is_made_when_it_is_asked_for() -> None:
    made: list[list[int]] = []

    def make(indices: np.ndarray) -> int:
        made.append(indices.tolist())
        return len(indices)

    lazy = Batches([np.array([3, 1]), np.array([2])], make)
    assert len(lazy) == 2
    assert made == []
    assert lazy[1] == 1
    assert made == [[2]]
    assert list(lazy[:1]) == [2]
    assert list(lazy) == [2, 1]
