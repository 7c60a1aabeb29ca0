"""The encoder against a GRU written out for one sentence at a time."""

import pytest
import torch
from torch import Tensor

from nlpflow.models.seq2seq import GRUEncoder

VOCABULARY, EMBEDDING, HIDDEN = 9, 3, 4
SHAPES = [(1, False), (2, False), (1, True), (3, True)]
SENTENCES = [[4, 5, 3], [3], [8, 4, 4, 6, 3], [7, 3]]


def build(
    layers: int, bidirectional: bool, dropout: float = 0.0, residual: bool = True
) -> GRUEncoder:
    torch.manual_seed(layers)
    encoder = GRUEncoder(VOCABULARY, EMBEDDING, HIDDEN, layers, bidirectional, dropout, residual)
    return encoder.double().eval()


def batch(extra: int = 0) -> tuple[Tensor, Tensor]:
    rows = [torch.tensor(sentence) for sentence in SENTENCES]
    src = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return torch.nn.functional.pad(src, (0, extra)), torch.tensor([len(row) for row in rows])


def gru(layer: torch.nn.GRU, name: str, inputs: list[Tensor]) -> list[Tensor]:
    """The states of one layer in one direction (Cho et al. 2014, with r inside the product)."""
    parts = [getattr(layer, f"{kind}_{name}") for kind in ("weight_ih", "weight_hh")]
    parts += [getattr(layer, f"{kind}_{name}") for kind in ("bias_ih", "bias_hh")]
    (wr, wz, wn), (ur, uz, un), (br, bz, bn), (cr, cz, cn) = (part.chunk(3) for part in parts)
    h, states = torch.zeros(HIDDEN, dtype=torch.double), []
    for x in inputs:
        r = torch.sigmoid(wr @ x + br + ur @ h + cr)
        z = torch.sigmoid(wz @ x + bz + uz @ h + cz)
        n = torch.tanh(wn @ x + bn + r * (un @ h + cn))
        h = (1 - z) * n + z * h
        states.append(h)
    return states


def naive(encoder: GRUEncoder, sentence: list[int], layers: int, bidirectional: bool):
    """Outputs (time, output_size) and the last state of each layer (layers, hidden)."""
    inputs = [encoder.embedding.weight[word] for word in sentence]
    last = []
    for number, layer in enumerate([encoder.gru, *encoder.upper]):
        states = forward = gru(layer, "l0", inputs)
        if bidirectional:
            backward = gru(layer, "l0_reverse", inputs[::-1])
            both = torch.cat([forward[-1], backward[-1]])
            last.append(torch.tanh(encoder.bridge.weight @ both + encoder.bridge.bias))
            states = [torch.cat(pair) for pair in zip(forward, backward[::-1], strict=True)]
        else:
            last.append(forward[-1])
        added = number > 0 and encoder.residual
        inputs = [x + y for x, y in zip(states, inputs, strict=True)] if added else states
    assert len(last) == layers
    return torch.stack(inputs), torch.stack(last)


@pytest.mark.parametrize("residual", [True, False])
@pytest.mark.parametrize(("layers", "bidirectional"), SHAPES)
def test_batch_equals_the_formula_of_each_sentence(
    layers: int, bidirectional: bool, residual: bool
) -> None:
    encoder = build(layers, bidirectional, residual=residual)
    src, lengths = batch(extra=2)
    outputs, state = encoder(src, lengths)
    assert outputs.shape == (*src.shape, encoder.output_size)
    assert state.shape == (layers, len(SENTENCES), HIDDEN)
    for row, sentence in enumerate(SENTENCES):
        words, last = naive(encoder, sentence, layers, bidirectional)
        torch.testing.assert_close(outputs[row, : len(sentence)], words, rtol=0, atol=1e-12)
        assert (outputs[row, len(sentence) :] == 0).all()
        torch.testing.assert_close(state[:, row], last, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("layers", "bidirectional"), SHAPES)
def test_what_stands_at_padding_changes_nothing(layers: int, bidirectional: bool) -> None:
    encoder = build(layers, bidirectional)
    src, lengths = batch()
    before = encoder(src, lengths)
    after = encoder(src.where(src > 0, 8), lengths)
    for old, new in zip(before, after, strict=True):
        assert torch.equal(old, new)


def test_padding_is_never_trained() -> None:
    encoder = build(1, True)
    src, lengths = batch()
    outputs, state = encoder(src, lengths)
    (outputs.sum() + state.sum()).backward()
    used = sorted({word for sentence in SENTENCES for word in sentence})
    moved = encoder.embedding.weight.grad.abs().sum(dim=1).nonzero().flatten().tolist()
    assert moved == used


def test_dropout_is_for_training_only() -> None:
    encoder = build(2, False, dropout=0.5)
    src, lengths = batch()
    assert torch.equal(encoder(src, lengths)[0], encoder(src, lengths)[0])
    encoder.train()
    assert not torch.equal(encoder(src, lengths)[0], encoder(src, lengths)[0])
