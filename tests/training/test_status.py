"""What a training says of itself."""

import io
import logging

import pytest

from nlpflow.training.state import Progress
from nlpflow.training.status import bar, epoch_line, training_status

HISTORY = {"epoch": 1, "train_loss": 3.5, "dev_loss": 3.25, "dev_bleu": 12.345}
TIMES = {"epoch": 1, "tokens_per_second": 12345.6, "seconds": 50.0}


def progress(batch: int, epochs: int = 1) -> Progress:
    """In the second epoch, or the first."""
    return Progress(
        epoch=1 + epochs,
        batch=batch,
        loss=600.0,
        tokens=200,
        epoch_seconds=10.0,
        seconds=75.0,
        history=[HISTORY] * epochs,
        timings=[TIMES] * epochs,
    )


def test_status_within_an_epoch() -> None:
    status = training_status(progress(batch=5), batches=10, epochs=6, score="bleu")
    assert status.step == "epoch 2/6"
    assert status.share == 1.5 / 6
    assert status.numbers == ("loss 3.000", "dev BLEU 12.35", "20 tokens/s")
    assert (status.elapsed, status.remaining) == (75.0, 225.0)


def test_status_while_the_dev_set_is_scored() -> None:
    status = training_status(progress(batch=10, epochs=0), batches=10, epochs=6, score="bleu")
    assert status.step == "epoch 1/6, dev score"
    assert status.numbers == ("loss 3.000", "20 tokens/s")  # there is no dev score yet


def test_line_of_an_epoch() -> None:
    assert epoch_line(progress(batch=0), epochs=6, score="bleu") == (
        "epoch 1/6: loss 3.500, dev loss 3.250, dev BLEU 12.35, 12,346 tokens/s, "
        "0:00:50 elapsed, at most 0:04:10 left"
    )


def test_lines_go_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    handler = logging.StreamHandler(stream)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    with bar("plain seed 1") as show:
        show(training_status(progress(batch=5), batches=10, epochs=6, score="bleu"))
        logging.warning("the end of an epoch")
    drawn = [line.strip() for line in stream.getvalue().replace("\n", "\r").split("\r")]
    assert "the end of an epoch" in drawn
    assert any(line.startswith("plain seed 1 epoch 2/6  25%|") for line in drawn)
    assert drawn[-1] == ""  # wiped away
