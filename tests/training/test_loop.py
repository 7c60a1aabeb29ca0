"""The training loop with a small real learner: linear regression by gradient descent."""

from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from nlpflow.errors import UserError
from nlpflow.settings.training import Training
from nlpflow.tables import write_table
from nlpflow.training.loop import Trained, fit

TRUE = torch.tensor([[2.0, -1.0, 0.5]])
Pairs = tuple[Tensor, Tensor]


@dataclass
class Regression:
    """Least squares; a "token" is an example. It writes down what the loop does to it."""

    model: nn.Linear
    seed: int = 0
    size: int = 8
    dev_scores: list[float] | None = None
    """The dev score of each epoch, instead of the true one."""
    score: str = "fit"
    floor: float = -np.inf
    epochs: list[int] = field(default_factory=list)
    validated: list[dict[str, Tensor]] = field(default_factory=list)
    """The weights at each validation."""

    def batches(self, epoch: int) -> list[Pairs]:
        self.epochs.append(epoch)
        inputs, outputs = examples()
        order = np.random.default_rng([self.seed, epoch]).permutation(len(inputs))
        groups = [order[start : start + self.size] for start in range(0, len(order), self.size)]
        return [(inputs[chosen], outputs[chosen]) for chosen in groups]

    def loss(self, batch: Pairs, epoch: int) -> tuple[Tensor, int]:
        assert self.model.training
        assert epoch == self.epochs[-1]
        inputs, outputs = batch
        return (self.model(inputs) - outputs).square().sum(), len(inputs)

    def validate(self) -> dict[str, float]:
        assert not self.model.training
        assert torch.is_inference_mode_enabled()
        weights = {name: value.clone() for name, value in self.model.state_dict().items()}
        self.validated.append(weights)
        inputs, outputs = examples()
        loss = (self.model(inputs) - outputs).square().mean().item()
        scores = self.dev_scores
        return {"loss": loss, "fit": -loss if scores is None else scores[len(self.validated) - 1]}


def examples() -> Pairs:
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(60, 3, generator=generator)
    return inputs, inputs @ TRUE.T + 1


def learner(seed: int = 0, **values) -> Regression:
    torch.manual_seed(seed)
    return Regression(nn.Linear(3, 1), seed, **values)


def train(learner: Regression, **values) -> Trained:
    settings = {"learning_rate": 0.05, "epochs": 6, "optimiser": "sgd"} | values
    return fit(learner, Training(**settings), "test")


