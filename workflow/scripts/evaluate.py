"""Evaluate one run of any task on one test set: nlpflow.tasks.<task>.evaluation does it."""

import json
from importlib import import_module
from pathlib import Path

from nlpflow.jobs import job
from nlpflow.runs.run import load_run

with job(snakemake.log[0]):
    run = Path(snakemake.input.weights).parent
    task = import_module(f"nlpflow.tasks.{load_run(run)[0].settings['task']}.evaluation")
    task.evaluate(
        run,
        Path(snakemake.input.table).parent,
        Path(snakemake.input.table).stem,
        json.loads(snakemake.params.settings),
        Path(snakemake.output.metrics).parent,
    )
