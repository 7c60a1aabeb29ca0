"""The training loop. It knows no task: a task brings the model, batches, loss and dev score."""

import copy
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd
import torch
from torch import Tensor, nn
from tqdm import tqdm

from nlpflow.settings.training import Training
from nlpflow.training.optimiser import build_optimiser


class Learner(Protocol):
    """What a task gives the loop."""

    @property
    def model(self) -> nn.Module:
        """What is trained, on its device."""
        ...

    @property
    def score(self) -> str:
        """The key of `validate` that is to grow."""
        ...

    def batches(self, epoch: int) -> Iterable[Any]:
        """The batches of one epoch (counted from 1), the same ones whenever it is asked again."""
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
    """Of the epoch with the best dev score."""
    history: pd.DataFrame
    """One row an epoch; nothing in it depends on the clock."""
    timings: pd.DataFrame
    """One row an epoch: seconds since the start, tokens a second."""


def fit(learner: Learner, settings: Training, describe: str) -> Trained:
    """Train until the dev score has not grown for `patience` epochs, or `epochs` are done.

    :param describe: names the run on the progress bar
    """
    optimiser = build_optimiser(learner.model, settings)
    history: list[dict[str, float]] = []
    timings: list[dict[str, float]] = []
    best, best_epoch, weights = float("-inf"), 0, learner.model.state_dict()
    start = time.perf_counter()
    for epoch in range(1, settings.epochs + 1):
        begun = time.perf_counter()
        loss, tokens = _train_epoch(learner, settings, optimiser, epoch, describe)
        trained = time.perf_counter()
        learner.model.eval()
        with torch.inference_mode():
            figures = learner.validate()
        rate = optimiser.param_groups[0]["lr"]
        dev = {f"dev_{name}": value for name, value in figures.items()}
        history.append(
            {"epoch": epoch, "tokens": tokens, "learning_rate": rate, "train_loss": loss} | dev
        )
        timings.append(
            {
                "epoch": epoch,
                "training_seconds": trained - begun,
                "tokens_per_second": tokens / (trained - begun),
                "seconds": time.perf_counter() - start,
            }
        )
        if figures[learner.score] > best:
            best, best_epoch = figures[learner.score], epoch
            weights = copy.deepcopy(learner.model.state_dict())
        elif epoch - best_epoch >= settings.patience:
            break
    return Trained(weights, pd.DataFrame(history), pd.DataFrame(timings))


def _train_epoch(
    learner: Learner,
    settings: Training,
    optimiser: torch.optim.Optimizer,
    epoch: int,
    describe: str,
) -> tuple[float, int]:
    """One pass over the training set; returns the loss per token and the tokens it was over."""
    learner.model.train()
    total, count = 0.0, 0
    batches = list(learner.batches(epoch))
    title = f"{describe} epoch {epoch}/{settings.epochs}"
    # On a terminal the bar moves; in a log file one line every 10 seconds is enough.
    interval = 0.2 if sys.stderr.isatty() else 10
    with tqdm(batches, desc=title, unit="batch", mininterval=interval, leave=False) as bar:
        begun = time.perf_counter()
        for batch in bar:
            loss, tokens = learner.loss(batch, epoch)
            optimiser.zero_grad(set_to_none=True)
            (loss / tokens).backward()  # type: ignore[no-untyped-call]
            if settings.clip_norm is not None:
                nn.utils.clip_grad_norm_(learner.model.parameters(), settings.clip_norm)
            optimiser.step()
            total += loss.item()
            count += tokens
            speed = count / (time.perf_counter() - begun)
            bar.set_postfix_str(f"loss {total / count:.3f}, {speed:,.0f} tokens/s", refresh=False)
    return total / count, count
