"""A run on disk: weights, resolved settings, history and timings. Nothing is pickled.

run.json             what the run is: settings, random seed, dataset; digests of vocabulary, weights
weights.safetensors  the weights of the best epoch
history.tsv          figures of every epoch; the same inputs give the same bytes
timings.tsv          seconds and tokens a second of every epoch
card.json            digests of config, code and data, versions, device, wall time, parents
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, Field
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from nlpflow.errors import UserError
from nlpflow.settings.checks import checked
from nlpflow.tables import file_digest, write_json, write_table


class Run(BaseModel, frozen=True, extra="forbid", strict=True):
    """What `run.json` holds."""

    experiment: str
    seed: int
    settings: dict[str, Any] = Field(description="the experiment's resolved settings")
    normalisation: str = Field(description="of the dataset: raw sentences go through it first")
    languages: tuple[str, ...] = Field(strict=False, description="of the dataset")
    vocabulary: str = Field("", description="its folder, relative to the run; or none")
    digests: dict[str, str] = Field({}, description="of the vocabulary's parts")
    weights: str = Field("", description="sha256 of the weights' file; `save_run` fills it in")
    sizes: dict[str, int] = Field({}, description="what the model's shape takes from the data")


def save_run(
    folder: Path,
    run: Run,
    weights: dict[str, Tensor],
    history: pd.DataFrame,
    timings: pd.DataFrame,
    card: dict[str, Any],
) -> None:
    """Write all files of a run into `folder`; `run.vocabulary` is given relative to here."""
    folder.mkdir(parents=True, exist_ok=True)
    values = run.model_dump()
    if run.vocabulary:
        values["vocabulary"] = os.path.relpath(run.vocabulary, folder)
    # Tied weights are one tensor under two names; safetensors wants each on its own.
    contiguous = {name: tensor.cpu().clone().contiguous() for name, tensor in weights.items()}
    save_file(contiguous, folder / "weights.safetensors")
    values["weights"] = file_digest(folder / "weights.safetensors")
    write_json(folder / "run.json", values)
    write_table(folder / "history.tsv", history)
    write_table(folder / "timings.tsv", timings)
    write_json(folder / "card.json", card)


def load_run(folder: Path) -> tuple[Run, dict[str, Tensor]]:
    """The run and its weights (on the CPU); `run.vocabulary` becomes relative to here."""
    for name in ("run.json", "weights.safetensors"):
        if not (folder / name).is_file():
            raise UserError(
                f"{folder} is no trained run: {name} is missing; "
                "a run is a folder like results/translation/<experiment>/seed-<n>"
            )
    try:
        values = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        run: Run = checked(Run, values, f"run {folder}: damaged: run.json")
        found = file_digest(folder / "weights.safetensors")
        if found != run.weights:
            raise UserError(
                f"run {folder}: the sha256 of weights.safetensors is {found}, and run.json says "
                f"{run.weights or 'none'}: one of them was altered; train it again"
            )
        weights = load_file(folder / "weights.safetensors")
    except (ValueError, RecursionError, SafetensorError, OSError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"run {folder}: damaged: {reason}; train it again") from None
    vocabulary = os.path.normpath(folder / run.vocabulary) if run.vocabulary else ""
    return run.model_copy(update={"vocabulary": vocabulary}), weights


def check_task(folder: Path, run: Run, *tasks: str) -> None:
    """UserError unless the run is of one of these tasks."""
    task = run.settings.get("task")
    if task not in tasks:
        raise UserError(
            f"run {folder} is of task '{task}'; a run of task {' or '.join(tasks)} is needed"
        )


def check_vocabulary(folder: Path, run: Run, digests: Mapping[str, str]) -> None:
    """UserError with both digests unless a vocabulary is the one that the run was trained with.

    :param digests: of the vocabulary's parts as they are now
    """
    for part, found in digests.items():
        expected = run.digests.get(part, "none")
        if found != expected:
            raise UserError(
                f"run {folder}: the vocabulary has changed since training: the sha256 of {part} in "
                f"{run.vocabulary} is {found}, not {expected}; put the old one back or train the "
                "run again"
            )
