"""Batches of like length: nothing lost, nothing twice, nothing mixed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.training.batches import length_batches, token_batches

SIZE, SEED = st.integers(1, 12), st.integers(0, 2**32 - 1)
KEYS = st.integers(1, 2).flatmap(
    lambda count: st.lists(
        st.lists(st.integers(1, 9), min_size=count, max_size=count), min_size=1, max_size=40
    )
)


@given(KEYS, SIZE, SEED)
def test_every_sentence_once(keys: list[list[int]], size: int, seed: int) -> None:
    found = length_batches(np.array(keys), size, np.random.default_rng(seed))
    assert sorted(np.concatenate(found).tolist()) == list(range(len(keys)))
    sizes = sorted(map(len, found), reverse=True)
    assert sizes[:-1] == [size] * (len(sizes) - 1)
    assert 1 <= sizes[-1] <= size


@given(KEYS, SIZE, SEED)
def test_like_lengths_together(keys: list[list[int]], size: int, seed: int) -> None:
    """Put in order, the batches never go back to a greater length."""
    found = length_batches(np.array(keys), size, np.random.default_rng(seed))
    found.sort(key=lambda batch: (keys[batch[0]], keys[batch[-1]]), reverse=True)
    in_order = [keys[i] for batch in found for i in batch]
    assert in_order == sorted(keys, reverse=True)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40), SIZE, SEED)
def test_one_key_may_be_flat(lengths: list[int], size: int, seed: int) -> None:
    flat, column = (
        length_batches(np.array(keys), size, np.random.default_rng(seed))
        for keys in (lengths, [[length] for length in lengths])
    )
    assert [batch.tolist() for batch in flat] == [batch.tolist() for batch in column]


@given(KEYS, SIZE, SEED)
def test_the_random_state_alone_decides(keys: list[list[int]], size: int, seed: int) -> None:
    one, two = (length_batches(np.array(keys), size, np.random.default_rng(seed)) for _ in range(2))
    assert [batch.tolist() for batch in one] == [batch.tolist() for batch in two]


@given(st.integers(0, 2**31))
def test_another_random_seed_another_order(seed: int) -> None:
    lengths = np.arange(64) % 7  # 64! orders: two equal ones mean that the seed is not used
    one, two = (
        np.concatenate(length_batches(lengths, 4, np.random.default_rng(s))).tolist()
        for s in (seed, seed + 1)
    )
    assert one != two


@given(KEYS, st.integers(1, 40), SEED)
def test_token_batches(keys: list[list[int]], tokens: int, seed: int) -> None:
    """Every sentence once, like lengths together, no batch over the budget, all but one full."""
    found = token_batches(np.array(keys), tokens, np.random.default_rng(seed))
    assert sorted(np.concatenate(found).tolist()) == list(range(len(keys)))
    longest = [max(key) for key in keys]
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(longest[i] for i in batch) <= tokens
        assert [longest[i] for i in batch] == sorted((longest[i] for i in batch), reverse=True)
    found.sort(key=lambda batch: (longest[batch[0]], longest[batch[-1]]), reverse=True)
    assert [longest[i] for batch in found for i in batch] == sorted(longest, reverse=True)
    room = [(len(batch) + 1) * longest[batch[0]] <= tokens for batch in found]
    assert sum(room) <= 1
