"""Evaluate one run of any task on one test set, by the function that the task's spec names."""

import json
from pathlib import Path

from nlpflow.jobs import Inputs, imported, job
from nlpflow.tasks.interface import Evaluate, EvaluationJob

with job(snakemake.log[0]):
    evaluate: Evaluate = imported(snakemake.params.evaluate)
    evaluate(
        EvaluationJob(
            Path(snakemake.input.run).parent,
            snakemake.wildcards.test_set,
            json.loads(snakemake.params.settings),
            Inputs.of(snakemake.input.items()),
            {name: Path(path) for name, path in snakemake.output.items()},
        )
    )
