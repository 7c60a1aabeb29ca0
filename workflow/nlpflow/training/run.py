"""Training of one run of any task: runs the loop with checkpoints and writes the run."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors import SafetensorError

from nlpflow.errors import UserError
from nlpflow.jobs import Inputs, Show
from nlpflow.runs.card import run_card
from nlpflow.runs.run import Run, save_run
from nlpflow.settings.code import code_digest
from nlpflow.settings.training import NO_PART_OF_THE_RESULT, BaseExperiment
from nlpflow.tables import file_digest
from nlpflow.training.checkpoint import Checkpoints, Key
from nlpflow.training.loop import Learner, fit
from nlpflow.training.processes import current
from nlpflow.training.schedule import Weights

AT_FLOOR = "the dev loss selected the epoch; look at the outputs, and train longer or on more data"


class TrainingJob(NamedTuple):
    """The arguments of a training."""

    experiment: str
    seed: int
    settings: dict[str, Any]
    """Settings of the experiment as JSON values, without those that do not affect the result."""
    dataset: dict[str, Any]
    """Settings of the dataset."""
    inputs: Inputs
    folder: Path
    """The run's folder."""
    checkpoints: Path
    """The folder of the checkpoints."""
    show: Show | None = None
    """Called with the progress, to display it; None: no display."""


Train = Callable[[TrainingJob], None]
"""Trains an experiment under a random seed and writes the run."""


def train_run(
    job: TrainingJob,
    learner: Learner,
    settings: BaseExperiment,
    run: Run,
    code: Path,
    finish: Callable[[Weights], Weights] = lambda weights: weights,
    record: dict[str, Any] | None = None,
) -> None:
    """Train, from a checkpoint if there is one, and write the run.

    Of several processes only the first one writes; the others train with it.

    Args:
        job: the arguments of the training
        learner: of the task
        settings: of the experiment
        run: the run's record
        code: the task's module; the result depends on the code that it imports
        finish: converts the trained weights to those that are stored; it may write into the run's
            folder, which exists then
        record: further entries of the run's card; a checkpoint is used only if its `signatures`,
            which tell how the dev set is scored, are the same

    Raises:
        UserError: the run cannot be written
    """
    name = f"{run.experiment} seed {run.seed}"
    minutes = settings.resources.checkpoint_minutes
    if not current().is_first:
        fit(learner, settings.training, name, Checkpoints(job.checkpoints, {}, minutes))
        return
    device = next(learner.model.parameters()).device
    data = job.inputs.named_files()
    values = settings.model_dump(mode="json", exclude=NO_PART_OF_THE_RESULT)
    decisive = _decisive(settings, run) | {"signatures": (record or {}).get("signatures", {})}
    key = training_key(decisive, data, code_digest(code), device)
    with Checkpoints(job.checkpoints, key, minutes) as saved:
        trained = fit(learner, settings.training, name, saved, job.show)
        parameters = sum(weight.numel() for weight in learner.model.parameters())
        seconds = trained.timings["seconds"].iloc[-1]
        card = run_card(values, key, data, device, seconds) | {"parameters": parameters}
        if trained.processes != (1,):
            card["processes"] = _processes(trained.processes)
        if not (trained.history[f"dev_{learner.score}"] > learner.floor).any():
            card["floor"] = f"{learner.score} never above {learner.floor:g}"
            logging.warning(f"warning: {name}: dev {card['floor']}, so {AT_FLOOR}")
        try:
            job.folder.mkdir(parents=True, exist_ok=True)
            weights = finish(trained.weights)
            card |= record or {}
            save_run(job.folder, run, weights, trained.history, trained.timings, card)
        except (OSError, SafetensorError) as error:
            raise UserError(
                f"{job.folder}: the run cannot be written: {' '.join(str(error).split())}; make "
                "room and start again: the training itself is saved in a checkpoint"
            ) from None
        saved.finish()


def _processes(counts: Sequence[int]) -> int | str:
    """The entry of a card: the number of processes, or all of them in order, `2, then 1`."""
    return counts[0] if len(counts) == 1 else ", then ".join(map(str, counts))


def training_key(
    settings: dict[str, Any], data: Mapping[str, Path], code: str, device: torch.device
) -> Key:
    """The key of a training: everything that its weights and history depend on.

    A checkpoint is only used for a training with the same key. Settings are listed one by one, so
    that a message can name what differs; the rest are digests.

    Args:
        settings: as JSON values, without those that do not affect the result
        data: every file that is read, by name; only its content counts
        code: digest of the task's code
        device: only its type counts
    """
    key = {"code": code, "device": device.type, "torch": torch.__version__, "numpy": np.__version__}
    key |= dict(_flat(settings, ""))
    return key | {f"data {name}": file_digest(path) for name, path in data.items()}


def _decisive(settings: BaseExperiment, run: Run) -> dict[str, Any]:
    """The settings that weights and history depend on."""
    values = settings.model_dump(mode="json", exclude=NO_PART_OF_THE_RESULT)
    if not settings.training.plans_its_end:
        # With these schedules an update does not depend on the number of epochs, so that a finished
        # run can be continued with more epochs.
        del values["training"]["epochs"], values["training"]["patience"]
    return values | {"seed": run.seed, "normalisation": run.normalisation}


def _flat(values: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, json.dumps(value)
