"""A training broken off anywhere and started again ends in the very bytes of one that was not."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch import Tensor, nn

from nlpflow.errors import Interrupted, UserError
from nlpflow.settings.training import Training
from nlpflow.training import checkpoint
from nlpflow.training.checkpoint import Checkpoints
from nlpflow.training.loop import LOG_INTERVAL, Trained, fit

pytestmark = pytest.mark.long

EPOCHS, BATCHES = 3, 4


@pytest.fixture(autouse=True)
def _fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is killed here is a process, not the machine."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


class Killed(BaseException):
    """Stands for the end of a process: nothing of ours handles it."""


def nothing(learner: "Noisy") -> None:
    pass


@dataclass
class Noisy:
    """A small network whose every batch draws random numbers, with a dev score that jumps."""

    model: nn.Module
    at_loss: Callable[["Noisy"], None] = nothing
    at_end: Callable[["Noisy"], None] = nothing
    losses: int = 0
    score: str = "jumps"
    floor: float = 0.0  # some epochs are at it
    loss_values: dict[tuple[int, int], float] = field(default_factory=dict)

    def batches(self, epoch: int) -> list[Any]:
        rng = np.random.default_rng(epoch)
        rows = torch.from_numpy(rng.normal(size=(BATCHES, 5, 3)).astype(np.float32))
        return list(enumerate(rows))

    def loss(self, batch: tuple[int, Tensor], epoch: int) -> tuple[Tensor, int]:
        self.losses += 1
        self.at_loss(self)
        number, rows = batch
        rows = rows + torch.randn(rows.shape) / 10
        kept = rows[: 5 - number % 2]
        loss = (self.model(kept).float() - kept.sum(dim=1, keepdim=True)).square().sum()
        return loss * self.loss_values.get((epoch, number + 1), 1.0), len(kept)

    def validate(self) -> dict[str, float]:
        self.at_end(self)
        total = sum(float(weight.double().sum()) for weight in self.model.parameters())
        return {"loss": total, "jumps": float(np.sin(1e4 * total))}


def noisy(**values) -> Noisy:
    torch.manual_seed(3)
    return Noisy(
        nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.3), nn.Tanh(), nn.Linear(4, 1)), **values
    )


def training(**values) -> Training:
    return Training(**{"learning_rate": 0.02, "epochs": EPOCHS, "patience": 9} | values)


def run(learner: Noisy, settings: Training, folder: Path, minutes: float = 0) -> Trained:
    with Checkpoints(folder, {"settings": str(settings)}, minutes) as checkpoints:
        return fit(learner, settings, "test", checkpoints)


def content(trained: Trained) -> tuple[bytes, ...]:
    """Every bit of the result; the clock's columns apart."""
    return save(trained.weights), trained.history.to_csv().encode()


def whole(settings: Training) -> tuple[bytes, ...]:
    """The result without any checkpoint."""
    return content(fit(noisy(), settings, "test"))


KINDS: dict[str, dict[str, Any]] = {
    "constant": {},
    "sgd": {"optimiser": "sgd", "learning_rate": 0.1},
    "rmsprop": {"optimiser": "rmsprop", "weight_decay": 0.1},
    "warm-up": {"warmup_updates": 7},
    "inverse_sqrt": {"schedule": "inverse_sqrt", "warmup_updates": 3},
    "cosine": {"schedule": "cosine", "optimiser": "rmsprop"},
    "plateau": {"schedule": "plateau", "plateau_patience": 1, "epochs": 5},
    "plateau with sgd": {"schedule": "plateau", "plateau_patience": 1, "optimiser": "sgd"},
    "best epochs": {"average": 2},
    "last epochs": {"average": 2, "average_of": "last"},
    "accumulation": {"accumulate": 3, "schedule": "cosine"},
    "early end": {"patience": 1, "epochs": 9},
    "bf16": {"precision": "bf16"},
    "fp16": {"precision": "fp16", "learning_rate": 0.5},
}


def kill_at(number: int) -> Callable[[Noisy], None]:
    def at_loss(learner: Noisy) -> None:
        if learner.losses == number:
            raise Killed

    return at_loss


