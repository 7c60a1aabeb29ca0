"""Attention against its formulas, one sentence at a time; its masks; its gradients."""

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
from nlpflow.models.memory import masked_softmax

EMBEDDING, HIDDEN, VALUES, MAX_LENGTH = 3, 5, 5, 6  # dot needs HIDDEN equal to VALUES
LENGTHS = [4, 1, 6, 3]
KINDS = list(ATTENTIONS)
WINDOW = 2
HEADS = 5


def build(kind: str) -> Attention:
    torch.manual_seed(7)
    return ATTENTIONS[kind](Sizes(EMBEDDING, HIDDEN, VALUES, MAX_LENGTH, WINDOW, HEADS)).double()


def inputs(lengths: list[int] = LENGTHS) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """values, mask, embedded, hidden"""
    generator = torch.Generator().manual_seed(3)
    batch, time = len(lengths), max(lengths)

    def draw(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.double)

    mask = torch.arange(time) < torch.tensor(lengths).unsqueeze(1)
    return draw(batch, time, VALUES), mask, draw(batch, EMBEDDING), draw(batch, HIDDEN)


def look(
    attention: Attention, values: Tensor, mask: Tensor, embedded: Tensor, hidden: Tensor
) -> tuple[Tensor, Tensor]:
    context, weights = attention(attention.query(embedded), hidden, attention.memory(values, mask))
    return context, weights


def naive_tutorial(attention: TutorialAttention, words: Tensor, embedded: Tensor, hidden: Tensor):
    """softmax(W [embedding, hidden] + b), of one sentence: words (time, values)."""
    matrix = torch.cat([attention.from_embedding.weight, attention.from_hidden.weight], dim=1)
    scores = matrix @ torch.cat([embedded, hidden]) + attention.from_embedding.bias
    raised = [torch.exp(scores[i]) for i in range(len(words))]
    weights = torch.stack([value / sum(raised) for value in raised])
    return sum(weight * word for weight, word in zip(weights, words, strict=True)), weights


def naive_additive(attention: AdditiveAttention, words: Tensor, embedded: Tensor, hidden: Tensor):
    """e_i = v · tanh(W hidden + U word_i + b), of one sentence: words (time, values)."""
    w, u, b = (
        attention.from_hidden.weight,
        attention.from_value.weight,
        attention.from_value.bias,
    )
    raised = [
        torch.exp(attention.score.weight[0] @ torch.tanh(w @ hidden + u @ word + b))
        for word in words
    ]
    weights = torch.stack([value / sum(raised) for value in raised])
    return sum(weight * word for weight, word in zip(weights, words, strict=True)), weights


def naive_dot(attention: DotAttention, words: Tensor, embedded: Tensor, hidden: Tensor):
    weights = torch.softmax(torch.stack([hidden @ word for word in words]), dim=0)
    return sum(weight * word for weight, word in zip(weights, words, strict=True)), weights


def naive_general(attention: GeneralAttention, words: Tensor, embedded: Tensor, hidden: Tensor):
    matrix = attention.from_value.weight
    weights = torch.softmax(torch.stack([hidden @ (matrix @ word) for word in words]), dim=0)
    return sum(weight * word for weight, word in zip(weights, words, strict=True)), weights


def naive_local(attention: LocalAttention, words: Tensor, embedded: Tensor, hidden: Tensor):
    """Equations 7 to 10, over the positions of the window alone."""
    w, v, matrix = (
        attention.from_hidden.weight,
        attention.position.weight[0],
        attention.from_value.weight,
    )
    place = len(words) * torch.sigmoid(v @ torch.tanh(w @ hidden))
    near = [s for s in range(len(words)) if place - WINDOW <= s <= place + WINDOW]
    align = torch.softmax(torch.stack([hidden @ (matrix @ words[s]) for s in near]), dim=0)
    weights = torch.zeros(len(words), dtype=torch.double)
    for share, s in zip(align, near, strict=True):
        weights[s] = share * torch.exp(-((s - place) ** 2) / (2 * (WINDOW / 2) ** 2))
    return sum(weight * word for weight, word in zip(weights, words, strict=True)), weights


