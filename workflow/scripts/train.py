"""Train one run of any task: nlpflow.tasks.<task>.training does it."""

from importlib import import_module
from pathlib import Path

from pydantic import TypeAdapter

from nlpflow.jobs import job
from nlpflow.settings.data import Dataset
from nlpflow.settings.experiment import Experiment

with job(snakemake.log[0]):
    settings = TypeAdapter(Experiment).validate_json(snakemake.params.settings)
    task = import_module(f"nlpflow.tasks.{settings.task}.training")
    task.train(
        snakemake.wildcards.experiment,
        settings,
        int(snakemake.wildcards.seed),
        TypeAdapter(Dataset).validate_json(snakemake.params.dataset),
        **{key: Path(path) for key, path in snakemake.params.folders.items()},
        folder=Path(snakemake.output.weights).parent,
    )
