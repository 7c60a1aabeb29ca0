"""`nlpflow train`: one run of any task, without Snakemake."""

import logging
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from nlpflow.errors import UserError


def train(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="An experiment of the config.")
    ],
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the new run.")],
    configfile: Annotated[Path, typer.Option(metavar="FILE", help="File of the config.")] = Path(
        "config/config.yaml"
    ),
    seed: Annotated[int, typer.Option(metavar="N", help="Random seed.")] = 1,
    data: Annotated[
        str, typer.Option(metavar="DIR", help="Folder of prepared/, vocabularies/ and encoded/.")
    ] = "data",
) -> None:
    """Train one run without Snakemake.

    The workflow must have prepared and encoded the data. An interrupted training goes on when it is
    started again with the same --output.

    Example: nlpflow train sample-additive --output /tmp/run
    """
    from nlpflow.settings.checks import unknown_name
    from nlpflow.settings.config import data_folders, dataset_of
    from nlpflow.settings.loading import load_config, read_yaml

    logging.basicConfig(level=logging.INFO, format="nlpflow: %(message)s")
    config, _ = load_config(read_yaml(configfile), Path())
    if experiment not in config.experiments:
        raise unknown_name(f"{configfile}: experiment", experiment, config.experiments)
    settings = config.experiments[experiment]
    dataset = config.datasets[dataset_of(config, settings)]
    folders = {key: Path(path) for key, path in data_folders(config, settings, data).items()}
    for folder in folders.values():
        if not folder.is_dir():
            raise UserError(f"{folder} is missing: let the workflow make it first")
    _make_folder(output, settings.task, experiment, seed)
    import_module(f"nlpflow.tasks.{settings.task}.training").train(
        experiment,
        settings,
        seed,
        dataset,
        folder=output,
        checkpoints=output / ".checkpoints",
        **folders,
    )


def _make_folder(output: Path, task: str, name: str, seed: int) -> None:
    """Make the folder of the run; UserError if it cannot be made or holds another run."""
    from nlpflow.runs.run import Run
    from nlpflow.settings.checks import checked
    from nlpflow.tables import read_json

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
