"""Embeddings that start from vectors, and words that training replaces by the unknown one."""

import pytest
import torch
from torch import nn

from nlpflow.models.embeddings import replace_by_unknown, start_from, word_dropout_rates
from nlpflow.vocabulary import PAD, UNK


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_rates_are_the_formula() -> None:
    rates = word_dropout_rates(torch.tensor([0, 1, 3, 99]), 1.0)
    assert rates.tolist() == pytest.approx([1.0, 0.5, 0.25, 0.01])
    assert word_dropout_rates(torch.tensor([0, 1]), 0.0).tolist() == [0, 0]


def test_negative_strength_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        word_dropout_rates(torch.tensor([1]), -0.1)


def test_words_become_unknown_at_their_rate() -> None:
    ids = torch.tensor([4, 5]).repeat(10_000, 1)
    rates = torch.tensor([1, 1, 1, 1, 0.2, 0.7])
    replaced = replace_by_unknown(ids, rates, generator(1))
    shares = (replaced == UNK).double().mean(dim=0)
    # Five standard deviations of 10,000 draws.
    assert shares.tolist() == pytest.approx([0.2, 0.7], abs=5 * 0.5 / 100)
    assert torch.equal(replaced[replaced != UNK], ids[replaced != UNK])


def test_padding_stays_and_the_input_is_left_alone() -> None:
    ids = torch.tensor([[4, 5, PAD], [5, PAD, PAD]])
    replaced = replace_by_unknown(ids, torch.ones(6), generator(1))
    assert replaced.tolist() == [[UNK, UNK, PAD], [UNK, PAD, PAD]]
    assert ids.tolist() == [[4, 5, PAD], [5, PAD, PAD]]
    assert torch.equal(replace_by_unknown(ids, torch.zeros(6), generator(1)), ids)


def test_one_seed_one_draw() -> None:
    ids, rates = torch.full((50, 50), 4), torch.full((5,), 0.5)
    first, again, other = (replace_by_unknown(ids, rates, generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("std", [1.0, 0.1])
def test_pretrained_rows_are_copied_and_the_others_brought_to_their_spread(std: float) -> None:
    torch.manual_seed(0)
    embedding = nn.Embedding(2000, 8, padding_idx=0)
    with torch.no_grad():
        embedding.weight.mul_(std)
    vectors = torch.zeros(2000, 8)
    vectors[1000:] = 0.3 * torch.randn(1000, 8)
    found = torch.arange(2000) >= 1000
    start_from(embedding, vectors, found, std)
    weight = embedding.weight.detach()
    assert torch.equal(weight[found], vectors[found])
    assert (weight[0] == 0).all()
    assert weight[1:1000].std().item() == pytest.approx(0.3, rel=0.05)
    assert embedding.weight.requires_grad


def test_pretrained_vectors_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(5, 3\), the embedding \(5, 4\)"):
        start_from(nn.Embedding(5, 4), torch.zeros(5, 3), torch.ones(5).bool())


def test_without_any_vector_the_embedding_stays() -> None:
    embedding = nn.Embedding(5, 4)
    before = embedding.weight.detach().clone()
    start_from(embedding, torch.zeros(5, 4), torch.zeros(5).bool())
    assert torch.equal(embedding.weight, before)
