"""The training loop of all tasks. A `Learner` provides model, batches, loss and dev scores."""

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
from nlpflow.training.processes import ToldByFirst, current
from nlpflow.training.sharing import SharedLearner
from nlpflow.training.state import State
from nlpflow.training.status import epoch_line, training_status

LOG_INTERVAL = 25
"""Updates between two reads of the losses. Reading them waits for the GPU."""


NOTHING = (
    "had nothing to learn from: the training set needs two known words in a line (embeddings), two "
    "tags (tagging, entities) or two languages (language identification); give it more text, or "
    "relax its filters and min_count"
)


class Learner(Protocol):
    """A task's model, batches, loss and dev scores.

    Everything random in a learner comes from PyTorch's global random state, which checkpoints
    contain, or depends on the random seed and the epoch alone. A random number that several
    processes must have in common comes from `processes.current().generator`.
    """

    @property
    def model(self) -> nn.Module:
        """The model that is trained, on its device."""
        ...

    @property
    def score(self) -> str:
        """The key of `validate` that selects the best epoch; higher is better.

        If two epochs have equal scores, the lower dev loss wins.
        """
        ...

    floor: float
    """The lowest possible score, 0 or -inf. While the score stays there, the dev loss is used."""

    def batches(self, epoch: int) -> Sequence[Any]:
        """The batches of one epoch (counted from 1); the same for every call.

        The loop accesses them one by one, so that they may be made lazily (`batches.Batches`).
        Only `Batches` can be divided among several processes.
        """
        ...

    def loss(self, batch: Any, epoch: int) -> tuple[Tensor, int]:
        """The loss summed over a batch's tokens, and the number of these tokens."""
        ...

    def validate(self) -> dict[str, float]:
        """The dev `loss` and the task's dev scores; the model is in evaluation mode."""
        ...


@dataclass(frozen=True)
class Trained:
    """The result of a training."""

    weights: dict[str, Tensor]
    """Mean of the weights of the epochs that the settings select; by default only the best."""
    history: pd.DataFrame
    """One row per epoch; it does not depend on the clock."""
    timings: pd.DataFrame
    """One row per epoch, with seconds and tokens per second."""
    processes: tuple[int, ...]
    """The numbers of processes that have trained, see `Progress.processes`."""


def fit(
    learner: Learner,
    settings: Training,
    describe: str,
    checkpoints: Checkpoints | None = None,
    show: Show | None = None,
) -> Trained:
    """Train until the dev score has not improved for `patience` epochs, or `epochs` are done.

    While the score stays at its floor, the dev loss decides in its place.

    With `checkpoints`, training continues from the last one and gives the same result as without
    the interruption. A signal then makes it save a checkpoint and raise `Interrupted`.

    Processes that have `joined` train together. Only the first one loads and saves checkpoints.

    Args:
        describe: names the run in the log and in errors
        show: called with the progress whenever it changes, to display it; None: no display
    """
    if checkpoints is None:
        return Loop(learner, settings, describe, show=show).run()
    with Interrupts() as interrupts:
        return Loop(learner, settings, describe, checkpoints, interrupts, show).run()


