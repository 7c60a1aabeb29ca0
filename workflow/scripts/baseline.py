"""Train and score one baseline of any task, by the function that the task's spec names."""

from pathlib import Path

from nlpflow.jobs import imported, job
from nlpflow.tasks.interface import Baseline

with job(snakemake.log[0]):
    evaluate: Baseline = imported(snakemake.params.evaluate)
    evaluate(
        snakemake.params.task,
        snakemake.wildcards.baseline,
        {split: Path(path) for split, path in snakemake.input.items()},
        {
            split: {Path(path).stem: Path(path) for path in paths}
            for split, paths in snakemake.output.items()
        },
    )
