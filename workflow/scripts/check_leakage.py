"""Check that the splits of a dataset share no sentence."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.prepare.leakage import check, read_split
from nlpflow.tables import write_json

with job(snakemake.log[0]):
    splits = {s: read_split(Path(snakemake.input[s])) for s in ("train", "dev", "test")}
    found = check(splits, snakemake.params.may_share, snakemake.params.sides)
    write_json(Path(snakemake.output.leakage), found)
