"""Keep a task's comparison and cards as the expected results of a config."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.results.expected import keep

with job(snakemake.log[0]):
    keep(
        [Path(path) for path in snakemake.input],
        Path(snakemake.output.command).parent,
        snakemake.params.command,
        part=snakemake.params.part,
    )
