"""A trained run as a folder in the form that model hubs expect.

README.md            a model card, see `nlpflow.export.card`
config.json          the settings of the run
weights.safetensors, run.json and the vocabulary: `nlpflow.load` reads the folder

Nothing is uploaded.
"""

import shutil
from pathlib import Path
from typing import Any

from nlpflow.errors import UserError
from nlpflow.export.card import CARD
from nlpflow.export.folder import new_folder
from nlpflow.runs.run import open_run
from nlpflow.settings.tasks import TASKS
from nlpflow.settings.translation import Seq2SeqExperiment
from nlpflow.tables import read_json, write_json
from nlpflow.tasks.translation.loading import evaluated_with

SETTINGS, WEIGHTS, RUN = "config.json", "weights.safetensors", "run.json"


def export_to_hub(folder: Path, card: str, output: Path) -> None:
    """Write the folder.

    Args:
        folder: of the run
        card: see `nlpflow.export.card.model_card`
        output: the folder to write; it must not exist

    Raises:
        UserError: the run decodes together with others, or the folder exists
    """
    run = read_json(folder / RUN)
    task = run["settings"]["task"]
    settings = run["settings"]
    experiment = TASKS[task].experiment
    if issubclass(experiment, Seq2SeqExperiment):
        settings = settings | {"decoding": _search(folder, experiment)}
    with new_folder(output) as partial:
        shutil.copyfile(folder / WEIGHTS, partial / WEIGHTS)
        own = _copy_vocabulary(folder, run, task, partial)
        write_json(partial / RUN, run | {"vocabulary": own, "settings": settings})
        write_json(partial / SETTINGS, {"library_name": "nlpflow", **settings})
        (partial / CARD).write_text(card, encoding="utf-8")


def _search(folder: Path, experiment: type[Seq2SeqExperiment]) -> dict[str, Any]:
    """The settings of the search with which the scores on the card were made."""
    found = evaluated_with(open_run(folder, experiment), beam=None)
    if found.ensemble:
        raise UserError(
            f"run {folder}: was evaluated together with other runs (decoding.ensemble), and a "
            "folder has one; evaluate it alone"
        )
    return found.model_dump(mode="json")


def _copy_vocabulary(folder: Path, run: dict[str, Any], task: str, output: Path) -> str:
    """Copy the files of the vocabulary; its folder, relative to the copy."""
    own = TASKS[task].writes.get("vocabulary")
    if own is not None:
        for file in TASKS[task].writes.values():
            shutil.copyfile(folder / file, output / file)
        return "." if run["vocabulary"] else ""
    if not run["vocabulary"]:
        return ""
    for side in ("source", "target"):
        own_side = folder / run["vocabulary"] / f"{side}.vocab"
        if not own_side.is_file():
            raise UserError(
                f"run {folder}: its vocabulary {own_side} is missing; export the run where it was "
                "trained"
            )
        shutil.copyfile(own_side, output / f"{side}.vocab")
    return "."
