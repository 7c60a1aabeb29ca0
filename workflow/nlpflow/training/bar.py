"""The progress bar: loss, speed, time left."""

import sys
import time
from datetime import timedelta
from typing import Self

from tqdm import tqdm

from nlpflow.training.state import Progress


class Bar:
    """One epoch on stderr.

    Args:
        progress: where the training stands; read whenever the bar is shown
    """

    def __init__(self, describe: str, progress: Progress, batches: int, epochs: int):
        self.progress, self.batches, self.epochs = progress, batches, epochs
        self.begun, self.batch, self.tokens = time.perf_counter(), progress.batch, progress.tokens
        self.bar = tqdm(
            total=batches,
            initial=progress.batch,
            desc=f"{describe} epoch {progress.epoch}/{epochs}",
            unit="batch",
            # On a terminal the bar moves; in a log file one line every 10 seconds is enough.
            mininterval=0.2 if sys.stderr.isatty() else 10,
            leave=False,
            bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}{postfix}",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.bar.close()

    def show(self) -> None:
        """Bring the bar up to date; the time left counts every epoch, without validation."""
        progress, seconds = self.progress, time.perf_counter() - self.begun
        left = self.batches - progress.batch + self.batches * (self.epochs - progress.epoch)
        rest = seconds / (progress.batch - self.batch) * left
        self.bar.set_postfix_str(
            f"loss {progress.loss / max(1, progress.tokens):.3f}, "
            f"{(progress.tokens - self.tokens) / seconds:,.0f} tokens/s, "
            f"at most {timedelta(seconds=round(rest))} left",
            refresh=False,
        )
        self.bar.update(progress.batch - self.bar.n)
