"""The training loop. It knows no task: a `Learner` brings model, batches, loss and dev score."""

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd
import torch
from torch import Tensor, nn

from nlpflow.errors import Interrupted, UserError
from nlpflow.jobs import Show
from nlpflow.settings.training import Training
from nlpflow.training import schedule
from nlpflow.training.checkpoint import Checkpoints, Interrupts
from nlpflow.training.state import State
from nlpflow.training.status import epoch_line, training_status

LOG_INTERVAL = 25
"""Updates between two looks at the losses: each look waits for the GPU."""


NOTHING = (
    "had nothing to learn from: the training set has no two words in a line, no two tags or no two "
    "languages to tell apart; give it more text, or relax its filters and min_count"
)


class Learner(Protocol):
    """A task's model, batches, loss and dev score.

    Whatever is random in a learner comes from torch's global random state, which checkpoints hold,
    or from the random seed and the epoch alone.
    """

    @property
    def model(self) -> nn.Module:
        """What is trained, on its device."""
        ...

    @property
    def score(self) -> str:
        """The key of `validate` that is to grow; of equal epochs a lower `loss` decides."""
        ...

    floor: float
    """The least score there is, 0 or -inf: while it stays there the dev loss is followed."""

    def batches(self, epoch: int) -> Sequence[Any]:
        """The batches of one epoch (counted from 1), the same ones whenever it is asked again.

        Batches are asked for one by one, so they may be made then (`batches.Batches`).
        """
        ...

    def loss(self, batch: Any, epoch: int) -> tuple[Tensor, int]:
        """The loss summed over a batch's tokens, and the number of these tokens."""
        ...

    def validate(self) -> dict[str, float]:
        """Dev figures: `loss` and the task's metrics; the model is in evaluation mode."""
        ...


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
    learner: Learner,
    settings: Training,
    describe: str,
    checkpoints: Checkpoints | None = None,
    show: Show | None = None,
) -> Trained:
    """Train until the dev score has not grown for `patience` epochs, or `epochs` are done.

    As long as the score stays at its floor, the dev loss is followed in its place.

    With `checkpoints` it goes on where the last one was written, to the same result as without a
    break, and a signal makes it save and raise `Interrupted`.

    Args:
        describe: names the run in the log and in errors
        show: called whenever the training has got on
    """
    if checkpoints is None:
        return Loop(learner, settings, describe, show=show).run()
    with Interrupts() as interrupts:
        return Loop(learner, settings, describe, checkpoints, interrupts, show).run()


