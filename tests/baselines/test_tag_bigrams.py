"""Counted tag bigrams: probabilities, smoothing, and decoding against enumeration."""

import re
from itertools import pairwise, product

import numpy as np
import pytest
import torch

from nlpflow.baselines.tag_bigrams import TagBigrams

pytestmark = pytest.mark.long

SEQUENCES = [[0, 1, 2, 0, 1], [0, 1], [2, 0, 1, 2], [1, 2, 2]]


def test_are_distributions_over_tags_and_end() -> None:
    bigrams = TagBigrams(SEQUENCES, 4)
    ends = torch.cat([bigrams.transitions, bigrams.stop.unsqueeze(1)], dim=1).exp().sum(1)
    torch.testing.assert_close(ends, torch.ones(4, dtype=torch.double))
    assert bigrams.prior.exp().sum() == pytest.approx(1)
    for weights in (bigrams.start, bigrams.transitions, bigrams.stop, bigrams.prior):
        assert weights.isfinite().all()  # tag 3 was never seen


def test_follow_the_counts_of_a_large_corpus() -> None:
    """A Markov chain with known probabilities is found again."""
    random = np.random.default_rng(1)
    chain = np.array([[0.1, 0.6, 0.2, 0.1], [0.3, 0.3, 0.3, 0.1], [0.7, 0.1, 0.1, 0.1]])
    sequences = []
    for _ in range(3000):
        sequence = [int(random.choice(3, p=[0.5, 0.3, 0.2]))]
        while (following := int(random.choice(4, p=chain[sequence[-1]]))) < 3:
            sequence.append(following)
        sequences.append(sequence)
    bigrams = TagBigrams(sequences, 3)
    found = torch.cat([bigrams.transitions, bigrams.stop.unsqueeze(1)], dim=1).exp().numpy()
    np.testing.assert_allclose(found, chain, atol=0.03)


def test_interpolation_by_hand() -> None:
    """Tags 0 0 1: of two words tagged 0 one is followed by 0 and one by 1, two different tags."""
    bigrams = TagBigrams([[0, 0, 1]], 2)
    alone = torch.tensor([3, 2, 2]) / 7  # 0, 1 and the end
    found = torch.cat([bigrams.transitions[0], bigrams.stop[:1]]).exp()
    expected = (torch.tensor([1, 1, 0]) + 2 * alone) / (2 + 2)
    torch.testing.assert_close(found, expected.double(), atol=1e-6, rtol=0)


def test_viterbi_equals_enumeration() -> None:
    torch.manual_seed(2)
    bigrams = TagBigrams(SEQUENCES, 3)
    lengths = torch.tensor([4, 2, 1])
    mask = torch.arange(4) < lengths.unsqueeze(1)
    log_probabilities = (2 * torch.randn(3, 4, 3, dtype=torch.double)).log_softmax(2)
    best = bigrams.viterbi(log_probabilities, mask)
    for row, length in enumerate(lengths.tolist()):
        scored = {}
        for path in product(range(3), repeat=length):
            words = zip(log_probabilities[row], path, strict=False)
            score = sum(float(word[tag] - bigrams.prior[tag]) for word, tag in words)
            score += sum(float(bigrams.transitions[move]) for move in pairwise(path))
            scored[path] = score + float(bigrams.start[path[0]] + bigrams.stop[path[-1]])
        found = tuple(best.tags[row, :length].tolist())
        assert found == max(scored, key=scored.__getitem__)
        assert float(best.scores[row]) == pytest.approx(scored[found])


def test_change_what_the_tagger_says_alone() -> None:
    """Where the tagger wavers the bigrams decide: 1 always came after 0."""
    bigrams = TagBigrams([[0, 1, 0, 1], [0, 1]] * 20, 2)
    wavering = torch.tensor([[[0.9, 0.1], [0.55, 0.45], [0.9, 0.1]]]).log()
    assert wavering.argmax(2).tolist() == [[0, 0, 0]]
    best = bigrams.viterbi(wavering, torch.ones(1, 3, dtype=torch.bool))
    assert best.tags.tolist() == [[0, 1, 0]]
    assert best.scores.dtype == torch.float32


@pytest.mark.parametrize(
    ("sequences", "message"),
    [
        ([], "no sentences to count tags in"),
        ([[0], []], "sentence 1 has tags [], expected 0 to 1"),
        ([[0, 2]], "sentence 0 has tags [0, 2], expected 0 to 1"),
        ([[0, -1]], "sentence 0 has tags [0, -1], expected 0 to 1"),
    ],
)
def test_refusals(sequences: list[list[int]], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        TagBigrams(sequences, 2)
