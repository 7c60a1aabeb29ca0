"""The playground: one page that runs the models of a config in the browser."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.playground.page import choose, write_page
from nlpflow.settings.plan.summary import Facts

with job(snakemake.log[0]):
    facts = Facts.model_validate_json(snakemake.params.facts)
    folders = [Path(file).parent for file in snakemake.input.runs if file.endswith("/run.json")]
    write_page(choose(folders, facts), facts.config, Path(snakemake.output.page))
