"""The classifier against the tutorial's: a linear layer over written-out counts."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from nlpflow.models.bag import LEVELS, BagClassifier, pack, unpack

FEATURES, CLASSES = 7, 3
BAGS = st.lists(st.lists(st.integers(0, FEATURES - 1), max_size=6), min_size=1, max_size=5)


def flat(bags: list[list[int]]) -> tuple[Tensor, Tensor]:
    ids = torch.tensor([i for bag in bags for i in bag], dtype=torch.int32)
    return ids, torch.tensor(np.cumsum([0, *map(len, bags)]))


def counts(bags: list[list[int]]) -> Tensor:
    return torch.tensor([[bag.count(i) for i in range(FEATURES)] for bag in bags]).double()


@pytest.mark.parametrize("scaled", [False, True])
@given(bags=BAGS)
def test_it_is_a_linear_layer_over_counts(scaled: bool, bags: list[list[int]]) -> None:
    torch.manual_seed(1)
    model = BagClassifier(FEATURES, CLASSES, scaled).double()
    x = counts(bags)
    if scaled:
        x = x / x.sum(dim=1, keepdim=True).clamp(min=1).sqrt()
    expected = functional.linear(x, model.weight.T, model.bias).log_softmax(dim=1)
    torch.testing.assert_close(model(*flat(bags)), expected)
    assert model(*flat(bags)).exp().sum(dim=1).tolist() == pytest.approx([1] * len(bags))


@pytest.mark.parametrize("scaled", [False, True])
def test_gradients(scaled: bool) -> None:
    torch.manual_seed(1)
    model = BagClassifier(FEATURES, CLASSES, scaled).double()
    ids, offsets = flat([[1, 1, 4], [], [0, 6]])

    def forward(weight: Tensor, bias: Tensor) -> Tensor:
        return torch.func.functional_call(model, {"weight": weight, "bias": bias}, (ids, offsets))

    assert torch.autograd.gradcheck(forward, (model.weight, model.bias))


def test_it_starts_as_a_linear_layer_does() -> None:
    model = BagClassifier(10_000, CLASSES, False)
    linear = torch.nn.Linear(10_000, CLASSES)
    for ours, theirs in ((model.weight, linear.weight), (model.bias, linear.bias)):
        assert ours.abs().max() <= 0.01
        assert theirs.abs().max() <= 0.01
    assert model.weight.std().item() == pytest.approx(linear.weight.std().item(), rel=0.05)


def test_a_packed_weight_is_off_by_half_a_level_at_most() -> None:
    torch.manual_seed(1)
    state = BagClassifier(500, CLASSES, True).state_dict()
    state["weight"][:, 1] *= 100
    packed = pack(state)
    assert packed["weight"].dtype == torch.int8
    back = unpack(packed)
    assert (back["weight"] - state["weight"]).abs().amax(dim=0).tolist() <= (
        state["weight"].abs().amax(dim=0) / LEVELS * 0.501
    ).tolist()
    assert back["bias"].tolist() == state["bias"].tolist()
    again = unpack(pack(back))
    torch.testing.assert_close(again["weight"], back["weight"])


def test_weights_of_zero_stay_zero() -> None:
    state = {"weight": torch.zeros(4, 2), "bias": torch.zeros(2)}
    assert unpack(pack(state))["weight"].tolist() == [[0, 0]] * 4
