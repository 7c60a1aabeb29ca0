"""Write the page of all expected results."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.results.page import results_page

with job(snakemake.log[0]):
    references = Path(snakemake.input[0]).parents[2]
    page = results_page(references)
    Path(snakemake.output.page).write_text(page, encoding="utf-8")
