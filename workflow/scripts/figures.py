"""Draw the plots of one run of any task, by the function that the task's spec names."""

import json
from pathlib import Path

from nlpflow.figures.style import Style
from nlpflow.jobs import imported, job
from nlpflow.tasks.interface import Plot

with job(snakemake.log[0]):
    plot: Plot = imported(snakemake.params.plot)
    plot(
        {name: Path(path) for name, path in snakemake.input.items()},
        {name: Path(path) for name, path in snakemake.output.items() if name != "pngs"},
        Style(**json.loads(snakemake.params.style)),
    )