class Loop:
    """One training; see `fit`, which runs it. Public because tests run it step by step."""

    def __init__(
        self,
        learner: Learner,
        settings: Training,
        describe: str,
        checkpoints: Checkpoints | None = None,
        interrupts: Interrupts | None = None,
        show: Show | None = None,
    ):
        self.processes = current()
        if self.processes.count > 1:
            learner = SharedLearner(learner, self.processes)
        self.learner, self.settings, self.describe = learner, settings, describe
        self.checkpoints, self.interrupts, self.show = checkpoints, interrupts, show
        self.state = State(learner.model, settings, self.processes)
        self.pending: list[tuple[Tensor, int]] = []
        """Losses not yet read, and the number of tokens of each; those of this process."""

    def run(self) -> Trained:
        """Train all remaining epochs."""
        if self.processes.is_first:
            self._resume()
        self.state.share()
        self.clock = time.perf_counter()
        while not schedule.is_finished(self._worths(self.state.progress.history), self.settings):
            self._train_epoch()
            self._end_epoch()
        if self.checkpoints is not None and self.processes.is_first:
            self.checkpoints.save(self.state.capture())
        progress = self.state.progress
        return Trained(
            schedule.mean_weights(self.state.kept),
            pd.DataFrame(progress.history),
            pd.DataFrame(progress.timings),
            tuple(progress.processes),
        )

    def _resume(self) -> None:
        if self.checkpoints is None or (snapshot := self.checkpoints.load()) is None:
            return
        worths = self._worths(snapshot.values["progress"]["history"])
        if any(schedule.is_finished(worths[:done], self.settings) for done in range(len(worths))):
            self.checkpoints.set_aside(
                f"it has {len(worths)} epochs, more than the settings now ask for"
            )
            return
        self.state.restore(snapshot)

    def _worths(self, history: Sequence[dict[str, float]]) -> list[schedule.Worth]:
        """The worth of every finished epoch."""
        score, floor = f"dev_{self.learner.score}", self.learner.floor
        return [schedule.worth(row[score], row["dev_loss"], floor) for row in history]

    def _train_epoch(self) -> None:
        """Train the remaining batches of the epoch."""
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
        """Make one update and return the losses and token numbers of its batches."""
        progress = self.state.progress
        end = min(progress.batch + self.settings.accumulate, len(batches))
        done = progress.epoch - 1 + progress.batch / len(batches)
        worths = self._worths(progress.history)
        progress.learning_rate = schedule.learning_rate(
            self.settings, progress.updates + 1, done / self.settings.epochs, worths
        )
        group = [batches[number] for number in range(progress.batch, end)]
        losses = self.state.update(self.learner.loss, group, progress.learning_rate)
        if progress.processes[-1:] != [self.processes.count]:
            progress.processes.append(self.processes.count)
        progress.batch, progress.updates = end, progress.updates + 1
        return losses

    def _look_at_losses(self, batches: Sequence[Any]) -> None:
        """Add the pending losses to the progress.

        Raises:
            UserError: a loss or a weight is not finite
        """
        progress = self.state.progress
        values = self.processes.sum(torch.stack([loss for loss, _ in self.pending])).tolist()
        tokens = self.processes.sum(torch.tensor([tokens for _, tokens in self.pending])).tolist()
        for number, value in enumerate(values, start=progress.batch - len(values) + 1):
            if not math.isfinite(value):
                raise self._diverged(f"the loss is {value}", number, len(batches))
        if not self.state.is_finite():
            raise self._diverged("the weights are not finite", progress.batch, len(batches))
        for value, count in zip(values, tokens, strict=True):
            progress.loss += value
            progress.tokens += count
        self.pending = []
        progress.epoch_seconds += self._tick()

    def _diverged(self, what: str, batch: int, batches: int) -> UserError:
        return ToldByFirst(
            f"{self.describe}: {what} in epoch {self.state.progress.epoch}, "
            f"batch {batch} of {batches}; lower training.learning_rate or training.clip_norm"
        )

    def _end_epoch(self) -> None:
        """Validate, add the epoch to the history, and select the weights to keep."""
        progress = self.state.progress
        # With only one tag a CRF's loss is 0 but for rounding, about 1e-15.
        if not progress.tokens or (progress.epoch == 1 and progress.loss < 1e-9 * progress.tokens):
            raise ToldByFirst(f"{self.describe}: epoch {progress.epoch} {NOTHING}")
        self.learner.model.eval()
        with torch.inference_mode():
            scores = self.learner.validate()
        self._tick()
        shared: dict[str, float] = {"epoch": progress.epoch}
        row = shared | {"tokens": progress.tokens, "learning_rate": progress.learning_rate}
        row |= {"train_loss": progress.loss / progress.tokens}
        progress.history.append(row | {f"dev_{name}": float(scores[name]) for name in scores})
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
        received, due = self.processes.agree(self.interrupts.received, self.checkpoints.is_due())
        return received is not None or due

    def _save(self) -> None:
        """Save the state, whose losses are all read; raise `Interrupted` after a signal."""
        assert self.checkpoints is not None
        assert self.interrupts is not None
        if self.processes.is_first:
            self.checkpoints.save(self.state.capture())
        # The other processes wait here until the first one has saved.
        received, _ = self.processes.agree(self.interrupts.received, False)
        if received is not None:
            raise Interrupted(
                f"{self.describe}: {received}: saved in {self.checkpoints.folder}; "
                "start it again to continue from there"
            )

    def _tick(self) -> float:
        """Seconds since the last call, which are added to the training's own clock."""
        now = time.perf_counter()
        passed, self.clock = now - self.clock, now
        self.state.progress.seconds += passed
        return passed
