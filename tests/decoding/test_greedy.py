"""Greedy search against a step-by-step argmax for one sentence; where it ends."""

from itertools import count

import pytest
import torch
from torch import Tensor

from networks import KINDS, network
from nlpflow.decoding import greedy as greedy_search
from nlpflow.decoding.greedy import greedy
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, SOS

pytestmark = pytest.mark.long

SENTENCES = [[4, 5, 6, 7, EOS], [8, EOS], [EOS], [5, 4, 8, EOS], [6, 6, EOS], [7, 8, 6, EOS]]


def build(kind: str, seed: int = 0, eos: float = 0.0) -> Seq2Seq:
    """A random model with large weights; `eos` makes `<EOS>` likelier."""
    torch.manual_seed(seed)
    model = build_seq2seq(network(kind), 9, 11, 5)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(3)
        model.decoder.output.bias[EOS] += eos
    return model.double().eval()


def ending(kind: str) -> Seq2Seq:
    """A model that ends some sentences and not others."""
    seed = {"local-p": 1, "transformer": 3}.get(kind, 0)
    return build(kind, seed, eos=3 if kind == "dot" else 2)


def batch(sentences: list[list[int]] = SENTENCES) -> tuple[Tensor, Tensor]:
    rows = [torch.tensor(sentence) for sentence in sentences]
    src = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return src, torch.tensor([len(row) for row in rows])


@torch.no_grad()
def step_by_step(model: Seq2Seq, sentence: list[int], max_tokens: int):
    """Words with their `<EOS>` if said in time, and the weights of each."""
    memory, state = model.encode(*batch([sentence]))
    words, weights = [SOS], []
    while len(words) <= max_tokens + 1 and words[-1] != EOS:
        decoded = model.decoder(torch.tensor([[words[-1]]]), state, memory)
        state = decoded.state
        words.append(int(model.decoder.logits(decoded.readout)[0, 0].argmax()))
        weights.append(decoded.weights[0, 0])
    said = words[1:]
    return said if said[-1] == EOS else said[:max_tokens], weights


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("max_tokens", [1, 4, 12])
def test_equals_argmax_step_by_step(kind: str, max_tokens: int) -> None:
    model = ending(kind)
    src, lengths = batch()
    found = greedy(model, src, lengths, max_tokens)
    for row, sentence in enumerate(SENTENCES):
        expected, weights = step_by_step(model, sentence, max_tokens)
        length = int(found.lengths[row])
        assert length == len([word for word in expected if word != EOS])
        assert found.words[row, : len(expected)].tolist() == expected
        for step in range(len(expected)):
            ours = found.weights[row, step]
            width = len(weights[step])
            torch.testing.assert_close(ours[:width], weights[step], rtol=0, atol=1e-12)
            assert (ours[width:] == 0).all()


def test_the_sample_has_sentences_that_end_and_others_that_do_not() -> None:
    """Else the test above would not test what it seems to."""
    for kind in KINDS:
        found = greedy(ending(kind), *batch(), 12)
        assert len(found.lengths.unique()) > 1
        assert found.lengths.min() < 12


@pytest.mark.parametrize("max_tokens", [1, 6])
def test_length_limit(max_tokens: int) -> None:
    src, lengths = batch()
    found = greedy(build("additive", eos=-1000), src, lengths, max_tokens)
    assert found.lengths.tolist() == [max_tokens] * len(src)
    assert EOS not in found.words[:, :max_tokens]
    assert found.weights.shape == (*found.words.shape, src.shape[1])


def test_the_limit_counts_words_and_leaves_room_for_eos() -> None:
    for seed in count():
        model = build("additive", seed, eos=1)
        said, _ = step_by_step(model, SENTENCES[0], 12)
        if said[-1] == EOS and len(said) > 4:
            break
    words = len(said) - 1
    exactly = greedy(model, *batch(SENTENCES[:1]), words)
    assert exactly.lengths.tolist() == [words]
    assert exactly.words[0, : words + 1].tolist() == said
    cut = greedy(model, *batch(SENTENCES[:1]), words - 1)
    assert cut.lengths.tolist() == [words - 1]
    assert cut.words[0, : words - 1].tolist() == said[: words - 1]


def test_ends_as_soon_as_every_sentence_has() -> None:
    found = greedy(build("additive", eos=1000), *batch(), 50)
    assert found.words.tolist() == [[EOS]] * len(SENTENCES)
    assert found.lengths.tolist() == [0] * len(SENTENCES)
    assert found.weights.shape == (len(SENTENCES), 1, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_of_every_step(kind: str) -> None:
    src, lengths = batch()
    found = greedy(ending(kind), src, lengths, 6)
    assert found.weights.shape == (*found.words.shape, src.shape[1])
    steps = torch.arange(found.words.shape[1])
    said = found.weights[steps <= found.lengths.unsqueeze(1)]  # `<EOS>` included
    total = said.sum(dim=-1)
    if kind == "local-p":
        assert ((total > 0) & (total < 1)).all()
    else:
        torch.testing.assert_close(total, torch.full_like(total, 0.0 if kind == "none" else 1.0))


def many(count: int) -> tuple[Tensor, Tensor]:
    """Sentences of 1 to 7 words, the longest first."""
    torch.manual_seed(1)
    sizes = sorted(torch.randint(1, 8, (count,)).tolist(), reverse=True)
    return batch([[*torch.randint(4, 9, (size,)).tolist(), EOS] for size in sizes])


@pytest.mark.parametrize("kind", ["none", "tutorial", "additive"])
def test_sentences_leave_the_batch_and_the_others_keep_their_bytes(kind: str, monkeypatch) -> None:
    model = build(kind, eos=3).float()
    src, lengths = many(101)
    sizes: list[int] = []
    hook = model.decoder.register_forward_hook(lambda _, given, __: sizes.append(len(given[0])))
    found = greedy(model, src, lengths, 30)
    hook.remove()
    assert sizes[0] == 101
    assert sizes[-1] < 60
    assert all((101 - size) % greedy_search.BLOCK == 0 for size in sizes)
    monkeypatch.setattr(greedy_search, "BLOCK", 101)  # nobody leaves
    whole = greedy(model, src, lengths, 30)
    assert torch.equal(found.lengths, whole.lengths)
    said = torch.arange(found.words.shape[1]) <= found.lengths.unsqueeze(1)
    assert torch.equal(found.words[said], whole.words[said])
    assert torch.equal(found.weights[said], whole.weights[said])


def test_tutorial_attention_and_a_source_longer_than_any_in_training() -> None:
    model = build("tutorial", eos=2)
    long = [4, 5, 6, 7, 8, 4, 5, EOS]
    found = greedy(model, *batch([long, [5, EOS]]), 6)
    assert found.weights.shape[2] == model.decoder.attention.max_length == 5
    expected, _ = step_by_step(model, long, 6)
    assert found.words[0, : len(expected)].tolist() == expected


def test_no_graph_is_kept() -> None:
    found = greedy(build("additive"), *batch(), 3)
    assert not found.weights.requires_grad
