"""`nlpflow train`: one run of any task, without Snakemake."""

import logging
from importlib import import_module
from pathlib import Path

from nlpflow.errors import UserError
from nlpflow.runs.run import Run
from nlpflow.settings.checks import checked, unknown_name
from nlpflow.settings.config import data_folders, dataset_of
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.tables import read_json


def train(name: str, configfile: str, seed: int, data: str, output: str) -> int:
    """Train the experiment `name` of a config file; returns the exit status.

    Interrupted, it goes on when it is called again with the same `output`.
    """
    logging.basicConfig(level=logging.INFO, format="nlpflow: %(message)s")
    config, _ = load_config(read_yaml(Path(configfile)), Path())
    if name not in config.experiments:
        raise unknown_name(f"{configfile}: experiment", name, config.experiments)
    settings = config.experiments[name]
    dataset = config.datasets[dataset_of(config, settings)]
    folders = {key: Path(path) for key, path in data_folders(config, settings, data).items()}
    for folder in folders.values():
        if not folder.is_dir():
            raise UserError(f"{folder} is missing: let the workflow make it first")
    _make_folder(Path(output), settings.task, name, seed)
    task = import_module(f"nlpflow.tasks.{settings.task}.training")
    task.train(
        name,
        settings,
        seed,
        dataset,
        folder=Path(output),
        checkpoints=Path(output, ".checkpoints"),
        **folders,
    )
    return 0


def _make_folder(output: Path, task: str, name: str, seed: int) -> None:
    """The folder of the run; UserError if it cannot be made or holds another run."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"--output {output}: cannot be made: {error.strerror}") from None
    if (output / "run.json").exists():
        run = checked(Run, read_json(output / "run.json"), f"--output {output}: run.json")
        if (run.settings.get("task"), run.experiment, run.seed) != (task, name, seed):
            raise UserError(
                f"--output {output} holds the run of {run.experiment}, random seed {run.seed}: "
                "choose another folder, or remove it"
            )
