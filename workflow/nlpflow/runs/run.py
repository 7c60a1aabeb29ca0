"""A run on disk: weights, resolved settings, history and timings. Nothing is pickled.

run.json             what the run is: settings, random seed, dataset; digests of vocabulary, weights
weights.safetensors  the weights of the best epoch
history.tsv          losses and scores of every epoch; the same inputs give the same bytes
timings.tsv          seconds and tokens per second of every epoch
card.json            digests of config, code and data, versions, device, wall time, parents, origins
"""

import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, get_args

import pandas as pd
import torch
from pydantic import BaseModel, Field
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from nlpflow.errors import UserError
from nlpflow.runs import machine
from nlpflow.settings.checks import checked
from nlpflow.settings.training import BaseExperiment
from nlpflow.tables import file_digest, read_json, write_json, write_table

SomeExperiment = TypeVar("SomeExperiment", bound=BaseExperiment)


class Run(BaseModel, frozen=True, extra="forbid", strict=True):
    """The content of `run.json`."""

    experiment: str
    seed: int
    settings: dict[str, Any] = Field(description="the experiment's resolved settings")
    normalisation: str = Field(
        description="normalisation of the dataset; raw sentences are normalised in the same way"
    )
    languages: tuple[str, ...] = Field(strict=False, description="languages of the dataset")
    tags: Literal["upos", "xpos"] | None = Field(
        None, description="the column of CoNLL-U that the dataset's tags come from"
    )
    vocabulary: str = Field(
        "", description="its folder, relative to the run; empty if there is none"
    )
    digests: dict[str, str] = Field({}, description="SHA-256 of each part of the vocabulary")
    vectors: dict[str, str] = Field(
        {},
        description="SHA-256 of the files with pretrained vectors; they also have vectors of words "
        "that are not in the training set",
    )
    weights: str = Field("", description="SHA-256 of the weights' file; `save_run` fills it in")
    sizes: dict[str, int] = Field({}, description="sizes of the model that depend on the data")


def save_run(
    folder: Path,
    run: Run,
    weights: dict[str, Tensor],
    history: pd.DataFrame,
    timings: pd.DataFrame,
    card: dict[str, Any],
) -> None:
    """Write all files of a run into `folder`.

    Args:
        run: its `vocabulary` is relative to the working folder
    """
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


def repeat_run(files: Sequence[Path], experiment: str, folder: Path) -> None:
    """Write a run with the weights of another one, which is trained in the same way.

    The two differ only in the name of their experiment. The card has the other run among the runs
    that this one was made from.

    Args:
        files: all files of the other run
        experiment: of the new run
        folder: of the new run
    """
    other = files[0].parent
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)
    run, card = read_json(folder / "run.json"), read_json(folder / "card.json")
    place = "/".join(other.parts[-3:])
    card["parents"][f"{place}/weights.safetensors"] = run["weights"]
    write_json(folder / "run.json", run | {"experiment": experiment})
    write_json(folder / "card.json", card)
    logging.info("%s: trained like %s, whose files it copies", experiment, place)


def check_is_run(folder: Path) -> None:
    """Raise UserError if the folder lacks a file that every run has."""
    for name in ("run.json", "weights.safetensors"):
        if not (folder / name).is_file():
            raise UserError(
                f"{folder} is not a trained run: {name} is missing; "
                "a run is a folder like results/translation/<experiment>/seed-<n>"
            )


def read_run(folder: Path) -> Run:
    """The run in a folder, without its weights; `vocabulary` is relative to the folder.

    Raises:
        UserError: the folder lacks a file of a run, or `run.json` is damaged
    """
    check_is_run(folder)
    try:
        run: Run = checked(Run, read_json(folder / "run.json"), f"run {folder}: damaged: run.json")
    except (ValueError, RecursionError, OSError) as error:
        raise _damaged(folder, error) from None
    return run


def load_run(folder: Path) -> tuple[Run, dict[str, Tensor]]:
    """The run and its weights (on the CPU).

    The run's `vocabulary` is made relative to the working folder.
    """
    run = read_run(folder)
    try:
        found = file_digest(folder / "weights.safetensors")
        if found != run.weights:
            raise UserError(
                f"run {folder}: the sha256 of weights.safetensors is {found}, and run.json says "
                f"{run.weights or 'none'}: one of them was altered; train it again"
            )
        weights = load_file(folder / "weights.safetensors")
    except (ValueError, SafetensorError, OSError) as error:
        raise _damaged(folder, error) from None
    vocabulary = os.path.normpath(folder / run.vocabulary) if run.vocabulary else ""
    return run.model_copy(update={"vocabulary": vocabulary}), weights


def _damaged(folder: Path, error: Exception) -> UserError:
    reason = " ".join(str(error).split())
    return UserError(f"run {folder}: damaged: {reason}; train it again")


@dataclass(frozen=True)
class OpenRun(Generic[SomeExperiment]):
    """A run read back, on the device and with the threads that its settings name."""

    folder: Path
    run: Run
    settings: SomeExperiment
    weights: dict[str, Tensor]
    device: torch.device

    def check_vocabulary(self, digests: Mapping[str, str]) -> None:
        """Raise UserError if the vocabulary is not the one that the run was trained with.

        Args:
            digests: SHA-256 of each part of the vocabulary as it is now
        """
        self._check_unchanged("vocabulary", f" in {self.run.vocabulary}", self.run.digests, digests)

    def check_vectors(self, digests: Mapping[str, str]) -> None:
        """Raise UserError if the pretrained vectors are not those that the run was trained with.

        Args:
            digests: SHA-256 of each file as it is now, by the file's name
        """
        self._check_unchanged("file of vectors", "", self.run.vectors, digests)

    def _check_unchanged(
        self, what: str, place: str, trained: Mapping[str, str], digests: Mapping[str, str]
    ) -> None:
        for name, found in digests.items():
            expected = trained.get(name, "none")
            if found != expected:
                raise UserError(
                    f"run {self.folder}: the {what} has changed since training: the sha256 of "
                    f"{name}{place} is {found}, not {expected}; put the old one back or train the "
                    "run again"
                )

    def load(self, model: nn.Module, weights: Mapping[str, Tensor] | None = None) -> None:
        """Put the run's weights into its model, ready for use; raise UserError if they do not fit.

        Args:
            weights: the state of the model; by default the run's weights
        """
        try:
            model.load_state_dict(self.weights if weights is None else weights)
        except RuntimeError:
            raise self.unfit() from None
        model.to(self.device).eval()

    def unfit(self) -> UserError:
        """The error for weights that do not fit the model."""
        return UserError(
            f"run {self.folder}: the weights do not fit the model of run.json; train the run again"
        )


def open_run(folder: Path, *kinds: type[SomeExperiment]) -> OpenRun[SomeExperiment]:
    """Read a run whose experiment is of one of these kinds; UserError for any other folder."""
    run, weights = load_run(folder)
    tasks = {get_args(kind.model_fields["task"].annotation)[0]: kind for kind in kinds}
    task = run.settings.get("task")
    if task not in tasks:
        raise UserError(
            f"run {folder} is of task '{task}'; a run of task {' or '.join(tasks)} is needed"
        )
    where = f"{folder / 'run.json'}: settings"
    settings: SomeExperiment = checked(tasks[task], run.settings, where)
    device = machine.set_up(settings.training.device, settings.training.threads, run.seed)
    return OpenRun(folder, run, settings, weights, device)
