"""Trains the classic neural NLP models reproducibly from raw public data."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlpflow.api import TrainedRun

VERSION = "0.2.0"


def load(folder: str | Path) -> "TrainedRun":
    """Load a trained run; see `nlpflow.api.load`."""
    from nlpflow.api import load as load_run  # it imports torch

    return load_run(folder)
