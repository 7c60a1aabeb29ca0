"""The whole network and its two ways of feeding the decoder."""

from itertools import product

import pytest
import torch
from torch import Tensor

from nlpflow.models.attention import ATTENTIONS
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation_model import GRUModel
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, PAD, SOS

SRC_VOCABULARY, TGT_VOCABULARY, MAX_LENGTH, STEPS = 9, 8, 5, 7
KINDS = list(ATTENTIONS)


def build(kind: str, seed: int = 1, **settings) -> Seq2Seq:
    torch.manual_seed(seed)
    values = {"embedding": 5, "hidden": 6} | settings
    model = build_seq2seq(
        GRUModel(attention=kind, **{"heads": 2} | values),
        SRC_VOCABULARY,
        TGT_VOCABULARY,
        MAX_LENGTH,
    )
    return model.double().eval()


def source() -> tuple[Tensor, Tensor]:
    rows = [[4, 5, 6, EOS], [8, EOS], [EOS], [5, 4, 8, 7, EOS], [6, 6, EOS]]
    src = [torch.tensor(row) for row in rows]
    return torch.nn.utils.rnn.pad_sequence(src, batch_first=True), torch.tensor(
        [len(row) for row in rows]
    )


def talkative(kind: str, **settings) -> Seq2Seq:
    """A model with large weights whose own words differ, and that says <EOS> to some sentences."""
    src, lengths = source()
    for seed in range(100):
        model = build(kind, seed, **{"embedding": 16, "hidden": 16} | settings)
        with torch.no_grad():
            for weight in model.parameters():
                weight.mul_(5)
            model.decoder.output.bias.zero_()
            readout, _ = model.free_running(
                src, lengths, torch.zeros(len(src), STEPS, dtype=torch.long)
            )
            words = model.decoder.logits(readout).argmax(dim=-1)
        ends = (words[:, :-1] == EOS).any(dim=1)
        if len(words.unique()) > 2 and ends.any() and not ends.all():
            return model
    raise AssertionError("no such model among 100")


def test_the_mask_is_true_at_tokens_and_false_at_padding() -> None:
    src, lengths = source()
    memory, state = build("additive", layers=2).encode(src, lengths)
    assert torch.equal(memory.mask, src != PAD)
    assert memory.values.shape == (*src.shape, 6)
    assert [layer.shape for layer in state] == [(len(src), 6)] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_teacher_forcing_feeds_the_reference_shifted_by_one(kind: str) -> None:
    model = build(kind)
    src, lengths = source()
    tgt = torch.randint(4, TGT_VOCABULARY, (len(src), STEPS))
    readout, weights = model.teacher_forced(src, lengths, tgt)
    memory, state = model.encode(src, lengths)
    for step in range(STEPS):
        word = torch.full((len(src), 1), SOS) if step == 0 else tgt[:, step - 1 : step]
        decoded = model.decoder(word, state, memory)
        state = decoded.state
        torch.testing.assert_close(decoded.readout[:, 0], readout[:, step])
        torch.testing.assert_close(decoded.weights[:, 0], weights[:, step])


@pytest.mark.parametrize(
    ("kind", "deep", "layers"), list(product(KINDS, ["state", "deep"], [1, 2]))
)
def test_free_running_is_teacher_forcing_with_the_models_own_words(
    kind: str, deep: str, layers: int
) -> None:
    model = talkative(kind, readout=deep, layers=layers)
    src, lengths = source()
    free, counted = model.free_running(src, lengths, torch.zeros(len(src), STEPS, dtype=torch.long))
    own = model.decoder.logits(free).argmax(dim=-1)
    forced, _ = model.teacher_forced(src, lengths, own)
    torch.testing.assert_close(free, forced, rtol=0, atol=1e-12)
    for row in range(len(src)):
        for step in range(STEPS):
            assert counted[row, step].item() == (EOS not in own[row, :step])


def test_steps_after_eos_do_not_count() -> None:
    model = build("additive")
    src, lengths = source()
    tgt = torch.zeros(len(src), STEPS, dtype=torch.long)
    with torch.no_grad():
        model.decoder.output.bias[EOS] = 100
    _, counted = model.free_running(src, lengths, tgt)
    assert torch.equal(counted.sum(dim=1), torch.ones(len(src), dtype=torch.long))
    with torch.no_grad():
        model.decoder.output.bias[EOS] = -100
    _, counted = model.free_running(src, lengths, tgt)
    assert counted.all()


def test_free_reads_nothing_of_the_reference_but_its_length() -> None:
    model = talkative("tutorial")
    src, lengths = source()
    torch.manual_seed(0)
    first, second = (torch.randint(1, TGT_VOCABULARY, (len(src), STEPS)) for _ in range(2))
    for one, other in zip(
        model.free_running(src, lengths, first),
        model.free_running(src, lengths, second),
        strict=True,
    ):
        assert torch.equal(one, other)


@pytest.mark.parametrize("mode", ["teacher_forced", "free_running"])
def test_every_weight_learns(mode: str) -> None:
    model = talkative("additive", layers=2, bidirectional=True, readout="deep")
    src, lengths = source()
    tgt = torch.randint(4, TGT_VOCABULARY, (len(src), STEPS))
    readout, _ = getattr(model, mode)(src, lengths, tgt)
    model.decoder.logits(readout).square().sum().backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name


@pytest.mark.parametrize("kind", KINDS)
def test_weights_depend_on_the_random_seed_alone(kind: str) -> None:
    first, again, other = (build(kind, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)