class Loop:
    """One training. Public for the tests; see `fit`."""

    def __init__(
        self,
        learner: Learner,
        settings: Training,
        describe: str,
        checkpoints: Checkpoints | None = None,
        interrupts: Interrupts | None = None,
        show: Show | None = None,
    ):
        self.learner, self.settings, self.describe = learner, settings, describe
        self.checkpoints, self.interrupts, self.show = checkpoints, interrupts, show
        self.state = State(learner.model, settings)
        self.pending: list[tuple[Tensor, int]] = []
        """Losses not yet looked at."""

    def run(self) -> Trained:
        """All epochs that are still to do."""
        self._resume()
        self.clock = time.perf_counter()
        while not schedule.is_finished(self._worths(self.state.progress.history), self.settings):
            self._train_epoch()
            self._end_epoch()
        if self.checkpoints is not None:
            self.checkpoints.save(self.state.capture())
        progress = self.state.progress
        return Trained(
            schedule.mean_weights(self.state.kept),
            pd.DataFrame(progress.history),
            pd.DataFrame(progress.timings),
        )

    def _resume(self) -> None:
        if self.checkpoints is None or (snapshot := self.checkpoints.load()) is None:
            return
        worths = self._worths(snapshot.values["progress"]["history"])
        if any(schedule.is_finished(worths[:done], self.settings) for done in range(len(worths))):
            self.checkpoints.set_aside(f"it has {len(worths)} epochs, more than are asked for now")
            return
        self.state.restore(snapshot)

    def _worths(self, history: Sequence[dict[str, float]]) -> list[schedule.Worth]:
        """Of every finished epoch."""
        score, floor = f"dev_{self.learner.score}", self.learner.floor
        return [schedule.worth(row[score], row["dev_loss"], floor) for row in history]

    def _train_epoch(self) -> None:
        """The rest of one pass over the training set."""
        progress = self.state.progress
        batches = self.learner.batches(progress.epoch)
        self.learner.model.train()
        while progress.batch < len(batches):
            self.pending += self._update(batches)
            save = self._must_save()
            last = progress.batch == len(batches)
            if save or last or progress.updates % LOG_INTERVAL == 0:
                self._look_at_losses(batches)
                if self.show is not None:
                    epochs, score = self.settings.epochs, self.learner.score
                    self.show(training_status(progress, len(batches), epochs, score))
            if save:
                self._save()

    def _update(self, batches: Sequence[Any]) -> list[tuple[Tensor, int]]:
        """One update; returns the losses of its batches."""
        progress = self.state.progress
        end = min(progress.batch + self.settings.accumulate, len(batches))
        done = progress.epoch - 1 + progress.batch / len(batches)
        worths = self._worths(progress.history)
        progress.learning_rate = schedule.learning_rate(
            self.settings, progress.updates + 1, done / self.settings.epochs, worths
        )
        group = [batches[number] for number in range(progress.batch, end)]
        losses = self.state.update(self.learner.loss, group, progress.learning_rate)
        progress.batch, progress.updates = end, progress.updates + 1
        return losses

    def _look_at_losses(self, batches: Sequence[Any]) -> None:
        """Add up the losses since the last look; they and the weights must be finite."""
        progress = self.state.progress
        values = torch.stack([loss for loss, _ in self.pending]).tolist()
        for number, value in enumerate(values, start=progress.batch - len(values) + 1):
            if not math.isfinite(value):
                raise self._diverged(f"the loss is {value}", number, len(batches))
        if not self.state.is_finite():
            raise self._diverged("the weights are not finite", progress.batch, len(batches))
        for value, (_, tokens) in zip(values, self.pending, strict=True):
            progress.loss += value
            progress.tokens += tokens
        self.pending = []
        progress.epoch_seconds += self._tick()

    def _diverged(self, what: str, batch: int, batches: int) -> UserError:
        return UserError(
            f"{self.describe}: {what} in epoch {self.state.progress.epoch}, "
            f"batch {batch} of {batches}; lower training.learning_rate or training.clip_norm"
        )

    def _end_epoch(self) -> None:
        """Validate, write the epoch's row of the history, choose the weights to keep."""
        progress = self.state.progress
        # Rounding leaves a CRF a loss of about 1e-15 where there is only one tag.
        if not progress.tokens or (progress.epoch == 1 and progress.loss < 1e-9 * progress.tokens):
            raise UserError(f"{self.describe}: epoch {progress.epoch} {NOTHING}")
        self.learner.model.eval()
        with torch.inference_mode():
            figures = self.learner.validate()
        self._tick()
        shared: dict[str, float] = {"epoch": progress.epoch}
        row = shared | {"tokens": progress.tokens, "learning_rate": progress.learning_rate}
        row |= {"train_loss": progress.loss / progress.tokens}
        progress.history.append(row | {f"dev_{name}": float(figures[name]) for name in figures})
        times = shared | {"training_seconds": progress.epoch_seconds}
        times |= {"tokens_per_second": progress.tokens / progress.epoch_seconds}
        progress.timings.append(times | {"seconds": progress.seconds})
        line = epoch_line(progress, self.settings.epochs, self.learner.score)
        logging.info("%s: %s", self.describe, line)
        self.state.keep_weights(schedule.kept_epochs(self._worths(progress.history), self.settings))
        progress.epoch, progress.batch = progress.epoch + 1, 0
        progress.loss, progress.tokens, progress.epoch_seconds = 0.0, 0, 0.0
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
        self.checkpoints.save(self.state.capture())
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
