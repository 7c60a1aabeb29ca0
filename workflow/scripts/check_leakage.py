"""Check that the splits of a dataset share no sentence."""

from pathlib import Path

import pandas as pd

from nlpflow.jobs import job
from nlpflow.prepare.leakage import check
from nlpflow.tables import write_json

with job(snakemake.log[0]):
    splits = {name: pd.read_parquet(snakemake.input[name]) for name in ("train", "dev", "test")}
    found = check(splits, snakemake.params.may_share, snakemake.params.sides)
    write_json(Path(snakemake.output.leakage), found)
