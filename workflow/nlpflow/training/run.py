"""Train one run of any task: a learner through the loop, with checkpoints, into a run's folder."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from torch import Tensor

from nlpflow.errors import UserError
from nlpflow.jobs import Inputs
from nlpflow.runs.card import run_card
from nlpflow.runs.run import Run, save_run
from nlpflow.settings.code import code_digest
from nlpflow.settings.training import BaseExperiment, Training
from nlpflow.training.checkpoint import Checkpoints, Key
from nlpflow.training.key import training_key
from nlpflow.training.loop import Learner, fit

Weights = dict[str, Tensor]
NO_PART_OF_THE_RESULT = {"label", "seeds", "test_sets", "resources", "figures"}
"""Keys of an experiment that change neither weights nor history."""


class TrainingJob(NamedTuple):
    """What the workflow asks of a task's training."""

    experiment: str
    seed: int
    settings: dict[str, Any]
    """Of the experiment, as JSON knows them; those left out change nothing."""
    dataset: dict[str, Any]
    """Settings of the dataset."""
    inputs: Inputs
    folder: Path
    """Of the run."""
    checkpoints: Path
    """Where an interrupted training goes on."""


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
    """Train, or go on where an interrupted training was saved, and write the run.

    :param code: the task's module, whose imports are the code that the result depends on
    :param finish: what is kept of the trained weights, as they are by default
    :param record: what else is written into the run's card
    """
    device = next(learner.model.parameters()).device
    data = job.inputs.files()
    values = settings.model_dump(mode="json", exclude=NO_PART_OF_THE_RESULT)
    key = _key(values, settings.training, run, data, code, device)
    with Checkpoints(job.checkpoints, key, settings.resources.checkpoint_minutes) as saved:
        trained = fit(learner, settings.training, f"{run.experiment} seed {run.seed}", saved)
        parameters = sum(weight.numel() for weight in learner.model.parameters())
        seconds = trained.timings["seconds"].iloc[-1]
        card = run_card(values, key, data, device, seconds) | {"parameters": parameters}
        try:
            weights = finish(trained.weights)
            card |= record or {}
            save_run(job.folder, run, weights, trained.history, trained.timings, card)
        except (OSError, SafetensorError) as error:
            raise UserError(
                f"{job.folder}: the run cannot be written: {' '.join(str(error).split())}; make "
                "room and start again: the training itself is saved"
            ) from None
        saved.finish()


def _key(
    settings: dict[str, Any],
    training: Training,
    run: Run,
    data: Sequence[Path],
    code: Path,
    device: torch.device,
) -> Key:
    """What the weights and the history of a run depend on."""
    values = settings | {"seed": run.seed, "normalisation": run.normalisation}
    values["training"] = dict(values["training"])
    if not training.plans_its_end:
        # Nothing before the end depends on when it comes: more epochs go on from a finished run.
        del values["training"]["epochs"], values["training"]["patience"]
    return training_key(values, data, code_digest(code), device)
