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
        prepared=Path(snakemake.input.tables[0]).parent,
        vocabulary=Path(snakemake.input.source).parent,
        encoded=Path(snakemake.input.arrays[0]).parent,
        folder=Path(snakemake.output.weights).parent,
    )
