"""`nlpflow train`: one run of any task, without Snakemake."""

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.errors import UserError

if TYPE_CHECKING:
    from nlpflow.jobs import Inputs


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
    from nlpflow.jobs import Inputs, imported
    from nlpflow.settings.checks import unknown_name
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.origins import check_made
    from nlpflow.settings.plan import DataPlan, RunPlan
    from nlpflow.settings.tasks import TASKS
    from nlpflow.training.run import TrainingJob

    logging.basicConfig(level=logging.INFO, format="nlpflow: %(message)s")
    config, registry = load_config(read_yaml(configfile), PROJECT)
    if experiment not in config.experiments:
        raise unknown_name(f"{configfile}: experiment", experiment, config.experiments)
    settings = config.experiments[experiment]
    plan = RunPlan(config, registry, PROJECT, data)
    inputs = Inputs.of(plan.training_inputs(SimpleNamespace(experiment=experiment)).items())
    for path in (path for paths in inputs.paths.values() for path in paths):
        if not path.exists():
            raise UserError(f"{path} is missing: let the workflow make it first")
    check_made(DataPlan(config, registry, PROJECT, data), settings, configfile)
    if "encoded" in inputs.paths:
        _check_encoded(inputs, Path(data) / "prepared" / plan.dataset(settings))
    _make_folder(output, settings.task, experiment, seed)
    values = settings.model_dump(mode="json")
    dataset = config.datasets[plan.dataset(settings)].model_dump(mode="json")
    imported(TASKS[settings.task].train)(
        TrainingJob(experiment, seed, values, dataset, inputs, output, output / ".checkpoints")
    )


def _check_encoded(inputs: "Inputs", prepared: Path) -> None:
    """UserError unless the token ids are those of the tables and the vocabularies."""
    import pyarrow.parquet as pq

    from nlpflow.tables import reading
    from nlpflow.vocabulary import load_vocabulary
    from nlpflow.vocabulary.encoded import is_encoded

    folder = inputs["encoded"]
    vocabularies = {side: load_vocabulary(inputs[side]) for side in ("source", "target")}
    for split in ("train", "dev"):
        file = prepared / f"{split}.parquet"
        with reading(file):
            table = pq.read_table(file, columns=list(vocabularies))
        sides = [vocabularies[side].encode_column(table[side]) for side in vocabularies]
        if not is_encoded(folder, split, *sides):
            raise UserError(
                f"{folder}: the token ids of {split} are not those of {file} with the vocabularies "
                f"in {inputs['source'].parent}; let the workflow make them again"
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
