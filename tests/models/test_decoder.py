"""The decoder against the tutorial's, written out for one sentence and one word at a time."""

from itertools import product

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call

from nlpflow.models.attention import (
    ATTENTIONS,
    AdditiveAttention,
    Attention,
    DotAttention,
    GeneralAttention,
    LocalAttention,
    MultiHeadAttention,
    NoAttention,
    Sizes,
    TutorialAttention,
)
from nlpflow.models.seq2seq import GRUDecoder

pytestmark = pytest.mark.long

VOCABULARY, EMBEDDING, HIDDEN, VALUES, MAX_LENGTH, WINDOW = 7, 3, 3, 4, 5, 2
KINDS = list(ATTENTIONS)
LENGTHS, STEPS = [5, 2, 1, 4], 4
SHAPES = list(product(KINDS, [1, 2], [False, True], [False, True]))
every_shape = pytest.mark.parametrize(("kind", "layers", "deep", "tied"), SHAPES)


def build(
    kind: str, layers: int = 1, deep: bool = False, tied: bool = False, dropout: float = 0.0
) -> GRUDecoder:
    torch.manual_seed(11)
    values = HIDDEN if kind == "dot" else VALUES
    attention = ATTENTIONS[kind](Sizes(EMBEDDING, HIDDEN, values, MAX_LENGTH, WINDOW, HIDDEN))
    decoder = GRUDecoder(VOCABULARY, EMBEDDING, HIDDEN, attention, layers, dropout, deep, tied)
    return decoder.double().eval()


def inputs(
    layers: int, kind: str, lengths: list[int] = LENGTHS
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """words, state, values (for `dot` as wide as the state), mask"""
    width = HIDDEN if kind == "dot" else VALUES
    torch.manual_seed(5)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths).unsqueeze(1)
    values = torch.randn(len(lengths), max(lengths), width, dtype=torch.double)
    state = torch.randn(layers, len(lengths), HIDDEN, dtype=torch.double)
    words = torch.randint(1, VOCABULARY, (len(lengths), STEPS))
    return words, state, values * mask.unsqueeze(-1), mask


def naive_attend(attention: Attention, embedded: Tensor, hidden: Tensor, values: Tensor):
    """Context (values,) and weights (time,) for one sentence's values (time, values)."""
    match attention:
        case TutorialAttention():
            layers = attention.from_embedding, attention.from_hidden
            matrix = torch.cat([layer.weight for layer in layers], dim=1)
            scores = matrix @ torch.cat([embedded, hidden]) + layers[0].bias
            weights = torch.softmax(scores[: len(values)], dim=0)
        case AdditiveAttention():
            w, u = attention.from_hidden.weight, attention.from_value
            scores = [
                attention.score.weight[0] @ torch.tanh(w @ hidden + u.weight @ value + u.bias)
                for value in values
            ]
            weights = torch.softmax(torch.stack(scores), dim=0)
        case DotAttention():
            weights = torch.softmax(values @ hidden, dim=0)
        case LocalAttention():
            layers = attention.from_hidden, attention.position
            share = torch.sigmoid(layers[1].weight[0] @ torch.tanh(layers[0].weight @ hidden))
            away = torch.arange(len(values)) - len(values) * share
            scores = values @ attention.from_value.weight.T @ hidden
            scores = scores.masked_fill(away.abs() > WINDOW, float("-inf"))
            weights = torch.softmax(scores, dim=0) * torch.exp(-2 * (away / WINDOW) ** 2)
        case GeneralAttention():
            weights = torch.softmax(values @ attention.from_value.weight.T @ hidden, dim=0)
        case MultiHeadAttention():
            query = attention.from_hidden.weight @ hidden + attention.from_hidden.bias
            both = values @ attention.from_value.weight.T + attention.from_value.bias
            keys, contents = both[:, :HIDDEN], both[:, HIDDEN:]
            size = HIDDEN // attention.heads
            heads = [slice(start, start + size) for start in range(0, HIDDEN, size)]
            shares = [
                torch.softmax(keys[:, head] @ query[head] / size**0.5, dim=0) for head in heads
            ]
            pairs = zip(shares, heads, strict=True)
            found = [share @ contents[:, head] for share, head in pairs]
            return torch.cat(found), torch.stack(shares).mean(dim=0)
        case _:
            return values.new_empty(0), values.new_zeros(len(values))
    return weights @ values, weights


def naive_cell(cell: nn.GRUCell, x: Tensor, h: Tensor) -> Tensor:
    wr, wz, wn = (cell.weight_ih @ x + cell.bias_ih).chunk(3)
    ur, uz, un = (cell.weight_hh @ h + cell.bias_hh).chunk(3)
    r, z = torch.sigmoid(wr + ur), torch.sigmoid(wz + uz)
    return (1 - z) * torch.tanh(wn + r * un) + z * h


def naive_decode(decoder: GRUDecoder, words: Tensor, state: Tensor, values: Tensor):
    """Logits (steps, vocabulary), weights (steps, time) and last state (layers, hidden)."""
    layers, all_logits, all_weights = list(state), [], []
    for word in words:
        embedded = decoder.embedding.weight[word]
        context, weights = naive_attend(decoder.attention, embedded, layers[-1], values)
        if len(context):
            halves = decoder.combine_embedding, decoder.combine_context
            combine = torch.cat([half.weight for half in halves], dim=1)
            x = combine @ torch.cat([embedded, context]) + halves[0].bias
        else:
            x = embedded
        x = torch.clamp(x, min=0)
        for layer, cell in enumerate(decoder.cells):
            layers[layer] = naive_cell(cell, x, layers[layer])
            x = layers[layer] + x if layer and decoder.residual else layers[layer]
        if decoder.deep is not None:
            everything = torch.cat([x, context, embedded])
            x = torch.tanh(decoder.deep.weight @ everything + decoder.deep.bias)
        all_logits.append(decoder.output.weight @ x + decoder.output.bias)
        all_weights.append(weights)
    return torch.stack(all_logits), torch.stack(all_weights), torch.stack(layers)