def naive_multi_head(
    attention: MultiHeadAttention, words: Tensor, embedded: Tensor, hidden: Tensor
):
    """Head by head: softmax(q · k / sqrt(d)), of one sentence: words (time, values)."""
    query = attention.from_hidden(hidden)
    both = torch.stack([attention.from_value(word) for word in words])
    size = HIDDEN // HEADS
    contexts, weights = [], []
    for head in range(HEADS):
        part = slice(head * size, (head + 1) * size)
        keys, values = both[:, :HIDDEN][:, part], both[:, HIDDEN:][:, part]
        shares = torch.softmax(keys @ query[part] / size**0.5, dim=0)
        contexts.append(shares @ values)
        weights.append(shares)
    return torch.cat(contexts), torch.stack(weights).mean(dim=0)


@pytest.mark.parametrize(
    ("kind", "naive"),
    [
        ("tutorial", naive_tutorial),
        ("additive", naive_additive),
        ("dot", naive_dot),
        ("general", naive_general),
        ("local-p", naive_local),
        ("multi-head", naive_multi_head),
    ],
)
def test_batch_equals_the_formula_of_each_sentence(kind: str, naive) -> None:
    attention = build(kind)
    values, mask, embedded, hidden = inputs()
    context, weights = look(attention, values, mask, embedded, hidden)
    assert context.shape == (len(LENGTHS), attention.context_size)
    assert weights.shape == mask.shape
    for row, length in enumerate(LENGTHS):
        expected, shares = naive(attention, values[row, :length], embedded[row], hidden[row])
        torch.testing.assert_close(context[row], expected, rtol=0, atol=1e-12)
        torch.testing.assert_close(weights[row, :length], shares, rtol=0, atol=1e-12)


def test_no_attention_sees_nothing() -> None:
    values, mask, embedded, hidden = inputs()
    context, weights = look(build("none"), values, mask, embedded, hidden)
    assert context.shape == (len(LENGTHS), 0) == (len(LENGTHS), NoAttention.context_size)
    assert torch.equal(weights, torch.zeros(mask.shape, dtype=torch.double))


@pytest.mark.parametrize("kind", ["tutorial", "additive", "dot", "general", "multi-head"])
def test_masked_positions_weigh_exactly_nothing(kind: str) -> None:
    values, mask, embedded, hidden = inputs()
    _, weights = look(build(kind), values, mask, embedded, hidden)
    assert (weights[~mask] == 0).all()
    assert (weights[mask] > 0).all()
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(len(LENGTHS), dtype=torch.double))


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_at_padding_changes_nothing(kind: str) -> None:
    attention = build(kind)
    values, mask, embedded, hidden = inputs()
    before = look(attention, values, mask, embedded, hidden)
    after = look(attention, values.masked_fill(~mask[..., None], 1e6), mask, embedded, hidden)
    for old, new in zip(before, after, strict=True):
        assert torch.equal(old, new)


@pytest.mark.parametrize("kind", KINDS)
def test_more_padding_changes_nothing(kind: str) -> None:
    attention = build(kind)
    values, mask, embedded, hidden = inputs()
    context, weights = look(attention, values, mask, embedded, hidden)
    wider = nn.functional.pad(values, (0, 0, 0, 3)), nn.functional.pad(mask, (0, 3))
    context_wide, weights_wide = look(attention, *wider, embedded, hidden)
    torch.testing.assert_close(context_wide, context, rtol=0, atol=1e-12)
    time = weights.shape[1]
    torch.testing.assert_close(weights_wide[:, :time], weights, rtol=0, atol=1e-12)
    assert (weights_wide[:, time:] == 0).all()


def test_tutorial_attention_sees_the_first_max_length_positions() -> None:
    attention = build("tutorial")
    lengths = [MAX_LENGTH + 3, 2, MAX_LENGTH, MAX_LENGTH + 1]
    values, mask, embedded, hidden = inputs(lengths)
    context, weights = look(attention, values, mask, embedded, hidden)
    assert weights.shape == (len(lengths), MAX_LENGTH)
    cut = values[:, :MAX_LENGTH], mask[:, :MAX_LENGTH]
    expected, shares = look(attention, *cut, embedded, hidden)
    assert torch.equal(context, expected)
    assert torch.equal(weights, shares)


