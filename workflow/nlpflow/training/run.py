"""Train one run of any task: a learner through the loop, with checkpoints, into a run's folder."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor

from nlpflow.errors import UserError
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


def train_run(
    learner: Learner,
    settings: BaseExperiment,
    training: Training,
    run: Run,
    data: Sequence[Path],
    code: Path,
    folder: Path,
    checkpoints: Path,
    finish: Callable[[Weights], Weights] = lambda weights: weights,
    record: dict[str, Any] | None = None,
) -> None:
    """Train, or go on where an interrupted training was saved, and write the run into `folder`.

    :param training: the settings of `settings` that the loop reads
    :param data: every file that the learner was made from
    :param code: the task's module, whose imports are the code that the result depends on
    :param checkpoints: folder where an interrupted training goes on
    :param finish: what is kept of the trained weights, as they are by default
    :param record: what else is written into the run's card
    """
    device = next(learner.model.parameters()).device
    values = settings.model_dump(mode="json", exclude=NO_PART_OF_THE_RESULT)
    key = _key(values, training, run, data, code, device)
    with Checkpoints(checkpoints, key, settings.resources.checkpoint_minutes) as saved:
        trained = fit(learner, training, f"{run.experiment} seed {run.seed}", saved)
        parameters = sum(weight.numel() for weight in learner.model.parameters())
        seconds = trained.timings["seconds"].iloc[-1]
        card = run_card(values, key, data, device, seconds) | {"parameters": parameters}
        try:
            weights = finish(trained.weights)
            save_run(folder, run, weights, trained.history, trained.timings, card | (record or {}))
        except (OSError, SafetensorError) as error:
            raise UserError(
                f"{folder}: the run cannot be written: {' '.join(str(error).split())}; make room "
                "and start again: the training itself is saved"
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