def test_without_residual_connections_the_formula_has_none() -> None:
    decoder = build("additive", layers=3)
    decoder.residual = False
    words, state, values, mask = inputs(3, "additive")
    decoded = decoder(words, state.unbind(0), decoder.attention.memory(values, mask))
    logits = decoder.logits(decoded.readout)
    expected, _, last = naive_decode(decoder, words[0], state[:, 0], values[0])
    torch.testing.assert_close(logits[0], expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(torch.stack(decoded.state)[:, 0], last, rtol=0, atol=1e-12)


@every_shape
def test_batch_equals_the_formula_of_each_sentence(
    kind: str, layers: int, deep: bool, tied: bool
) -> None:
    decoder = build(kind, layers, deep, tied)
    words, state, values, mask = inputs(layers, kind)
    decoded = decoder(words, tuple(state), decoder.attention.memory(values, mask))
    logits = decoder.logits(decoded.readout)
    assert logits.shape == (len(LENGTHS), STEPS, VOCABULARY)
    assert decoded.weights.shape == (len(LENGTHS), STEPS, max(LENGTHS))
    for row, length in enumerate(LENGTHS):
        expected = naive_decode(decoder, words[row], state[:, row], values[row, :length])
        found = logits[row], decoded.weights[row, :, :length], torch.stack(decoded.state)[:, row]
        for ours, theirs in zip(found, expected, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)
        assert (decoded.weights[row, :, length:] == 0).all()


@every_shape
def test_steps_at_once_equal_steps_one_by_one(
    kind: str, layers: int, deep: bool, tied: bool
) -> None:
    decoder = build(kind, layers, deep, tied)
    words, state, values, mask = inputs(layers, kind)
    memory = decoder.attention.memory(values, mask)
    together = decoder(words, tuple(state), memory)
    for step in range(STEPS):
        one = decoder(words[:, step : step + 1], state, memory)
        state = one.state
        torch.testing.assert_close(one.readout[:, 0], together.readout[:, step])
        torch.testing.assert_close(one.weights[:, 0], together.weights[:, step])
    torch.testing.assert_close(state, together.state)


def test_a_word_changes_nothing_before_it() -> None:
    decoder = build("additive", 2, deep=True)
    words, state, values, mask = inputs(2, "additive")
    memory = decoder.attention.memory(values, mask)
    before = decoder(words, tuple(state), memory).readout
    words[:, 2] = words[:, 2] % (VOCABULARY - 1) + 1
    after = decoder(words, tuple(state), memory).readout
    assert torch.equal(before[:, :2], after[:, :2])
    assert not torch.isclose(before[:, 2], after[:, 2]).all(dim=-1).any()


@pytest.mark.parametrize(
    ("kind", "layers", "deep", "tied"),
    [
        (kind, *shape)
        for kind in KINDS
        for shape in ((1, False, False), (2, True, False), (2, False, True), (1, True, True))
    ],
)
def test_gradients(kind: str, layers: int, deep: bool, tied: bool) -> None:
    decoder = build(kind, layers, deep, tied)
    words, state, values, mask = inputs(layers, kind, [2, 1])
    words = words[:, :2]  # two steps: enough for a state to pass through
    names = [name for name, _ in decoder.named_parameters()]

    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.decoder = decoder

        def forward(self, state: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            decoded = self.decoder(words, tuple(state), self.decoder.attention.memory(values, mask))
            return self.decoder.logits(decoded.readout), decoded.weights, torch.stack(decoded.state)

    whole = Whole()

    def function(state, values, *weights):
        named = {f"decoder.{n}": weight for n, weight in zip(names, weights, strict=True)}
        return functional_call(whole, named, (state, values))

    leaves = [state, values, *decoder.parameters()]
    leaves = [leaf.detach().clone().requires_grad_() for leaf in leaves]
    assert torch.autograd.gradcheck(function, leaves)


@pytest.mark.parametrize("deep", [False, True])
def test_tied_embeddings_are_one_tensor(deep: bool) -> None:
    tied, free = build("additive", deep=deep, tied=True), build("additive", deep=deep)
    assert tied.output.weight is tied.embedding.weight
    count = [sum(p.numel() for p in decoder.parameters()) for decoder in (free, tied)]
    assert count[0] - count[1] == VOCABULARY * EMBEDDING
    tied.logits(torch.ones(1, HIDDEN, dtype=torch.double)).sum().backward()
    assert (tied.embedding.weight.grad != 0).all()


def test_tied_weights_start_small_enough_for_an_output_layer() -> None:
    torch.manual_seed(0)
    decoder = GRUDecoder(2000, 64, 64, NoAttention(), tied_embeddings=True)
    assert decoder.embedding.weight.std().item() == pytest.approx(64**-0.5, rel=0.02)


@pytest.mark.parametrize("kind", ["none", "additive"])
def test_dropout_is_for_training_only(kind: str) -> None:
    decoder = build(kind, 2, deep=True, dropout=0.5)
    words, state, values, mask = inputs(2, kind)

    def logits() -> Tensor:
        memory = decoder.attention.memory(values, mask)
        return decoder.logits(decoder(words, tuple(state), memory).readout)

    assert torch.equal(logits(), logits())
    decoder.train()
    assert not torch.equal(logits(), logits())