def assert_same(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.long
@pytest.mark.parametrize("optimiser", ["sgd", "rmsprop", "adam"])
def test_it_learns(optimiser: str) -> None:
    trained = train(learner(), optimiser=optimiser, epochs=40, patience=40)
    torch.testing.assert_close(trained.weights["weight"], TRUE, rtol=0, atol=0.1)
    torch.testing.assert_close(trained.weights["bias"], torch.ones(1), rtol=0, atol=0.1)


def test_the_best_epochs_weights_are_kept() -> None:
    scripted = learner(dev_scores=[1, 3, 2, 2.5, 2])
    trained = train(scripted, epochs=5, patience=9)
    assert len(trained.history) == 5
    assert_same(trained.weights, scripted.validated[1])
    assert not torch.equal(trained.weights["weight"], scripted.model.weight)


def test_the_last_epochs_weights_if_it_is_the_best() -> None:
    scripted = learner(dev_scores=[1, 2, 3])
    trained = train(scripted, epochs=3)
    assert_same(trained.weights, scripted.validated[2])


def test_of_equal_scores_the_lower_dev_loss_is_kept() -> None:
    scripted = learner(dev_scores=[0, 5, 5, 5])
    trained = train(scripted, epochs=4, patience=9)
    best = trained.history["dev_loss"].iloc[1:].idxmin()
    assert best > 1
    assert_same(trained.weights, scripted.validated[best])


@pytest.mark.parametrize("scores", [[0.0] * 8, [0.0] * 6 + [1, 2]])
def test_a_score_at_its_floor_ends_no_training_whose_dev_loss_falls(scores: list[float]) -> None:
    scripted = learner(dev_scores=scores, floor=0.0)
    trained = train(scripted, epochs=8, patience=2, schedule="plateau", plateau_patience=1)
    assert trained.history["dev_loss"].is_monotonic_decreasing
    assert trained.history["learning_rate"].tolist() == [0.05] * 8
    assert_same(trained.weights, scripted.validated[-1])


@pytest.mark.parametrize(
    ("scores", "patience", "epochs"),
    [
        ([3, 2, 2, 2, 2, 2, 2, 2], 1, 2),
        ([3, 2, 2, 2, 2, 2, 2, 2], 3, 4),
        ([1, 0, 0, 2, 0, 0, 0, 9], 3, 7),
        ([1, 0, 0, 2, 0, 0, 0, 9], 4, 8),
        ([1, 1, 1, 1, 1, 1, 1, 1], 2, 3),
        ([0, 1, 2, 3, 4, 5, 6, 7], 1, 8),
        ([-9, -9, -8, -8, -8, -8, -8, -8], 2, 5),
    ],
)
def test_patience(scores: list[float], patience: int, epochs: int) -> None:
    trained = train(learner(dev_scores=scores), epochs=8, patience=patience)
    assert trained.history["epoch"].tolist() == list(range(1, epochs + 1))
    assert trained.timings["epoch"].tolist() == list(range(1, epochs + 1))


def test_epochs_are_asked_for_once_each_in_order() -> None:
    recorded = learner()
    train(recorded, epochs=4)
    assert recorded.epochs == [1, 2, 3, 4]


def test_history() -> None:
    recorded = learner()
    history = train(recorded, epochs=3, learning_rate=0.01).history
    columns = ["epoch", "tokens", "learning_rate", "train_loss", "dev_loss", "dev_fit"]
    assert list(history) == columns
    assert history["tokens"].tolist() == [60] * 3
    assert history["learning_rate"].tolist() == [0.01] * 3
    assert (history["dev_loss"] == -history["dev_fit"]).all()
    assert all(later < earlier for earlier, later in pairwise(history["dev_loss"]))


def test_losses_are_per_token_and_weighted_by_batch() -> None:
    """With a step too small to matter, the loss of uneven batches is that of the whole."""
    still = learner(size=7)  # 60 = 8 * 7 + 4
    inputs, outputs = examples()
    expected = (still.model(inputs) - outputs).square().mean().item()
    history = train(still, epochs=1, learning_rate=1e-12).history
    assert history["train_loss"][0] == pytest.approx(expected, rel=1e-5)


def test_one_step_by_hand() -> None:
    single = learner(size=60)
    before = single.model.weight.detach().clone(), single.model.bias.detach().clone()
    train(single, epochs=1, learning_rate=0.1, clip_norm=None)
    inputs, outputs = examples()
    error = inputs @ before[0].T + before[1] - outputs
    slope = 2 * (error * inputs).mean(dim=0, keepdim=True)
    torch.testing.assert_close(single.model.weight.detach(), before[0] - 0.1 * slope)
    torch.testing.assert_close(single.model.bias.detach(), before[1] - 0.1 * 2 * error.mean())


def moved(clip_norm: float | None) -> Tensor:
    """How one step of size 1 moves all weights."""
    single = learner(size=60)
    before = nn.utils.parameters_to_vector(single.model.parameters()).detach().clone()
    train(single, epochs=1, learning_rate=1.0, clip_norm=clip_norm)
    return nn.utils.parameters_to_vector(single.model.parameters()).detach() - before


def test_clipping() -> None:
    free = moved(None)
    assert free.norm() > 1
    clipped = moved(0.25)
    assert clipped.norm().item() == pytest.approx(0.25, rel=1e-4)
    torch.testing.assert_close(clipped / clipped.norm(), free / free.norm())
    assert torch.equal(moved(1000.0), free)


def test_accumulated_batches_are_one_batch() -> None:
    """60 = 7 * 8 + 4: uneven batches weigh by their examples, and the last group is shorter."""
    apart, whole = learner(size=8), learner(size=24)
    for one, accumulate in ((apart, 3), (whole, 1)):
        train(one, epochs=3, accumulate=accumulate, clip_norm=0.5)
    for name, weight in whole.model.state_dict().items():
        torch.testing.assert_close(apart.model.state_dict()[name], weight)


def test_averaged_weights() -> None:
    scripted = learner(dev_scores=[1, 5, 2, 4])
    trained = train(scripted, epochs=4, average=2)
    for name, mean in trained.weights.items():
        both = [scripted.validated[epoch - 1][name] for epoch in (2, 4)]
        torch.testing.assert_close(mean, (both[0] + both[1]) / 2)


def test_the_history_has_the_step_size_of_each_epochs_last_update() -> None:
    history = train(learner(size=6), epochs=3, warmup_updates=40).history
    assert history["learning_rate"].tolist() == pytest.approx([0.05 * n / 40 for n in (10, 20, 30)])


def test_a_plateau_cuts_the_step_size_of_the_next_epoch() -> None:
    values = {"schedule": "plateau", "plateau_patience": 1, "plateau_factor": 0.1, "patience": 9}
    history = train(learner(dev_scores=[2, 1, 3, 1, 1]), epochs=5, **values).history
    expected = [0.05, 0.05, 0.005, 0.005, 0.0005]
    assert history["learning_rate"].tolist() == pytest.approx(expected)


def test_a_cosine_ends_near_zero() -> None:
    trained = learner(size=6)
    rates = train(trained, epochs=4, schedule="cosine").history["learning_rate"]
    assert rates.is_monotonic_decreasing
    assert 0 < rates.iloc[-1] < 0.05 / 100


@pytest.mark.parametrize(("precision", "kind"), [("bf16", "bfloat16"), ("fp16", "float16")])
def test_lower_precision(precision: str, kind: str) -> None:
    """Products in training are of that kind; weights, gradients and dev figures stay fp32."""

    class Watched(Regression):
        def loss(self, batch: Pairs, epoch: int) -> tuple[Tensor, int]:
            inputs, outputs = batch
            found = self.model(inputs)
            assert found.dtype == getattr(torch, kind)
            return (found.float() - outputs).square().sum(), len(inputs)

        def validate(self) -> dict[str, float]:
            assert self.model(examples()[0]).dtype == torch.float32
            return super().validate()

    torch.manual_seed(0)
    trained = train(Watched(nn.Linear(3, 1)), epochs=30, patience=30, precision=precision)
    assert trained.weights["weight"].dtype == torch.float32
    torch.testing.assert_close(trained.weights["weight"], TRUE, rtol=0, atol=0.1)


def table_bytes(trained: Trained, path: Path) -> bytes:
    write_table(path, trained.history)
    exact = BytesIO()
    trained.history.to_csv(exact)  # every digit
    return path.read_bytes() + exact.getvalue()


def test_same_random_seed_same_bytes(tmp_path: Path) -> None:
    one, again, other = (train(learner(seed)) for seed in (1, 1, 2))
    assert_same(one.weights, again.weights)
    first = table_bytes(one, tmp_path / "history.tsv")
    assert first == table_bytes(again, tmp_path / "history.tsv")
    assert first != table_bytes(other, tmp_path / "history.tsv")


def test_weights_of_the_result_are_no_view_of_the_model() -> None:
    recorded = learner()
    trained = train(recorded, epochs=1)
    with torch.no_grad():
        recorded.model.weight.zero_()
    assert trained.weights["weight"].abs().sum() > 0


def test_timings() -> None:
    timings = train(learner(), epochs=3).timings
    assert (timings["training_seconds"] > 0).all()
    assert (timings["tokens_per_second"] > 0).all()
    assert timings["seconds"].is_monotonic_increasing
    assert timings["training_seconds"].sum() <= timings["seconds"].iloc[-1]


def test_nothing_to_learn_from_is_an_error() -> None:
    class Empty(Regression):
        def batches(self, epoch: int) -> list[Pairs]:
            return []

    with pytest.raises(UserError, match="epoch 1 had nothing to learn from"):
        fit(Empty(nn.Linear(3, 1)), Training(), "run")
