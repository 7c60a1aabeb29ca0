"""The training loop. It knows no task: a `Learner` brings model, batches, loss and dev score."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import pandas as pd
import torch
from torch import Tensor

from nlpflow.errors import Interrupted, UserError
from nlpflow.settings.training import Training
from nlpflow.training.bar import Bar
from nlpflow.training.checkpoint import Checkpoints
from nlpflow.training.interrupts import Interrupts
from nlpflow.training.learner import Learner
from nlpflow.training.schedule import step_size
from nlpflow.training.selection import is_finished, kept_epochs, mean_weights
from nlpflow.training.state import State

LOG_INTERVAL = 25
"""Updates between two looks at the losses; each look waits for the GPU and copies the state."""


@dataclass(frozen=True)
class Trained:
    """What training leaves behind."""

    weights: dict[str, Tensor]
    """The mean over the epochs that the settings choose; by default those of the best one."""
    history: pd.DataFrame
    """One row an epoch; nothing in it depends on the clock."""
    timings: pd.DataFrame
    """One row an epoch: seconds since the start, tokens a second."""


def fit(
    learner: Learner, settings: Training, describe: str, checkpoints: Checkpoints | None = None
) -> Trained:
    """Train until the dev score has not grown for `patience` epochs, or `epochs` are done.

    With `checkpoints` it goes on where the last one was written, to the same result as without a
    break, and a signal makes it save and raise `Interrupted`.

    :param describe: names the run on the progress bar and in errors
    """
    if checkpoints is None:
        return Loop(learner, settings, describe).run()
    with Interrupts() as interrupts:
        return Loop(learner, settings, describe, checkpoints, interrupts).run()


def dev_scores(history: Sequence[dict[str, float]], learner: Learner) -> list[float]:
    """The dev score of every finished epoch."""
    return [row[f"dev_{learner.score}"] for row in history]


class Loop:
    """One training. Public for the tests; see `fit`."""

    def __init__(
        self,
        learner: Learner,
        settings: Training,
        describe: str,
        checkpoints: Checkpoints | None = None,
        interrupts: Interrupts | None = None,
    ):
        self.learner, self.settings, self.describe = learner, settings, describe
        self.checkpoints, self.interrupts = checkpoints, interrupts
        self.state = State(learner.model, settings)
        self.pending: list[tuple[Tensor, int]] = []
        """Losses not yet looked at."""

    def run(self) -> Trained:
        """All epochs that are still to do."""
        self._resume()
        self.clock = time.perf_counter()
        self.good = self.state.capture()
        while not is_finished(self._scores(), self.settings):
            self._train_epoch()
            self._end_epoch()
        if self.checkpoints is not None:
            self.checkpoints.save(self.good)
        progress = self.state.progress
        return Trained(
            mean_weights(self.state.kept),
            pd.DataFrame(progress.history),
            pd.DataFrame(progress.timings),
        )

    def _resume(self) -> None:
        if self.checkpoints is None or (snapshot := self.checkpoints.load()) is None:
            return
        scores = dev_scores(snapshot.values["progress"]["history"], self.learner)
        if any(is_finished(scores[:done], self.settings) for done in range(len(scores))):
            self.checkpoints.set_aside(f"it has {len(scores)} epochs, more than are asked for now")
            return
        self.state.restore(snapshot)

    def _scores(self) -> list[float]:
        return dev_scores(self.state.progress.history, self.learner)

    def _train_epoch(self) -> None:
        """The rest of one pass over the training set."""
        progress = self.state.progress
        batches = self.learner.batches(progress.epoch)
        self.learner.model.train()
        with Bar(self.describe, progress, len(batches), self.settings.epochs) as bar:
            while progress.batch < len(batches):
                self.pending += self._update(batches)
                save = self._must_save()
                last = progress.batch == len(batches)
                if save or last or progress.updates % LOG_INTERVAL == 0:
                    self._look_at_losses(batches)
                    bar.show()
                if save:
                    self._save()

    def _update(self, batches: Sequence[Any]) -> list[tuple[Tensor, int]]:
        """One update; returns the losses of its batches."""
        progress = self.state.progress
        end = min(progress.batch + self.settings.accumulate, len(batches))
        done = progress.epoch - 1 + progress.batch / len(batches)
        progress.learning_rate = step_size(
            self.settings, progress.updates + 1, done / self.settings.epochs, self._scores()
        )
        group = [batches[number] for number in range(progress.batch, end)]
        losses = self.state.update(self.learner, group, progress.learning_rate)
        progress.batch, progress.updates = end, progress.updates + 1
        return losses

    def _look_at_losses(self, batches: Sequence[Any]) -> None:
        """Add up the losses since the last look; they and the weights must be numbers."""
        values = torch.stack([loss for loss, _ in self.pending]).tolist()
        if not all(map(math.isfinite, values)) or not self.state.is_finite():
            self._blame(batches)
        progress = self.state.progress
        for value, (_, tokens) in zip(values, self.pending, strict=True):
            progress.loss += value
            progress.tokens += tokens
        self.pending = []
        progress.epoch_seconds += self._tick()
        self.good = self.state.capture()

    def _blame(self, batches: Sequence[Any]) -> NoReturn:
        """Save the last good state, replay what came after it and name the batch at fault."""
        kept = ""
        if self.checkpoints is not None:
            self.checkpoints.save(self.good)
            kept = f"; the last good state is kept in {self.checkpoints.folder}"
        end = self.state.progress.batch
        self.state.restore(self.good)
        progress = self.state.progress
        while progress.batch < end:
            first = progress.batch + 1
            losses = [loss.item() for loss, _ in self._update(batches)]
            wrong = [number for number, loss in enumerate(losses) if not math.isfinite(loss)]
            if wrong or not self.state.is_finite():
                what = f"the loss is {losses[wrong[0]]}" if wrong else "the update is not finite"
                number = first + (wrong[0] if wrong else 0)
                break
        else:
            what, number = "the loss is not finite (and is when tried again)", end
        raise UserError(
            f"{self.describe}: {what} in epoch {progress.epoch}, batch {number} of {len(batches)}; "
            f"lower training.learning_rate or training.clip_norm{kept}"
        )

    def _end_epoch(self) -> None:
        """Validate, write the epoch's row of the history, choose the weights to keep."""
        self.learner.model.eval()
        with torch.inference_mode():
            figures = self.learner.validate()
        self._tick()
        progress = self.state.progress
        if not progress.tokens:
            raise UserError(
                f"{self.describe}: epoch {progress.epoch} had nothing to learn from: the training "
                "set is too small for these settings"
            )
        dev = {f"dev_{name}": float(value) for name, value in figures.items()}
        progress.history.append(
            {
                "epoch": progress.epoch,
                "tokens": progress.tokens,
                "learning_rate": progress.learning_rate,
                "train_loss": progress.loss / progress.tokens,
            }
            | dev
        )
        progress.timings.append(
            {
                "epoch": progress.epoch,
                "training_seconds": progress.epoch_seconds,
                "tokens_per_second": progress.tokens / progress.epoch_seconds,
                "seconds": progress.seconds,
            }
        )
        self.state.keep_weights(kept_epochs(self._scores(), self.settings))
        progress.epoch, progress.batch = progress.epoch + 1, 0
        progress.loss, progress.tokens, progress.epoch_seconds = 0.0, 0, 0.0
        self.good = self.state.capture()
        if self._must_save():
            self._save()

    def _must_save(self) -> bool:
        if self.checkpoints is None or self.interrupts is None:
            return False
        return self.interrupts.received is not None or self.checkpoints.is_due()

    def _save(self) -> None:
        """Save the state that was just looked at; after a signal, stop."""
        assert self.checkpoints is not None
        assert self.interrupts is not None
        self.checkpoints.save(self.good)
        if self.interrupts.received is not None:
            raise Interrupted(
                f"{self.describe}: {self.interrupts.received}: saved in {self.checkpoints.folder}; "
                "started again, it goes on from there"
            )

    def _tick(self) -> float:
        """Seconds since the last tick; the training's own clock goes on by them."""
        now = time.perf_counter()
        passed, self.clock = now - self.clock, now
        self.state.progress.seconds += passed
        return passed