def test_tutorial_attention_knows_positions_and_additive_attention_contents() -> None:
    values, mask, embedded, hidden = inputs([5])
    backwards = values.flip(1)
    tutorial, additive = build("tutorial"), build("additive")
    _, before = look(tutorial, values, mask, embedded, hidden)
    _, after = look(tutorial, backwards, mask, embedded, hidden)
    assert torch.equal(before, after)
    _, before = look(additive, values, mask, embedded, hidden)
    _, after = look(additive, backwards, mask, embedded, hidden)
    torch.testing.assert_close(before.flip(1), after, rtol=0, atol=1e-12)
    assert not torch.allclose(before, after)


@pytest.mark.parametrize("kind", KINDS)
def test_states_of_one_sentence_share_its_memory(kind: str) -> None:
    """Three consecutive rows a sentence, against a memory repeated for each of them."""
    attention = build(kind)
    values, mask, _, _ = inputs()
    rows = 3 * len(LENGTHS)
    embedded = torch.randn(rows, EMBEDDING, dtype=torch.double)
    hidden = torch.randn(rows, HIDDEN, dtype=torch.double)
    repeated = values.repeat_interleave(3, dim=0), mask.repeat_interleave(3, dim=0)
    shared = look(attention, values, mask, embedded, hidden)
    for ours, theirs in zip(shared, look(attention, *repeated, embedded, hidden), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_queries_of_all_steps_at_once_equal_those_of_each(kind: str) -> None:
    attention = build(kind)
    embedded = torch.randn(2, 5, EMBEDDING, dtype=torch.double)
    together = attention.query(embedded)
    for step in range(5):
        torch.testing.assert_close(together[:, step], attention.query(embedded[:, step]))


@pytest.mark.parametrize("share", [-1e3, -2.0, 0.0, 2.0, 1e3])
def test_local_attention_looks_around_the_predicted_position(share: float) -> None:
    """At the ends of the sigmoid too, where it looks at the first or last token alone."""
    attention = LocalAttention(HIDDEN, VALUES, window=1).double()
    with torch.no_grad():
        attention.from_hidden.weight.fill_(1)
        attention.position.weight.fill_(share)
    values, mask, embedded, _ = inputs()
    hidden = torch.ones(len(LENGTHS), HIDDEN, dtype=torch.double)
    place = attention.predicted(hidden, attention.memory(values, mask)).flatten()
    expected = torch.sigmoid(torch.tensor(share * HIDDEN * torch.tanh(torch.tensor(5.0)).item()))
    torch.testing.assert_close(place, expected.double() * torch.tensor(LENGTHS).double())
    _, weights = look(attention, values, mask, embedded, hidden)
    away = (torch.arange(max(LENGTHS)) - place.unsqueeze(1)).abs() > 1
    assert (weights[away | ~mask] == 0).all()
    assert (weights[~away & mask] > 0).all()
    total = weights.sum(dim=1)
    assert (total > 0).all()
    assert (total <= 1).all()


def test_masked_softmax_is_stable() -> None:
    scores = torch.tensor([[1e4, -1e4, 9999.0, 3e38]])
    mask = torch.tensor([[True, True, True, False]])
    weights = masked_softmax(scores, mask)
    expected = torch.tensor([[1.0, 0.0, torch.e**-1, 0.0]]) / (1 + torch.e**-1)
    torch.testing.assert_close(weights, expected)


class Looking(nn.Module):
    """One step as a function of everything it depends on."""

    def __init__(self, attention: Attention):
        super().__init__()
        self.attention = attention

    def forward(self, *arguments: Tensor) -> tuple[Tensor, Tensor]:
        return look(self.attention, *arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients(kind: str) -> None:
    module = Looking(build(kind))
    values, mask, embedded, hidden = inputs([3, 1, 2])
    names = [name for name, _ in module.named_parameters()]

    def function(values, embedded, hidden, *weights):
        named = dict(zip(names, weights, strict=True))
        return functional_call(module, named, (values, mask, embedded, hidden))

    leaves = [values, embedded, hidden, *module.parameters()]
    leaves = [leaf.detach().clone().requires_grad_() for leaf in leaves]
    assert torch.autograd.gradcheck(function, leaves)
