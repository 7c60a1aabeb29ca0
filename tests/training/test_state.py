"""One step of every update rule, by hand."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn, optim

from nlpflow.settings.training import Training
from nlpflow.training.state import build_optimiser

START, GRADIENT, RATE = torch.tensor([1.0, -2.0, 0.5]), torch.tensor([0.3, 0.1, -4.0]), 0.1


def step(optimiser: str, decay: float) -> Tensor:
    """The weights after one step from START against GRADIENT."""
    model = nn.Module()
    model.weight = nn.Parameter(START.clone())
    settings = Training(optimiser=optimiser, learning_rate=RATE, weight_decay=decay)
    rule = build_optimiser(model, settings)
    model.weight.grad = GRADIENT.clone()
    rule.step()
    return model.weight.detach()


@pytest.mark.long
@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_sgd(decay: float) -> None:
    gradient = GRADIENT + decay * START
    torch.testing.assert_close(step("sgd", decay), START - RATE * gradient)


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_rmsprop(decay: float) -> None:
    gradient = GRADIENT + decay * START
    mean_square = 0.01 * gradient**2  # smoothing constant 0.99, from zero
    torch.testing.assert_close(
        step("rmsprop", decay), START - RATE * gradient / (mean_square.sqrt() + 1e-8)
    )


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_adam(decay: float) -> None:
    """Bias correction makes the first step one of size RATE; the decay is apart from it."""
    shrunk = START * (1 - RATE * decay)
    torch.testing.assert_close(step("adam", decay), shrunk - RATE * GRADIENT.sign())


def test_one_pass_of_adam_equals_its_steps_one_by_one() -> None:
    """Against PyTorch's plain loop, over many updates of a weight and of one without gradient."""

    def train(build: Callable[[nn.Module], optim.Optimizer]) -> Tensor:
        torch.manual_seed(0)
        model = nn.ModuleList([nn.Linear(7, 5), nn.Linear(3, 2)]).double()
        rule = build(model)
        for _ in range(50):
            rule.zero_grad()
            model[0](torch.randn(4, 7).double()).sin().sum().backward()
            rule.step()
        return nn.utils.parameters_to_vector(model.parameters()).detach()

    settings = Training(optimiser="adam", learning_rate=RATE, weight_decay=0.1)
    found = train(lambda model: build_optimiser(model, settings))
    plain = train(
        lambda model: optim.AdamW(model.parameters(), RATE, weight_decay=0.1, fused=False)
    )
    torch.testing.assert_close(found, plain, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("optimiser", ["sgd", "rmsprop", "adam"])
def test_tied_weights_are_one_parameter(optimiser: str) -> None:
    model = nn.ModuleList([nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)])
    model[1].weight = model[0].weight
    rule = build_optimiser(model, Training(optimiser=optimiser))
    assert sum(len(group["params"]) for group in rule.param_groups) == 1
