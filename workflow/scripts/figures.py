"""Draw the figures of one run of any task: nlpflow.tasks.<task>.figures does it."""

import json
from importlib import import_module
from pathlib import Path

from nlpflow.figures.style import Style
from nlpflow.jobs import job

with job(snakemake.log[0]):
    task = import_module(f"nlpflow.tasks.{snakemake.params.task}.figures")
    task.draw(
        {name: Path(str(path)) for name, path in snakemake.input.items()},
        {name: Path(str(path)) for name, path in snakemake.output.items()},
        Style(**json.loads(snakemake.params.style)),
    )