def kill(learner: Noisy) -> None:
    raise Killed


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_every_update_and_every_end_of_an_epoch(kind: str, tmp_path: Path) -> None:
    """One training that is killed again and again: each start gets one update further."""
    settings = training(**KINDS[kind])
    expected = whole(settings)
    kills = 0
    while True:
        # Twice an update: once before it, and at the end of an epoch before its validation.
        fatal = {"at_loss": kill_at(1 + settings.accumulate)} if kills % 2 else {"at_end": kill}
        learner = noisy(**fatal)
        if list(tmp_path.glob("epoch-*")):
            torch.manual_seed(kills)  # whatever state a new process has
        try:
            found = run(learner, settings, tmp_path)
        except Killed:
            kills += 1
            assert kills < 100
            if not kills % 2:
                continue
            # At the end of an epoch it would be killed for ever: let it pass once.
            learner = noisy(at_loss=kill_at(1 + settings.accumulate))
            try:
                found = run(learner, settings, tmp_path)
            except Killed:
                continue
        break
    assert content(found) == expected
    assert kills >= EPOCHS


@pytest.mark.parametrize("kind", ["warm-up", "inverse_sqrt", "cosine", "plateau", "last epochs"])
@pytest.mark.parametrize("where", ["update", "end"])
def test_killed_once_anywhere(kind: str, where: str, tmp_path: Path) -> None:
    settings = training(**KINDS[kind])
    expected = whole(settings)
    epochs = expected[-1].count(b"\n") - 1
    for number in range(1, (epochs * BATCHES if where == "update" else epochs) + 1):
        ends = iter(range(1, 99))

        def at_end(learner: Noisy, ends=ends, number=number) -> None:
            if next(ends) == number:
                raise Killed

        fatal = {"at_loss": kill_at(number)} if where == "update" else {"at_end": at_end}
        with pytest.raises(Killed):
            run(noisy(**fatal), settings, tmp_path / str(number))
        assert content(run(noisy(), settings, tmp_path / str(number))) == expected


@pytest.mark.parametrize("kind", ["cosine", "plateau", "accumulation"])
def test_a_signal_saves_at_the_next_update(kind: str, tmp_path: Path) -> None:
    """Although no save is due for an hour; the last update of an epoch is among the moments."""
    settings = training(**KINDS[kind])
    expected = whole(settings)
    for moment in range(1, EPOCHS * BATCHES + 1):
        folder = tmp_path / str(moment)
        name = ("SIGTERM", "SIGINT", "SIGUSR1")[moment % 3]
        before = signal.getsignal(signal.Signals[name])

        def at_loss(learner: Noisy, moment=moment, name=name) -> None:
            if learner.losses == moment:
                os.kill(os.getpid(), signal.Signals[name])

        with pytest.raises(Interrupted, match=f"{name}: saved in .*{moment}; start it again"):
            run(noisy(at_loss=at_loss), settings, folder, minutes=60)
        assert signal.getsignal(signal.Signals[name]) == before
        assert content(run(noisy(), settings, folder, minutes=60)) == expected


def test_a_signal_during_validation_saves_after_it(tmp_path: Path) -> None:
    def at_end(learner: Noisy) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    settings = training()
    for _ in range(EPOCHS):
        with pytest.raises(Interrupted):
            run(noisy(at_end=at_end), settings, tmp_path, minutes=60)
    assert content(run(noisy(), settings, tmp_path)) == whole(settings)


def test_nothing_is_saved_before_it_is_due(tmp_path: Path) -> None:
    def at_end(learner: Noisy) -> None:
        assert not list(tmp_path.glob("epoch-*"))

    run(noisy(at_end=at_end), training(), tmp_path, minutes=60)
    assert len(list(tmp_path.glob("epoch-*"))) == 1


