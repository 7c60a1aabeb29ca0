"""Skip-gram and CBOW against their equations, pair by pair, and their gradients."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from nlpflow.models.softmax import WordSampler
from nlpflow.models.word2vec import Cbow, SkipGram, window_mask
from nlpflow.text.windows import band, cut_blocks

WORDS, SIZE, WINDOW = 11, 4, 2


@pytest.fixture
def blocks():
    rng = np.random.default_rng(3)
    ids = rng.integers(0, WORDS, 14).astype(np.int32)
    sentences = np.repeat(np.arange(3, dtype=np.int32), [6, 1, 7])
    cut = cut_blocks(ids, sentences, SIZE, WINDOW)
    reach = torch.from_numpy(rng.integers(1, WINDOW + 1, (len(cut.ids), SIZE)))
    mask = window_mask(
        torch.from_numpy(band(SIZE, WINDOW)), reach, torch.from_numpy(np.array(cut.sentences))
    )
    return torch.from_numpy(np.array(cut.ids)).long(), mask


def filled(model):
    torch.manual_seed(0)
    model = model.double()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter)
    return model


def pairs(ids, mask):
    for block, centre, word in mask.nonzero().tolist():
        yield ids[block, centre + WINDOW], ids[block, word]


def test_skipgram_loss_is_that_of_its_equation(blocks):
    ids, mask = blocks
    model = filled(SkipGram(WORDS, 5))
    noise = torch.tensor([1, 4, 4, 9])
    expected = torch.zeros((), dtype=torch.float64)
    for centre, word in pairs(ids, mask):
        v, u = model.embedding.weight[centre], model.output.weight
        expected = expected - functional.logsigmoid(u[word] @ v)
        expected = expected - 3 / 4 * functional.logsigmoid(-(u[noise] @ v)).sum()
    found = model(ids, mask.double(), noise, 3)
    torch.testing.assert_close(found, expected)
    found.backward()
    dense = [parameter.grad.to_dense() for parameter in model.parameters()]
    model.zero_grad()
    expected.backward()
    for gradient, parameter in zip(dense, model.parameters(), strict=True):
        torch.testing.assert_close(gradient, parameter.grad)


def test_cbow_sums_are_those_of_the_words_around(blocks):
    ids, mask = blocks
    model = filled(Cbow(WORDS, 5))
    sums, centres = model(ids, mask.double())
    row = 0
    for block in range(len(ids)):
        for centre in range(SIZE):
            around = ids[block][mask[block, centre].bool()]
            if not len(around):
                continue
            torch.testing.assert_close(sums[row], model.embedding.weight[around].sum(0))
            assert centres[row] == ids[block, centre + WINDOW]
            row += 1
    assert row == len(sums) > 0


def test_sampler_draws_by_frequency_and_never_without_a_count():
    counts = np.array([0, 16, 0, 81, 1, 0])
    sampler = WordSampler(counts)
    expected = np.array([0, 8, 0, 27, 1, 0]) / 36
    np.testing.assert_allclose(sampler.probabilities, expected)
    drawn = np.bincount(sampler.draw(20_000, np.random.default_rng(0)), minlength=6)
    assert drawn[[0, 2, 5]].tolist() == [0, 0, 0]
    np.testing.assert_allclose(drawn / 20_000, expected, atol=0.02)
    torch.testing.assert_close(sampler.log_probabilities().exp().double(), torch.tensor(expected))


def test_sampler_without_counts_is_refused():
    with pytest.raises(ValueError, match="all counts are 0"):
        WordSampler(np.zeros(4, np.int64))
