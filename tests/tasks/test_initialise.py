"""A translator that starts from another run: its weights, and the words that must be the same."""

from pathlib import Path

import pandas as pd
import pytest
import torch
from torch import nn

from nlpflow.errors import UserError
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.runs.run import Run, save_run
from nlpflow.settings.translation_model import GRUModel
from nlpflow.settings.translation_training import TranslationTraining
from nlpflow.tasks.translation.initialise import (
    freeze,
    initialise,
    load_parts,
    word_weights,
)
from nlpflow.tasks.translation.model import build_seq2seq

DIGESTS = {"source": "s", "target": "t"}


def model(tied: bool = False) -> Seq2Seq:
    settings = GRUModel(attention="additive", embedding=6, hidden=6, tied_embeddings=tied)
    return build_seq2seq(settings, 9, 8, 5)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    saved = Run(
        experiment="e",
        seed=1,
        settings={},
        normalisation="tutorial",
        languages=("fra", "eng"),
        vocabulary=str(tmp_path),
        digests=DIGESTS,
    )
    none = pd.DataFrame()
    save_run(tmp_path / "run", saved, model().state_dict(), none, none, {})
    return tmp_path / "run"


def begin(
    network: Seq2Seq, run: Path, parts: tuple[str, ...] = (), digests: dict[str, str] = DIGESTS
) -> None:
    settings = TranslationTraining(initialise_from=str(run), initialise_parts=parts)
    initialise(network, settings, [run / "weights.safetensors", run / "run.json"], digests)


def test_nothing_is_asked_for() -> None:
    network = model()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    initialise(network, TranslationTraining(), (), DIGESTS)
    assert all(torch.equal(before[name], t) for name, t in network.state_dict().items())


@pytest.mark.parametrize("parts", [(), ("encoder", "decoder.attention")])
def test_weights_are_taken(run: Path, parts: tuple[str, ...]) -> None:
    torch.manual_seed(5)
    first, network = model(), model()
    network.load_state_dict(first.state_dict())
    begin(network, run, parts)
    for name, tensor in network.state_dict().items():
        taken = not parts or name.startswith(tuple(f"{part}." for part in parts))
        if tensor.count_nonzero():
            assert torch.equal(tensor, first.state_dict()[name]) != taken, name


@pytest.mark.parametrize("side", ["source", "target"])
def test_other_words_are_refused_where_they_matter(run: Path, side: str) -> None:
    digests = DIGESTS | {side: "other"}
    with pytest.raises(UserError, match=f"has another {side} vocabulary"):
        begin(model(), run, (), digests)
    parts = ("decoder.attention",) if side == "target" else ("decoder",)
    begin(model(), run, parts, digests)


def test_the_weights_with_words_are_all_named() -> None:
    """Every weight whose first dimension is that of a vocabulary, with a copying head or not."""
    for copying in (False, True):
        settings = GRUModel(attention="additive", embedding=6, hidden=6, copying=copying)
        network = build_seq2seq(settings, 9, 8, 5)
        found = word_weights(network)
        for side, rows in (("source", 9), ("target", 8)):
            for name, tensor in network.state_dict().items():
                assert (name in found[side]) == (tensor.shape[0] == rows), name


def test_a_run_that_is_none() -> None:
    with pytest.raises(UserError, match="nowhere is not a trained run"):
        begin(model(), Path("nowhere"))


def small(size: int = 3) -> nn.Module:
    return nn.ModuleDict(
        {"encoder": nn.Linear(size, 2), "decoder": nn.ModuleDict({"output": nn.Linear(2, 4)})}
    )


def test_the_whole_model() -> None:
    ours, theirs = small(), small()
    taken = load_parts(ours, theirs.state_dict(), (), "run x")
    assert set(taken) == set(theirs.state_dict())
    assert all(torch.equal(v, ours.state_dict()[n]) for n, v in theirs.state_dict().items())


@pytest.mark.parametrize(
    ("part", "first"),
    [("encoder", "encoder"), ("decoder.output", "decoder"), ("decoder", "decoder")],
)
def test_parts(part: str, first: str) -> None:
    ours, theirs = small(), small(3)
    before = {name: tensor.clone() for name, tensor in ours.state_dict().items()}
    taken = load_parts(ours, theirs.state_dict(), (part,), "run x")
    assert {name.split(".")[0] for name in taken} == {first}
    for name, tensor in ours.state_dict().items():
        assert torch.equal(tensor, (theirs.state_dict() if name in taken else before)[name])


def test_sizes_of_parts_left_alone_may_differ() -> None:
    load_parts(small(3), small(5).state_dict(), ("decoder",), "run x")


@pytest.mark.parametrize(
    ("parts", "weights", "message"),
    [
        (("encodr",), small().state_dict(), "'encodr' is unknown; did you mean 'encoder'?"),
        ((), small(5).state_dict(), r"encoder.weight of run x is \(2, 5\), here \(2, 3\)"),
        ((), {}, "run x has no weights named encoder.weight"),
    ],
)
def test_errors(parts: tuple[str, ...], weights: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load_parts(small(), weights, parts, "run x")


def test_nothing_is_left_to_train() -> None:
    with pytest.raises(UserError, match=r"training\.freeze: leaves nothing to train"):
        freeze(model(), ["encoder", "decoder"])


def test_frozen_parts_do_not_change() -> None:
    model = build_seq2seq(GRUModel(attention="additive", embedding=4, hidden=4), 9, 9, 5)
    freeze(model, ["encoder", "decoder.attention"])
    frozen = {name for name, weight in model.named_parameters() if not weight.requires_grad}
    assert frozen == {
        name
        for name, _ in model.named_parameters()
        if name.startswith(("encoder.", "decoder.attention."))
    }
    with pytest.raises(UserError, match=r"training.freeze: 'encodr' is unknown; did you mean"):
        freeze(model, ["encodr"])
