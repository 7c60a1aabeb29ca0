"""Compare the runs of a task: one tidy table, means over random seeds, a figure a metric."""

import json
from pathlib import Path

from nlpflow.compare import read_scores, summarise, summary_html
from nlpflow.figures.comparison import compare_runs
from nlpflow.figures.style import Style, save
from nlpflow.jobs import job
from nlpflow.runs import write_table

with job(snakemake.log[0]):
    runs = read_scores([Path(path) for path in snakemake.input.metrics], snakemake.params.labels)
    summary = summarise(runs)
    write_table(Path(snakemake.output.runs), runs)
    write_table(Path(snakemake.output.summary), summary)
    Path(snakemake.output.table).write_text(summary_html(summary), encoding="utf-8")
    style = Style(**json.loads(snakemake.params.style))
    folder = Path(snakemake.output.figures)
    folder.mkdir(parents=True)
    for metric in runs["metric"].unique():
        save(compare_runs(runs, metric, style), folder / metric, style)
