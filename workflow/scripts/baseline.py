"""Train and score one baseline of any task: nlpflow.tasks.<task>.baselines does it."""

from importlib import import_module
from pathlib import Path

from nlpflow.jobs import job

with job(snakemake.log[0]):
    task = import_module(f"nlpflow.tasks.{snakemake.wildcards.task}.baselines")
    task.evaluate(
        snakemake.wildcards.baseline,
        Path(snakemake.input.train).parent,
        {split: Path(snakemake.output[split]).parent for split in ("dev", "test")},
    )
