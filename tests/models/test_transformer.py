"""The Transformer's decoder against its formula, position by position, and its searches."""

import math

import pytest
import torch
from torch import Tensor

from networks import network
from nlpflow.decoding.greedy import greedy
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.models.transformer import DecoderLayer, TransformerDecoder, TransformerSizes, positions
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, SOS

SENTENCES = [[4, 5, 6, 7, EOS], [8, EOS], [5, 4, 8, EOS]]
SIZES = TransformerSizes(width=6, layers=2, heads=3, feed_forward=5)


def batch() -> tuple[Tensor, Tensor]:
    rows = [torch.tensor(sentence) for sentence in SENTENCES]
    src = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return src, torch.tensor([len(row) for row in rows])


def build(layers: int = 2) -> Seq2Seq:
    torch.manual_seed(7)
    model = build_seq2seq(network("transformer", layers), 9, 11, 5)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(3)
        model.decoder.output.bias[EOS] += 2
    return model.double().eval()


def attend(query: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """One query against all keys, head by head (section 3.2.1)."""
    size = SIZES.width // SIZES.heads
    contexts, weights = [], []
    for head in range(SIZES.heads):
        part = slice(head * size, (head + 1) * size)
        shares = torch.softmax(keys[:, part] @ query[part] / math.sqrt(size), dim=0)
        contexts.append(shares @ values[:, part])
        weights.append(shares)
    return torch.cat(contexts), torch.stack(weights).mean(dim=0)


def naive(layer: DecoderLayer, inputs: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
    """The outputs of a layer and the weights of the source, one position after the other."""
    outputs, all_weights = [], []
    source_keys, source_values = layer.source(source).chunk(2, dim=1)
    for position, x in enumerate(inputs):
        before = layer.norms[0](inputs[: position + 1])
        query, _, _ = layer.own(before[-1]).chunk(3)
        _, keys, values = layer.own(before).chunk(3, dim=1)
        x = x + layer.own_output(attend(query, keys, values)[0])
        context, weights = attend(layer.query(layer.norms[1](x)), source_keys, source_values)
        x = x + layer.source_output(context)
        outputs.append(x + layer.feed_forward(layer.norms[2](x)))
        all_weights.append(weights)
    return torch.stack(outputs), torch.stack(all_weights)


def test_decoder_equals_the_formula() -> None:
    torch.manual_seed(1)
    decoder = TransformerDecoder(11, SIZES).double().eval()
    lengths, words = [4, 2], torch.randint(4, 11, (2, 5))
    mask = torch.arange(4) < torch.tensor(lengths).unsqueeze(1)
    outputs = torch.randn(2, 4, SIZES.width, dtype=torch.double)
    memory, state = decoder.start(outputs, None, mask)
    decoded = decoder(words, state, memory)
    for row, length in enumerate(lengths):
        x = decoder.embedding(words[row]) * math.sqrt(SIZES.width)
        x = x + positions(0, 5, x)
        for layer in decoder.layers:
            x, weights = naive(layer, x, outputs[row, :length])
        torch.testing.assert_close(decoded.readout[row], decoder.norm(x))
        torch.testing.assert_close(decoded.weights[row, :, :length], weights)
        assert not decoded.weights[row, :, length:].any()


def test_positions_are_the_sines_and_cosines_of_the_paper() -> None:
    like = torch.zeros(1, 5, dtype=torch.double)
    found = positions(7, 2, like)
    for row, position in enumerate((7, 8)):
        for i in range(5):
            angle = position / 10_000 ** (2 * (i // 2) / 5)
            expected = math.cos(angle) if i % 2 else math.sin(angle)
            assert found[row, i].item() == pytest.approx(expected, abs=1e-5)
    torch.testing.assert_close(positions(0, 9, like)[7:], found)


def test_steps_one_by_one_equal_all_steps_at_once() -> None:
    model = build()
    words = torch.tensor([[SOS, 5, 6, 7], [SOS, 9, 4, 4], [SOS, 8, 8, 5]])
    memory, state = model.encode(*batch())
    together = model.decoder(words, state, memory)
    for step in range(words.shape[1]):
        one = model.decoder(words[:, step : step + 1], state, memory)
        state = one.state
        torch.testing.assert_close(one.readout[:, 0], together.readout[:, step])
        torch.testing.assert_close(one.weights[:, 0], together.weights[:, step])


def test_greedy_search_equals_a_search_that_keeps_nothing() -> None:
    model = build()
    src, lengths = batch()
    found = greedy(model, src, lengths, 8)
    for row, sentence in enumerate(SENTENCES):
        said: list[int] = []
        while len(said) < 8:
            readout, _ = model.teacher_forced(
                torch.tensor([sentence]),
                torch.tensor([len(sentence)]),
                torch.tensor([[*said, EOS]]),
            )
            word = int(model.decoder.logits(readout[0, -1]).argmax())
            if word == EOS:
                break
            said.append(word)
        assert found.words[row, : found.lengths[row]].tolist() == said
    assert len({int(length) for length in found.lengths}) > 1


def test_sources_longer_than_any_before() -> None:
    src = torch.randint(4, 9, (1, 600))
    readout, weights = build().teacher_forced(src, torch.tensor([600]), torch.tensor([[4, EOS]]))
    assert readout.isfinite().all()
    torch.testing.assert_close(weights.sum(dim=2), torch.ones(1, 2, dtype=torch.double))


def test_gradients_reach_every_weight() -> None:
    model = build(layers=1)
    src, lengths = batch()
    readout, _ = model.teacher_forced(src, lengths, torch.tensor([[5, EOS, 0]] * 3))
    model.decoder.logits(readout).logsumexp(dim=-1).sum().backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None, name
