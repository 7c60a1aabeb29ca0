"""The language models: what they see, what they do not, and the sampled softmax."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from nlpflow.models.language_model import LstmLanguageModel, NgramLanguageModel
from nlpflow.models.softmax import Softmax, WordSampler

WORDS = 12


@pytest.fixture
def softmax():
    torch.manual_seed(0)
    layer = Softmax(4, WORDS).double()
    torch.nn.init.normal_(layer.bias)
    return layer


def test_ngram_model_is_its_equation():
    torch.manual_seed(0)
    model = NgramLanguageModel(WORDS, 3, 2, 5).double()
    contexts = torch.tensor([[1, 2], [7, 7], [0, 11]])
    vectors = torch.cat([model.embedding.weight[contexts[:, place]] for place in (0, 1)], dim=1)
    hidden = (vectors @ model.hidden.weight.T + model.hidden.bias).clamp(min=0)
    torch.testing.assert_close(model(contexts), hidden)
    logits = hidden @ model.output.weight.T + model.output.bias[:, 0]
    words = torch.tensor([3, 0, 5])
    expected = -torch.log_softmax(logits, 1)[torch.arange(3), words].sum()
    torch.testing.assert_close(model.output.loss(hidden, words), expected)


def test_lstm_sees_nothing_of_what_comes_and_nothing_of_its_neighbours():
    torch.manual_seed(0)
    model = LstmLanguageModel(WORDS, 3, 5, 2, 0.5).double().eval()
    words = torch.randint(0, WORDS, (2, 6))
    both = model(words, torch.tensor([6, 4]))
    alone = model(words[1:, :4], torch.tensor([4]))
    mine = pack_padded_sequence(torch.tensor([[0] * 6, [1] * 6]), [6, 4], batch_first=True).data
    torch.testing.assert_close(both[mine == 1], alone)
    changed = words.clone()
    changed[0, 4] = (changed[0, 4] + 1) % WORDS
    again = model(changed, torch.tensor([6, 4]))
    same = (again == both).all(1)
    first = torch.nonzero(mine == 0).flatten()
    assert same[first].tolist() == [True] * 4 + [False] * 2


def test_gradients(softmax):
    features = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    words, drawn = torch.tensor([1, 5, 1]), torch.tensor([0, 1, 7, 7])
    chances = torch.full((WORDS,), 1 / WORDS, dtype=torch.float64).log()

    def loss(features, weight, bias):
        return softmax.sampled_loss(features, words, drawn, chances)

    # gradcheck moves its inputs in place, and the parameters are among them.
    assert torch.autograd.gradcheck(loss, (features, softmax.weight, softmax.bias))


def test_sparse_gradients_equal_dense_ones():
    torch.manual_seed(1)
    dense, sparse = Softmax(4, WORDS), Softmax(4, WORDS, sparse=True)
    sparse.load_state_dict(dense.state_dict())
    features, words = torch.randn(3, 4), torch.tensor([1, 5, 1])
    drawn, chances = torch.tensor([0, 1, 7, 7]), torch.zeros(WORDS)
    for layer in (dense, sparse):
        layer.sampled_loss(features, words, drawn, chances).backward()
    assert sparse.weight.grad.is_sparse
    torch.testing.assert_close(sparse.weight.grad.to_dense(), dense.weight.grad)
    torch.testing.assert_close(sparse.bias.grad.to_dense(), dense.bias.grad)


def test_sampled_loss_tends_to_the_exact_one(softmax):
    torch.manual_seed(2)
    sampler = WordSampler(np.arange(1, WORDS + 1))
    chances = sampler.log_probabilities().double()
    features, words = torch.randn(50, 4, dtype=torch.float64), torch.randint(0, WORDS, (50,))
    exact = softmax.loss(features, words).item() / 50
    errors = []
    for size in (10, 100_000):
        drawn = torch.from_numpy(sampler.draw(size, np.random.default_rng(0)))
        loss = softmax.sampled_loss(features, words, drawn, chances).item() / 50
        errors.append(abs(loss - exact))
    assert errors[1] < 0.01 < errors[0]
