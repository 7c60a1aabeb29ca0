"""The network that the settings of a translator describe."""

from typing import get_args

import pytest
import torch

from nlpflow.models.attention import (
    ATTENTIONS,
    AdditiveAttention,
    DotAttention,
    GeneralAttention,
    LocalAttention,
    MultiHeadAttention,
    NoAttention,
    TutorialAttention,
)
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation_model import GRUModel
from nlpflow.tasks.translation.model import build_seq2seq

SRC_VOCABULARY, TGT_VOCABULARY, MAX_LENGTH = 9, 8, 5


def build(kind: str, **settings) -> Seq2Seq:
    values = {"attention": kind, "embedding": 5, "hidden": 6, "heads": 2} | settings
    return build_seq2seq(GRUModel(**values), SRC_VOCABULARY, TGT_VOCABULARY, MAX_LENGTH)


def test_the_settings_name_every_attention_there_is() -> None:
    assert get_args(GRUModel.model_fields["attention"].annotation) == tuple(ATTENTIONS)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("none", NoAttention),
        ("tutorial", TutorialAttention),
        ("additive", AdditiveAttention),
        ("dot", DotAttention),
        ("general", GeneralAttention),
        ("local-p", LocalAttention),
        ("multi-head", MultiHeadAttention),
    ],
)
def test_attentions_by_name(kind: str, expected: type) -> None:
    assert type(build(kind).decoder.attention) is expected


def test_settings_reach_the_network() -> None:
    assert build("tutorial").decoder.attention.max_length == MAX_LENGTH
    assert build("local-p", window=3).decoder.attention.window == 3
    model = build("additive", layers=3, bidirectional=True, dropout=0.25, readout="deep")
    assert 1 + len(model.encoder.upper) == len(model.decoder.cells) == 3
    assert model.encoder.residual
    assert model.decoder.residual
    plain = build("additive", layers=3, residual=False)
    assert not plain.encoder.residual
    assert not plain.decoder.residual
    assert model.encoder.gru.bidirectional
    assert model.encoder.output_size == model.decoder.attention.context_size == 12
    assert {m.p for m in model.modules() if isinstance(m, torch.nn.Dropout)} == {0.25}
    assert model.decoder.deep is not None
    assert model.encoder.embedding.weight.shape == (SRC_VOCABULARY, 5)
    assert model.decoder.output.weight.shape == (TGT_VOCABULARY, 5)
    tied = build("none", embedding=6, tied_embeddings=True)
    assert tied.decoder.output.weight is tied.decoder.embedding.weight
