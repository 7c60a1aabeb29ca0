"""`nlpflow train`: one run of any task, without Snakemake."""

import logging
from pathlib import Path
from types import SimpleNamespace

from nlpflow.errors import UserError
from nlpflow.jobs import Inputs, imported
from nlpflow.runs.run import Run
from nlpflow.settings.checks import checked, unknown_name
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import RunPlan
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import read_json
from nlpflow.training.run import Train, TrainingJob


def train_command(name: str, configfile: str, seed: int, data: str, output: str) -> int:
    """Train the experiment `name` of a config file; returns the exit status.

    Interrupted, it goes on when it is called again with the same `output`.
    """
    logging.basicConfig(level=logging.INFO, format="nlpflow: %(message)s")
    config, registry = load_config(read_yaml(Path(configfile)), Path())
    if name not in config.experiments:
        raise unknown_name(f"{configfile}: experiment", name, config.experiments)
    settings = config.experiments[name]
    plan = RunPlan(config, registry, Path(), data)
    inputs = Inputs.of(plan.training_inputs(SimpleNamespace(experiment=name)).items())
    for path in [path for paths in inputs.paths.values() for path in paths]:
        if not path.exists():
            raise UserError(f"{path} is missing: let the workflow make it first")
    _make_folder(Path(output), settings.task, name, seed)
    train: Train = imported(TASKS[settings.task].train)
    values = settings.model_dump(mode="json")
    dataset = config.datasets[plan.dataset(settings)].model_dump(mode="json")
    checkpoints = Path(output, ".checkpoints")
    train(TrainingJob(name, seed, values, dataset, inputs, Path(output), checkpoints))
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
