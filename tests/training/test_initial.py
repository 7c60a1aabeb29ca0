"""Weights taken over from another model, whole or by part."""

import pytest
import torch
from torch import nn

from nlpflow.errors import UserError
from nlpflow.training.initial import load_parts


def model(size: int = 3) -> nn.Module:
    return nn.ModuleDict(
        {"encoder": nn.Linear(size, 2), "decoder": nn.ModuleDict({"output": nn.Linear(2, 4)})}
    )


def test_the_whole_model() -> None:
    ours, theirs = model(), model()
    taken = load_parts(ours, theirs.state_dict(), (), "run x")
    assert set(taken) == set(theirs.state_dict())
    assert all(torch.equal(v, ours.state_dict()[n]) for n, v in theirs.state_dict().items())


@pytest.mark.parametrize(
    ("part", "first"),
    [("encoder", "encoder"), ("decoder.output", "decoder"), ("decoder", "decoder")],
)
def test_parts(part: str, first: str) -> None:
    ours, theirs = model(), model(3)
    before = {name: tensor.clone() for name, tensor in ours.state_dict().items()}
    taken = load_parts(ours, theirs.state_dict(), (part,), "run x")
    assert {name.split(".")[0] for name in taken} == {first}
    for name, tensor in ours.state_dict().items():
        assert torch.equal(tensor, (theirs.state_dict() if name in taken else before)[name])


def test_sizes_of_parts_left_alone_may_differ() -> None:
    load_parts(model(3), model(5).state_dict(), ("decoder",), "run x")


@pytest.mark.parametrize(
    ("parts", "weights", "message"),
    [
        (("encodr",), model().state_dict(), "'encodr' is unknown; did you mean 'encoder'?"),
        ((), model(5).state_dict(), r"encoder.weight of run x is \(2, 5\), here \(2, 3\)"),
        ((), {}, "run x has no weights encoder.weight"),
    ],
)
def test_errors(parts: tuple[str, ...], weights: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load_parts(model(), weights, parts, "run x")
