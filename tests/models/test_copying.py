"""The pointer-generator head: a mixture, its gradients, and words never seen in training."""

import itertools

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from networks import KINDS, network
from nlpflow.decoding.beam import beam_search
from nlpflow.decoding.greedy import greedy
from nlpflow.models.copying import CopyingDecoder, CopyReadout
from nlpflow.models.ensemble import Ensemble
from nlpflow.models.recurrent import take_rows
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, UNK

LOOKING = [kind for kind in KINDS if kind != "none"]
VOCABULARY = 7
SRC = torch.tensor([[4, 5, 6, EOS], [6, 1, EOS, 0]])
LENGTHS = torch.tensor([4, 3])
COPIES = torch.tensor([[VOCABULARY, 5, VOCABULARY, EOS], [4, VOCABULARY, EOS, 0]])
TGT = torch.tensor([[VOCABULARY, 5, EOS], [4, EOS, 0]])


def build(kind: str = "additive", **values) -> Seq2Seq:
    torch.manual_seed(1)
    settings = network(kind, **values).model_copy(update={"copying": True})
    return build_seq2seq(settings, VOCABULARY, VOCABULARY, 4).eval()


@pytest.mark.parametrize("kind", LOOKING)
def test_the_mixture_is_that_of_the_definition(kind: str) -> None:
    """See et al. 2017, equation 9, word by word."""
    model = build(kind)
    decoder = model.decoder
    assert isinstance(decoder, CopyingDecoder)
    readout, weights = model.teacher_forced(SRC, LENGTHS, TGT, COPIES)
    found = decoder.logits(readout).exp()
    generated = decoder.below.logits(readout.below).softmax(dim=-1)
    copying = decoder.copying(readout)
    assert found.shape == (2, 3, VOCABULARY + 4)
    for row, step in itertools.product(range(2), range(3)):
        share = copying[row, step].item()
        for word in range(VOCABULARY + 4):
            expected = 0.0
            if word < VOCABULARY:
                expected = (1 - share) * generated[row, step, word].item()
            for position in range(int(LENGTHS[row])):
                if COPIES[row, position] == word:
                    expected += share * weights[row, step, position].item()
            assert found[row, step, word].item() == pytest.approx(expected, abs=1e-6)
    if kind != "local-p":  # whose weights sum to less than 1
        torch.testing.assert_close(found.sum(dim=-1), torch.ones(2, 3))


@pytest.mark.parametrize("kind", LOOKING)
def test_loss_is_that_of_the_logits(kind: str) -> None:
    model = build(kind)
    readout, _ = model.teacher_forced(SRC, LENGTHS, TGT, COPIES)
    counted = TGT != 0
    logits = model.decoder.logits(readout)[counted]
    expected = functional.nll_loss(logits, TGT[counted], reduction="sum")
    found = model.decoder.loss(take_rows(readout, counted), TGT[counted])
    torch.testing.assert_close(found, expected)


def test_gradients() -> None:
    decoder = build().decoder.double()
    assert isinstance(decoder, CopyingDecoder)
    below = torch.randn(3, decoder.gate.in_features, dtype=torch.float64, requires_grad=True)
    scores = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)

    def loss(below: Tensor, scores: Tensor) -> Tensor:
        readout = CopyReadout(below, scores.softmax(dim=-1), COPIES[[0, 0, 1]])
        words = torch.tensor([VOCABULARY, 5, 4])
        return decoder.loss(readout, words)

    assert torch.autograd.gradcheck(loss, (below, scores))


@torch.no_grad()
def test_an_ensemble_with_a_network_that_does_not_copy() -> None:
    """What one member alone can copy has half of its probability, and is unknown to the other."""
    torch.manual_seed(2)
    plain = build_seq2seq(network("dot"), VOCABULARY, VOCABULARY, 4).eval()
    copier = build()
    both = Ensemble([plain, copier])
    readout, _ = both.teacher_forced(SRC, LENGTHS, TGT, COPIES)
    found = both.decoder.logits(readout).softmax(dim=-1)
    one = copier.teacher_forced(SRC, LENGTHS, TGT, COPIES)[0]
    other = plain.teacher_forced(SRC, LENGTHS, TGT.masked_fill(TGT >= VOCABULARY, UNK))[0]
    expected = copier.decoder.logits(one).softmax(dim=-1)
    expected[..., :VOCABULARY] += plain.decoder.logits(other).softmax(dim=-1)
    torch.testing.assert_close(found, expected / 2)


def test_unknown_inputs() -> None:
    """A copied word that the vocabulary lacks is read as the unknown word."""
    model = build()
    unknown = TGT.masked_fill(TGT >= VOCABULARY, UNK)
    for one, other in zip(
        model.teacher_forced(SRC, LENGTHS, TGT, COPIES)[0],
        model.teacher_forced(SRC, LENGTHS, unknown, COPIES)[0],
        strict=True,
    ):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("kind", LOOKING)
