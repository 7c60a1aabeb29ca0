"""Random sampling: frequencies, limits of temperature and nucleus, and batches."""

import pytest
import torch

from networks import KINDS, network
from nlpflow.decoding.greedy import greedy
from nlpflow.decoding.sampling import sample
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS

SRC = torch.tensor([[4, 5, EOS], [6, EOS, 0]])
LENGTHS = torch.tensor([3, 2])


def build(kind: str = "additive") -> Seq2Seq:
    torch.manual_seed(3)
    return build_seq2seq(network(kind), 8, 8, 3).eval()


def uniforms(rows: int, steps: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(rows, steps, generator=torch.Generator().manual_seed(seed))


def test_frequencies_are_the_probabilities() -> None:
    model = build()
    count = 4000
    src, lengths = SRC[:1].repeat(count, 1), LENGTHS[:1].repeat(count)
    found = sample(model, src, lengths, uniforms(count, 1))
    readout, _ = model.teacher_forced(SRC[:1], LENGTHS[:1], torch.tensor([[EOS]]))
    shares = model.decoder.logits(readout)[0, 0].softmax(dim=-1)
    seen = torch.bincount(found.words[:, 0], minlength=8) / count
    # Five standard deviations of a share of 4,000 draws.
    assert (seen - shares).abs().max() < 5 * (0.25 / count) ** 0.5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [{"temperature": 1e-4}, {"nucleus": 1e-6}])
def test_the_limit_is_greedy_search(kind: str, limit: dict[str, float]) -> None:
    model = build(kind)
    expected = greedy(model, SRC, LENGTHS, 5)
    found = sample(model, SRC, LENGTHS, uniforms(2, 6), **limit)
    for row, length in enumerate(expected.lengths.tolist()):
        assert found.words[row, :length].tolist() == expected.words[row, :length].tolist()


def test_only_words_of_the_nucleus() -> None:
    """The words with the largest probabilities until their sum is at least the nucleus."""
    model = build()
    readout, _ = model.teacher_forced(SRC[:1], LENGTHS[:1], torch.tensor([[EOS]]))
    shares, words = model.decoder.logits(readout)[0, 0].softmax(dim=-1).sort(descending=True)
    nucleus = shares[:2].sum().item() - 1e-3
    count = 500
    src, lengths = SRC[:1].repeat(count, 1), LENGTHS[:1].repeat(count)
    found = sample(model, src, lengths, uniforms(count, 1), nucleus=nucleus)
    assert set(found.words[:, 0].tolist()) == set(words[:2].tolist())


@pytest.mark.parametrize("kind", KINDS)
def test_an_output_is_the_same_in_any_batch(kind: str) -> None:
    model = build(kind)
    drawn = uniforms(2, 6)
    together = sample(model, SRC, LENGTHS, drawn)
    for row, time in enumerate(LENGTHS.tolist()):
        alone = sample(
            model, SRC[row : row + 1, :time], LENGTHS[row : row + 1], drawn[row : row + 1]
        )
        length = int(alone.lengths[0])
        assert int(together.lengths[row]) == length
        assert together.words[row, :length].tolist() == alone.words[0, :length].tolist()
