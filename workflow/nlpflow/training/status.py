"""How far a training is: its status, a line for each epoch, a bar on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from nlpflow.jobs import JobStatus, Show, clock
from nlpflow.metrics.names import metric_label
from nlpflow.training.state import Progress


def training_status(progress: Progress, batches: int, epochs: int, score: str) -> JobStatus:
    """The status within an epoch, or at its end, when the dev score is not known yet.

    The time left is that of all `epochs`; `patience` may end the training earlier.

    Args:
        batches: of an epoch
        score: the dev score to show, that of the last finished epoch
    """
    share = (progress.epoch - 1 + progress.batch / batches) / epochs
    numbers = [f"loss {progress.loss / max(1, progress.tokens):.3f}"]
    numbers += [_dev_score(progress, score)] if progress.history else []
    numbers.append(f"{progress.tokens / progress.epoch_seconds:,.0f} tokens/s")
    return JobStatus(
        f"epoch {progress.epoch}/{epochs}" + (", dev score" if progress.batch == batches else ""),
        share,
        tuple(numbers),
        progress.seconds,
        progress.seconds / share - progress.seconds,
    )


def epoch_line(progress: Progress, epochs: int, score: str) -> str:
    """The line of the log about the epoch that has just ended."""
    row, times = progress.history[-1], progress.timings[-1]
    epoch = int(row["epoch"])
    left = times["seconds"] / epoch * (epochs - epoch)
    return (
        f"epoch {epoch}/{epochs}: loss {row['train_loss']:.3f}, "
        f"dev loss {row['dev_loss']:.3f}, {_dev_score(progress, score)}, "
        f"{times['tokens_per_second']:,.0f} tokens/s, "
        f"{clock(times['seconds'])} elapsed, at most {clock(left)} left"
    )


def _dev_score(progress: Progress, score: str) -> str:
    return f"dev {metric_label(score)} {progress.history[-1][f'dev_{score}']:.2f}"


@contextmanager
def bar(name: str) -> Iterator[Show]:
    """A bar on a terminal for one training that was started by hand; log lines go above it."""
    form = "{desc} {percentage:3.0f}%|{bar:10}|{postfix}"
    drawn = tqdm(total=1, desc=name, leave=False, dynamic_ncols=True, bar_format=form)

    def show(status: JobStatus) -> None:
        drawn.set_description_str(f"{name} {status.step}", refresh=False)
        drawn.set_postfix_str(", ".join(status.details()), refresh=False)
        drawn.update(status.share - drawn.n)

    with logging_redirect_tqdm(), drawn:
        yield show
