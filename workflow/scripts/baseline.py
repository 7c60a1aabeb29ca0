"""Train and score one baseline of any task, by the function that the task's spec names."""

import json
from pathlib import Path

from nlpflow.jobs import imported, job
from nlpflow.tasks.interface import Baseline, BaselineJob

with job(snakemake.log[0]):
    evaluate: Baseline = imported(snakemake.params.evaluate)
    evaluate(
        BaselineJob(
            snakemake.params.task,
            snakemake.wildcards.baseline,
            json.loads(snakemake.params.dataset),
            {name: Path(path) for name, path in snakemake.input.items()},
            {
                name: {Path(path).stem: Path(path) for path in paths}
                for name, paths in snakemake.output.items()
            },
        )
    )
