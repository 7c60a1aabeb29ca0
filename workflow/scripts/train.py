"""Train one run of any task: nlpflow.tasks.<task>.training does it."""

import json
from importlib import import_module
from pathlib import Path

from pydantic import TypeAdapter

from nlpflow.jobs import job
from nlpflow.settings.data import Dataset
from nlpflow.settings.experiment import Experiment

with job(snakemake.log[0]):
    # How often to save changes no result, so it comes as a resource and not as a param.
    resources = {"checkpoint_minutes": snakemake.resources.checkpoint_minutes}
    values = json.loads(snakemake.params.settings) | {"resources": resources}
    settings = TypeAdapter(Experiment).validate_python(values)
    task = import_module(f"nlpflow.tasks.{settings.task}.training")
    task.train(
        snakemake.wildcards.experiment,
        settings,
        int(snakemake.wildcards.seed),
        TypeAdapter(Dataset).validate_json(snakemake.params.dataset),
        **{key: Path(path) for key, path in snakemake.params.folders.items()},
        folder=Path(snakemake.output.weights).parent,
        # Snakemake deletes declared outputs before a retry, so this folder is none.
        checkpoints=Path(
            "results/.checkpoints",
            settings.task,
            snakemake.wildcards.experiment,
            f"seed-{snakemake.wildcards.seed}",
        ),
    )