def test_searches_copy(kind: str) -> None:
    """Beam 1 is greedy search, and the words of both can be ids of copied words."""
    model = build(kind)
    with torch.no_grad():
        model.decoder.gate.bias.fill_(-3)
    found = greedy(model, SRC, LENGTHS, 5, COPIES)
    searched = beam_search(model, SRC, LENGTHS, 5, 1, copies=COPIES)
    for row, (one,) in enumerate(searched):
        assert found.words[row, : found.lengths[row]].tolist() == one.words
    said = {word for row, (one,) in enumerate(searched) for word in one.words}
    assert said <= {*COPIES.flatten().tolist(), *range(VOCABULARY)}


@pytest.mark.parametrize("kind", ["additive", "transformer"])
def test_beam_equals_exhaustive_search(kind: str) -> None:
    """All outputs of at most two words of the extended vocabulary are scored one by one."""
    model = build(kind)
    src, lengths, copies = SRC[:1], LENGTHS[:1], COPIES[:1]
    words = range(VOCABULARY + 4)
    scored = {}
    for count in range(3):
        for said in itertools.product([word for word in words if word != EOS], repeat=count):
            tgt = torch.tensor([[*said, EOS]])
            readout, _ = model.teacher_forced(src, lengths, tgt, copies)
            scores = model.decoder.logits(readout).log_softmax(dim=-1)[0]
            scored[said] = scores[torch.arange(count + 1), tgt[0]].sum().item()
    best = sorted(scored, key=lambda said: -scored[said])[:3]
    (found,) = beam_search(model, src, lengths, 2, 200, n_best=3, copies=copies)
    assert [tuple(one.words) for one in found] == best
    assert [one.score for one in found] == pytest.approx([scored[said] for said in best], abs=1e-4)


def test_ensemble_with_a_network_that_does_not_copy() -> None:
    """The probability of a word that can only be copied is half of the copying network's."""
    model = build()
    torch.manual_seed(2)
    plain = build_seq2seq(network("additive"), VOCABULARY, VOCABULARY, 4).eval()
    both = Ensemble([model, plain]).eval()
    memory, state = both.encode(SRC, LENGTHS, COPIES)
    words = torch.tensor([[2], [2]])
    together = both.decoder.logits(both.decoder(words, state, memory).readout).exp()
    readout, _ = model.teacher_forced(SRC, LENGTHS, TGT, COPIES)
    alone = model.decoder.logits(take_rows(readout, torch.tensor([0, 1])))[:, 0].exp()
    torch.testing.assert_close(together[:, 0, VOCABULARY:], alone[:, VOCABULARY:] / 2)
    assert both.decoder.copies


def test_learns_to_copy_words_never_seen() -> None:
    """Sources are `a X b Y`, outputs `Y X`: at least 99 % of unseen pairs are right."""
    torch.manual_seed(0)
    size, names = 24, 16  # ids 8 to 23 are names in training; further names are unknown
    settings = network("additive", hidden=32, embedding=32, bidirectional=True, readout="deep")
    model = build_seq2seq(settings.model_copy(update={"copying": True}), size, size, 5)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.005)

    def batch(unseen: bool) -> tuple[Tensor, Tensor, Tensor]:
        drawn = torch.stack([torch.randperm(names)[:2] for _ in range(64)]) + 8
        rare = torch.rand(64, 2) < (1.0 if unseen else 0.5)
        own = torch.tensor([size, size + 1])
        copied = torch.where(rare, own, drawn)
        ids = drawn.masked_fill(rare, UNK)
        frame = torch.tensor([4, 0, 5, 0, EOS]).repeat(64, 1)
        src, copies = frame.clone(), frame.clone()
        src[:, [1, 3]], copies[:, [1, 3]] = ids, copied
        tgt = torch.stack([copied[:, 1], copied[:, 0], torch.full((64,), EOS)], dim=1)
        return src, copies, tgt

    lengths = torch.full((64,), 5)
    for _ in range(250):
        src, copies, tgt = batch(unseen=False)
        readout, _ = model.teacher_forced(src, lengths, tgt, copies)
        everything = torch.ones_like(tgt, dtype=torch.bool)
        loss = model.decoder.loss(take_rows(readout, everything), tgt.flatten()) / tgt.numel()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    right = total = 0
    for _ in range(8):
        src, copies, tgt = batch(unseen=True)
        found = greedy(model, src, lengths, 5, copies)
        right += (found.words[:, :3] == tgt).all(dim=1).sum().item()
        total += len(tgt)
    assert right / total >= 0.99