@pytest.mark.parametrize("moment", ["writing", "renaming", "removing"])
def test_killed_while_saving(moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file is no checkpoint, and a whole one is there all the time."""
    settings = training(schedule="cosine")

    def half(tensors: dict, path: Path, metadata: dict) -> None:
        path.write_bytes(b"half")
        raise Killed

    def dead(*arguments) -> None:
        raise Killed

    for saves in range(1, 6):
        with monkeypatch.context() as patch:
            place = {
                "writing": (checkpoint, "save_file", half),
                "renaming": (Path, "rename", dead),
                "removing": (Path, "unlink", dead),
            }[moment]
            real, calls = getattr(place[0], place[1]), []

            def late(*arguments, saves=saves, real=real, calls=calls, fatal=place[2], **more):
                calls.append(arguments)
                return (fatal if len(calls) == saves else real)(*arguments, **more)

            patch.setattr(place[0], place[1], late)
            with pytest.raises(Killed):
                run(noisy(), settings, tmp_path / str(saves))
        assert content(run(noisy(), settings, tmp_path / str(saves))) == whole(settings)


@pytest.mark.parametrize("more", [{"epochs": 5}, {"epochs": 5, "patience": 1}])
def test_more_epochs_go_on_from_a_finished_run(more: dict, tmp_path: Path) -> None:
    short = training(**KINDS["plateau"] | {"epochs": 2})
    longer = training(**KINDS["plateau"] | more)
    learner = noisy()
    with Checkpoints(tmp_path, {}, 60) as checkpoints:
        assert content(fit(noisy(), short, "test", checkpoints)) == whole(short)
        checkpoints.finish()
    with Checkpoints(tmp_path, {}, 60) as checkpoints:
        assert content(fit(learner, longer, "test", checkpoints)) == whole(longer)
    assert learner.losses == (len(fit(noisy(), longer, "test").history) - 2) * BATCHES


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    settings = training(average=2)
    first = run(noisy(), settings, tmp_path)
    again = run(noisy(at_loss=kill, at_end=kill), settings, tmp_path)
    assert content(again) == content(first)
    assert again.timings.to_csv() == first.timings.to_csv()


def test_fewer_epochs_are_trained_afresh(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for epochs in (3, 2):
        with Checkpoints(tmp_path, {}, 60) as checkpoints:
            found = content(fit(noisy(), training(epochs=epochs), "test", checkpoints))
        assert found == whole(training(epochs=epochs))
    assert "it has 3 epochs, more than the settings now ask for" in caplog.text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("accumulate", [1, 2])
def test_a_loss_that_is_not_finite_names_its_batch(
    value: float, accumulate: int, tmp_path: Path
) -> None:
    settings = training(accumulate=accumulate)
    with pytest.raises(UserError) as error:
        run(noisy(loss_values={(2, 3): value}), settings, tmp_path)
    assert "in epoch 2, batch 3 of 4; lower training.learning_rate" in str(error.value)
    assert f"the loss is {value}" in str(error.value) or "the loss is -inf" in str(error.value)
    assert "\n" not in str(error.value)
    # The checkpoint is from before the batch at fault: without the fault it goes on to the end.
    learner = noisy()
    assert content(run(learner, settings, tmp_path)) == whole(settings)
    assert learner.losses == (EPOCHS - 1) * BATCHES - 2


def test_weights_that_are_not_finite_are_never_saved(tmp_path: Path) -> None:
    """The loss of the very last batch is finite, its gradient is not."""
    learner = noisy(loss_values={(1, 4): 1e38})
    with pytest.raises(UserError, match="the weights are not finite in epoch 1, batch 4 of 4"):
        run(learner, training(clip_norm=None, optimiser="sgd"), tmp_path)
    assert max(path.name for path in tmp_path.glob("epoch-*")).startswith("epoch-1-batch-3-")


@pytest.mark.parametrize("bad", [LOG_INTERVAL, LOG_INTERVAL + 1, LOG_INTERVAL + 7])
def test_losses_are_looked_at_every_interval(bad: int, tmp_path: Path) -> None:
    batches = LOG_INTERVAL * 2 + 3

    class Long(Noisy):
        def batches(self, epoch: int) -> list[Any]:
            return [batch for batch in super().batches(epoch)[:1] for _ in range(batches)]

        def loss(self, batch: Any, epoch: int) -> tuple[Tensor, int]:
            loss, tokens = super().loss(batch, epoch)
            return loss * (float("nan") if self.losses == bad else 1), tokens

    torch.manual_seed(0)
    learner = Long(nn.Linear(3, 1))
    with pytest.raises(UserError, match=f"the loss is nan in epoch 1, batch {bad} of {batches}"):
        run(learner, training(), tmp_path, minutes=60)
    assert learner.losses == -(-bad // LOG_INTERVAL) * LOG_INTERVAL


def test_without_checkpoints_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def at_loss(learner: Noisy) -> None:
        assert signal.getsignal(signal.SIGTERM) == before

    fit(noisy(at_loss=at_loss), training(epochs=1), "test")
