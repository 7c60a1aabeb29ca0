"""The first page of the report: all experiments, attention, data and licences."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.results.summary import read_task, summary_page
from nlpflow.settings.plan.summary import Facts
from nlpflow.tables import read_table

with job(snakemake.log[0]):
    facts = Facts.model_validate_json(snakemake.params.facts)
    metrics = [Path(path) for path in snakemake.input.metrics]
    scores = [
        read_task(task, Path(path), metrics)
        for task, path in zip(facts.tasks, snakemake.input.summaries, strict=True)
    ]
    reports = {
        Path(path).parent.name: read_table(Path(path), "step", "setting")
        for path in snakemake.input.reports
    }
    plots = [Path(path) for path in snakemake.input.attention]
    page = summary_page(facts, scores, plots, reports)
    Path(snakemake.output.page).write_text(page, encoding="utf-8")
