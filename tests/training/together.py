"""Small trainings in several processes, started as torchrun would start them."""

import logging
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from safetensors.torch import load_file, save_file

import forked
from nlpflow.errors import SAVED, Interrupted, UserError
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tasks.translation.learner import TranslationLearner, TranslationTestSet
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training.checkpoint import Checkpoints
from nlpflow.training.loop import Learner, fit
from nlpflow.training.processes import current, joined, own_place
from tasks import test_labelling_learner as tagged
from tasks import test_translation_learner as pairs

SECONDS = 300
"""No process of a test takes longer, however busy the machine."""


INFINITE = -1
"""In place of a signal: the loss of this process is infinite."""


@dataclass(frozen=True)
class Fault:
    """What happens to a process when it computes its n-th loss."""

    rank: int
    loss: int
    number: int = signal.SIGKILL
    """Of the signal; 0: no signal, but an error of this process alone; or `INFINITE`."""


@dataclass(frozen=True)
class Small:
    """A training of a few sentences, in double precision."""

    task: str
    folder: Path
    training: dict[str, Any] = field(default_factory=dict)
    dropout: float = 0.0
    minutes: float = 60
    """Between checkpoints."""

    def learner(self) -> Learner:
        """The learner with its untrained model; the same in every process."""
        training = {"batch_size": 4, "epochs": 2, "learning_rate": 0.01} | self.training
        if self.task == "tagging":
            model = {"dropout": self.dropout, "characters": tagged.LETTERS}
            return tagged.learner(training=training, **model)
        return _translation(self.folder / f"data-{current().rank}", training, self.dropout)

    def run(self, processes: int, fault: Fault | None = None) -> list[int | None]:
        """Train, from the checkpoint in the folder if there is one.

        Returns:
            the exit status of each process; what it has said is in the file `<rank>.log`
        """
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        started = [
            forked.process(_run, self, rank, processes, port, fault) for rank in range(processes)
        ]
        for process in started:
            process.start()
        for process in started:
            process.join(SECONDS)
        return [process.exitcode for process in started]

    def weights(self) -> dict[str, torch.Tensor]:
        """The weights of the training that came to its end."""
        return load_file(self.folder / "weights.safetensors")

    def history(self) -> pd.DataFrame:
        """Its history."""
        return pd.read_pickle(self.folder / "history.pickle")

    def said(self, rank: int = 0) -> str:
        """What a process has said."""
        return (self.folder / f"{rank}.log").read_text(encoding="utf-8")


def _translation(folder: Path, training: dict[str, Any], dropout: float) -> TranslationLearner:
    settings = TranslationExperiment(
        task="translation",
        vocabulary="sample",
        model={"attention": "additive", "embedding": 8, "hidden": 8, "dropout": dropout},
        training=training,
        decoding={"max_tokens": 6},
    )
    data = [
        pairs.encoded(folder / split, split, rows)
        for split, rows in (("train", pairs.TRAIN), ("dev", pairs.DEV))
    ]
    torch.manual_seed(0)
    model = build_seq2seq(settings.model, len(pairs.SOURCE), len(pairs.TARGET), 6)
    device = torch.device("cpu")
    translator = Translator(model, pairs.SOURCE, pairs.TARGET, settings.decoding, device)
    references = [[tgt] for _, tgt in pairs.DEV]
    dev_set = TranslationTestSet([src for src, _ in pairs.DEV], references, raw=False)
    return TranslationLearner(model, settings, *data, dev_set, translator, 1, device)


def _run(small: Small, rank: int, count: int, port: int, fault: Fault | None) -> None:
    """One process."""
    small.folder.mkdir(parents=True, exist_ok=True)
    sys.stderr = (small.folder / f"{rank}.log").open("w", encoding="utf-8", buffering=1)
    logging.basicConfig(stream=sys.stderr, format="%(message)s", level=logging.ERROR, force=True)
    places = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count}
    meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    os.environ.update({name: str(value) for name, value in (places | meeting).items()})
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    try:
        with joined(own_place()):
            _train(small, fault if fault and fault.rank == rank else None)
    except (UserError, Interrupted) as end:
        print(end, file=sys.stderr)
        sys.exit(SAVED if isinstance(end, Interrupted) else 1)
    except Exception:
        traceback.print_exc()
        raise


def _train(small: Small, fault: Fault | None) -> None:
    learner = small.learner()
    if fault is not None:
        learner.loss = partial(_faulty, fault, learner.loss, iter(range(1, 9999)))  # type: ignore[method-assign]
    checkpoints = Checkpoints(small.folder / "checkpoints", {}, small.minutes)
    if not current().is_first:
        fit(learner, learner.settings.training, "small", checkpoints)
        return
    with checkpoints:
        trained = fit(learner, learner.settings.training, "small", checkpoints)
    (small.folder / "processes").write_text(str(trained.processes))
    save_file(trained.weights, small.folder / "weights.safetensors")
    trained.history.to_pickle(small.folder / "history.pickle")


def _faulty(
    fault: Fault, loss: Callable[..., Any], calls: Any, batch: Any, epoch: int
) -> tuple[torch.Tensor, int]:
    if next(calls) == fault.loss:
        if not fault.number:
            raise UserError(f"a file is missing on node {fault.rank}")
        if fault.number == INFINITE:
            summed, tokens = loss(batch, epoch)
            return summed * float("inf"), tokens
        os.kill(os.getpid(), fault.number)
    return loss(batch, epoch)
