"""Who else is in a batch, in which order and how far padded, changes no sentence's result."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from nlpflow.decoding.beam import beam_search
from nlpflow.decoding.greedy import greedy
from nlpflow.models.attention import ATTENTIONS, LocalAttention
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation_model import GRUModel, TransformerModel, TranslationModel
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, PAD

KINDS = [*ATTENTIONS, "transformer"]
SRC_VOCABULARY, TGT_VOCABULARY, MAX_LENGTH = 9, 8, 5
# Longer sources than MAX_LENGTH are drawn too: the tutorial's attention must cut them alike.
SENTENCE = st.lists(st.integers(4, SRC_VOCABULARY - 1), max_size=7)
PAIRS = st.lists(
    st.tuples(SENTENCE, st.lists(st.integers(4, TGT_VOCABULARY - 1), max_size=5)),
    min_size=1,
    max_size=5,
)
Pairs = list[tuple[list[int], list[int]]]


@st.composite
def models(draw: st.DrawFn) -> Seq2Seq:
    attention = draw(st.sampled_from(KINDS))
    if attention == "transformer":
        values: TranslationModel = TransformerModel(
            network="transformer",
            embedding=2 * draw(st.integers(1, 3)),
            heads=draw(st.integers(1, 2)),
            feed_forward=draw(st.integers(1, 4)),
            layers=draw(st.integers(1, 2)),
        )
    else:
        hidden = draw(st.integers(1, 4))
        values = GRUModel(
            attention=attention,
            embedding=draw(st.integers(1, 4)),
            hidden=hidden,
            heads=draw(st.sampled_from([number for number in (1, 2) if hidden % number == 0])),
            layers=draw(st.integers(1, 2)),
            bidirectional=attention != "dot" and draw(st.booleans()),
            window=draw(st.integers(1, 3)),
            dropout=draw(st.sampled_from([0.0, 0.5])),
            readout=draw(st.sampled_from(["state", "deep"])),
        )
    torch.manual_seed(draw(st.integers(0, 1000)))
    model = build_seq2seq(values, SRC_VOCABULARY, TGT_VOCABULARY, MAX_LENGTH).double().eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(3)  # so that sentences differ in what they say
    return model


def padded(rows: list[list[int]], extra: int = 0) -> Tensor:
    ended = [torch.tensor([*row, EOS]) for row in rows]
    tensor = torch.nn.utils.rnn.pad_sequence(ended, batch_first=True, padding_value=PAD)
    return torch.nn.functional.pad(tensor, (0, extra), value=PAD)


def lengths(rows: list[list[int]]) -> Tensor:
    return torch.tensor([len(row) + 1 for row in rows])


@torch.no_grad()
def forced(model: Seq2Seq, pairs: Pairs, extra: int = 0) -> list[tuple[Tensor, Tensor]]:
    """Logits (tgt_time, vocabulary) and weights (tgt_time, src_time) of each pair, unpadded."""
    srcs, tgts = [src for src, _ in pairs], [tgt for _, tgt in pairs]
    readout, weights = model.teacher_forced(padded(srcs, extra), lengths(srcs), padded(tgts, extra))
    logits = model.decoder.logits(readout)
    return [
        (logits[row, : len(tgt) + 1], weights[row, : len(tgt) + 1, : len(src) + 1])
        for row, (src, tgt) in enumerate(pairs)
    ]


def searched(
    model: Seq2Seq, srcs: list[list[int]], extra: int = 0
) -> list[tuple[list[int], Tensor]]:
    """Words and weights of each sentence, unpadded."""
    found = greedy(model, padded(srcs, extra), lengths(srcs), 6)
    ends = found.lengths.tolist()
    return [
        (found.words[row, :end].tolist(), found.weights[row, :end, : len(srcs[row]) + 1])
        for row, end in enumerate(ends)
    ]


def assert_equal(one: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(one, other, rtol=0, atol=1e-9)


@settings(max_examples=60)
@given(models(), PAIRS, st.integers(0, 3), st.randoms(use_true_random=False))
def test_forced(model: Seq2Seq, pairs: Pairs, extra: int, random) -> None:
    alone = [forced(model, [pair])[0] for pair in pairs]
    order = random.sample(range(len(pairs)), len(pairs))
    together = forced(model, [pairs[i] for i in order], extra)
    for place, i in enumerate(order):
        for one, other in zip(alone[i], together[place], strict=True):
            assert_equal(one, other)


@settings(max_examples=60)
@given(
    models(),
    st.lists(SENTENCE, min_size=1, max_size=5),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_greedy(model: Seq2Seq, srcs: list[list[int]], extra: int, random) -> None:
    alone = [searched(model, [src])[0] for src in srcs]
    order = random.sample(range(len(srcs)), len(srcs))
    together = searched(model, [srcs[i] for i in order], extra)
    for place, i in enumerate(order):
        assert alone[i][0] == together[place][0]
        assert_equal(alone[i][1], together[place][1])


@settings(max_examples=60)
@given(
    models(),
    st.lists(SENTENCE, min_size=1, max_size=5),
    st.integers(0, 3),
    st.integers(1, 12),
    st.randoms(use_true_random=False),
)
def test_beam(model: Seq2Seq, srcs: list[list[int]], extra: int, beam: int, random) -> None:
    def search(some: list[list[int]], extra: int = 0):
        return beam_search(model, padded(some, extra), lengths(some), 4, beam, 0.6, min(beam, 3))

    alone = [search([src])[0] for src in srcs]
    order = random.sample(range(len(srcs)), len(srcs))
    together = search([srcs[i] for i in order], extra)
    for place, i in enumerate(order):
        assert [one.words for one in alone[i]] == [one.words for one in together[place]]
        for one, other in zip(alone[i], together[place], strict=True):
            assert abs(one.score - other.score) < 1e-9
            width = len(srcs[i]) + 1
            assert_equal(one.weights[:, :width], other.weights[:, :width])


@settings(max_examples=60)
@given(models(), PAIRS)
def test_weights_are_shares_of_the_source(model: Seq2Seq, pairs: Pairs) -> None:
    srcs, tgts = [src for src, _ in pairs], [tgt for _, tgt in pairs]
    src = padded(srcs)
    with torch.no_grad():
        _, weights = model.teacher_forced(src, lengths(srcs), padded(tgts))
    padding = (src == PAD)[:, None, : weights.shape[2]].expand_as(weights)
    assert (weights[padding] == 0).all()
    assert (weights >= 0).all()
    total = weights.sum(dim=-1)
    attention = getattr(model.decoder, "attention", None)
    if isinstance(attention, LocalAttention):
        assert ((total > 0) & (total <= 1 + 1e-9)).all()
    else:
        assert_equal(total, torch.ones_like(total) * model.decoder.has_attention)


@settings(max_examples=40)
@given(models(), PAIRS, st.integers(1, 3))
def test_gradients_do_not_see_padding(model: Seq2Seq, pairs: Pairs, extra: int) -> None:
    """The summed loss of a batch has the gradient of its sentences' losses."""

    def gradients(groups: list[Pairs], more: int) -> list[Tensor]:
        model.zero_grad(set_to_none=False)
        for group in groups:
            srcs, tgts = [src for src, _ in group], [tgt for _, tgt in group]
            tgt = padded(tgts, more)
            readout, _ = model.teacher_forced(padded(srcs, more), lengths(srcs), tgt)
            logits = model.decoder.logits(readout[tgt != PAD])
            torch.nn.functional.cross_entropy(logits, tgt[tgt != PAD], reduction="sum").backward()
        return [weight.grad.clone() for weight in model.parameters() if weight.grad is not None]

    alone = gradients([[pair] for pair in pairs], 0)
    for one, other in zip(alone, gradients([pairs], extra), strict=True):
        assert_equal(one, other)
