"""The subcommand `nlpflow train`: trains one run of any task without Snakemake."""

import json
import logging
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated

import typer

from nlpflow.cli.init import PROJECT
from nlpflow.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlpflow.jobs import Inputs
    from nlpflow.settings.config import Config


def train(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="Name of an experiment of the config.")
    ],
    output: Annotated[Path, typer.Option(metavar="DIR", help="Write the run into folder DIR.")],
    configfile: Annotated[
        Path, typer.Option(metavar="FILE", help="Read the config from FILE.")
    ] = Path("config/config.yaml"),
    seed: Annotated[int, typer.Option(metavar="N", help="Set the random seed.")] = 1,
    data: Annotated[
        str,
        typer.Option(
            metavar="DIR",
            help="Read the data from DIR, which has prepared/, vocabularies/ and encoded/.",
        ),
    ] = "data",
) -> None:
    """Train one run without Snakemake.

    The workflow must have prepared and encoded the data. To continue an interrupted training, run
    the command again with the same --output. An experiment with `resources: {gpu: N}`, N above 1,
    is trained on N GPUs of this machine.

    Example: nlpflow train sample-additive --output /tmp/run
    """
    from nlpflow.jobs import Inputs, imported
    from nlpflow.results.current import Results
    from nlpflow.settings.checks import unknown_name
    from nlpflow.settings.loading import load_config, read_yaml
    from nlpflow.settings.origins import check_made
    from nlpflow.settings.plan import DataPlan, RunPlan
    from nlpflow.settings.tasks import TASKS
    from nlpflow.training.launch import launch
    from nlpflow.training.processes import joined, own_place
    from nlpflow.training.run import TrainingJob
    from nlpflow.training.status import bar

    place = own_place()
    logging.getLogger().setLevel(logging.ERROR if place and place.rank else logging.INFO)
    config, registry = load_config(read_yaml(configfile), PROJECT)
    if experiment not in config.experiments:
        raise unknown_name(f"{configfile}: experiment", experiment, config.experiments)
    settings = config.experiments[experiment]
    plan = RunPlan(config, registry, PROJECT, data)
    job = SimpleNamespace(experiment=experiment, seed=seed)
    inputs = Inputs.of(plan.training_inputs(job).items())
    for path in (path for paths in inputs.paths.values() for path in paths):
        if not path.exists():
            raise UserError(f"{path} is missing: run the workflow with {configfile} first")
    check_made(DataPlan(config, registry, PROJECT, data), settings, configfile)
    results = Results(Path("results"), plan, configfile)
    for name, run in _runs_in(inputs, config):
        results.check_training(name, run)
    if "encoded" in inputs.paths:
        _check_encoded(inputs, Path(data) / "prepared" / plan.dataset(settings))
    _make_folder(output, settings.task, experiment, seed)
    name, gpus = f"{experiment} seed {seed}", settings.resources.gpu
    if gpus > 1 and place is None:
        raise typer.Exit(launch(["-m", "nlpflow.cli", *sys.argv[1:]], gpus, name))
    values = json.loads(plan.training_settings(job))
    values["resources"] = settings.resources.model_dump(mode="json")
    dataset = config.datasets[plan.dataset(settings)].model_dump(mode="json")
    terminal = sys.stderr is not None and sys.stderr.isatty()
    is_shown = terminal and not (place and place.rank)
    single = "" if settings.trains_on_several_gpus else name
    with joined(place, single), bar(name) if is_shown else nullcontext() as show:
        imported(TASKS[settings.task].train)(
            TrainingJob(
                *(experiment, seed, values, dataset, inputs, output),
                _checkpoints(
                    output, f"{settings.task}/{experiment}/seed-{seed}", config.checkpoints
                ),
                show,
            )
        )


def _checkpoints(output: Path, name: str, chosen: str | None) -> Path:
    """The folder of the checkpoints.

    If `output` is the folder where the workflow puts this run, it is the workflow's own folder, or
    the one that the config has chosen.
    """
    folder = output.absolute()
    results = folder.parents[2] if len(folder.parents) > 2 else folder
    if folder != results / name:
        return output / ".checkpoints"
    return Path(chosen or results / ".checkpoints") / name


def _runs_in(inputs: "Inputs", config: "Config") -> "Iterator[tuple[str, Path]]":
    """The runs whose weights or vectors this training reads, each after its experiment's name."""
    for path in [*inputs.all("pretrained"), *inputs.all("first_weights")]:
        above = path.absolute().parent.parent  # results/<task>/<experiment>
        experiment = config.experiments.get(above.name)
        is_run = (path.parent / "card.json").is_file()
        if is_run and experiment and experiment.task == above.parent.name:
            yield above.name, path.parent


def _check_encoded(inputs: "Inputs", prepared: Path) -> None:
    """Raise UserError if the token ids do not match the tables and the vocabularies."""
    from nlpflow.vocabulary import load_vocabulary
    from nlpflow.vocabulary.encoded import encode_table, is_encoded

    folder = inputs["encoded"]
    source, target = (load_vocabulary(inputs[side]) for side in ("source", "target"))
    for split in ("train", "dev"):
        file = prepared / f"{split}.parquet"
        if not is_encoded(folder, split, encode_table(file, source, target)):
            raise UserError(
                f"{folder}: the token ids of {split} do not match the sentences in {file} and the "
                f"vocabularies in {inputs['source'].parent}; run the workflow to make them again"
            )


def _make_folder(output: Path, task: str, name: str, seed: int) -> None:
    """Make the folder of the run.

    Raises:
        UserError: it cannot be made, or contains another run
    """
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
                f"--output {output} contains the run of {run.experiment}, random seed {run.seed}: "
                "choose another folder, or remove this one"
            )
