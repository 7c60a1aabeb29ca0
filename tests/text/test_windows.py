"""Windows cut for a whole text at once, against a loop over its words."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.models.word2vec import window_mask
from nlpflow.text.windows import (
    band,
    contexts,
    cut_blocks,
    draw_reach,
    keep_probabilities,
    sentence_numbers,
    subsample,
)


@st.composite
def texts(draw):
    lengths = draw(st.lists(st.integers(0, 7), min_size=1, max_size=12))
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    ids = np.arange(offsets[-1], dtype=np.int32) + 100
    return ids, sentence_numbers(offsets), offsets


@given(texts(), st.integers(1, 6), st.integers(1, 4), st.integers(0, 1000))
def test_blocks_hold_exactly_the_pairs_of_a_loop(text, size, window, seed):
    ids, sentences, _ = text
    blocks = cut_blocks(ids, sentences, size, window)
    reach = draw_reach(len(blocks.ids), size, window, np.random.default_rng(seed))
    mask = window_mask(
        torch.from_numpy(band(size, window)),
        torch.from_numpy(reach),
        torch.from_numpy(np.array(blocks.sentences)),
    ).numpy()
    found = sorted(
        (blocks.ids[b, window + centre], blocks.ids[b, word])
        for b, centre, word in zip(*np.nonzero(mask), strict=True)
    )
    far = reach.ravel()
    expected = sorted(
        (ids[i], ids[j])
        for i in range(len(ids))
        for j in range(len(ids))
        if i != j and abs(i - j) <= far[i] and sentences[i] == sentences[j]
    )
    assert found == expected


@given(texts(), st.integers(0, 4))
def test_contexts_are_those_of_a_loop(text, length):
    ids, sentences, offsets = text
    starts = offsets[:-1][sentences]
    found = contexts(ids, starts, np.arange(len(ids)), length)
    for at, row in enumerate(found):
        before = ids[starts[at] : at][-length:] if length else []
        assert row.tolist() == [-1] * (length - len(before)) + list(before)


def test_reach_goes_from_one_to_the_window():
    reach = draw_reach(200, 10, 3, np.random.default_rng(0))
    assert set(np.unique(reach)) == {1, 2, 3}


def test_frequent_words_are_thinned_out_and_rare_ones_stay():
    counts = np.array([9000, 900, 90, 10, 0])
    keep = keep_probabilities(counts, 0.01)
    share = counts / counts.sum()
    np.testing.assert_allclose(keep[0], np.sqrt(0.01 / share[0]) + 0.01 / share[0])
    assert keep[2:].tolist() == [1, 1, 1]
    ids = np.repeat(np.arange(5, dtype=np.int32), counts)
    kept, numbers = subsample(ids, np.arange(len(ids)), keep, np.random.default_rng(1))
    assert (ids[numbers] == kept).all()
    left = np.bincount(kept, minlength=5)
    assert left[2:].tolist() == [90, 10, 0]
    # Binomial: five standard deviations.
    spread = 5 * np.sqrt(9000 * keep[0] * (1 - keep[0]))
    assert abs(left[0] - 9000 * keep[0]) < spread
