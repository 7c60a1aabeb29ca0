"""Write down how a run is decoded."""

import json
from pathlib import Path

from nlpflow.jobs import job
from nlpflow.runs import write_json

with job(snakemake.log[0]):
    write_json(Path(snakemake.output.decoding), json.loads(snakemake.params.decoding))
