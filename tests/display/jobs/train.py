"""A job that trains nothing. It ends when its file `go` is there, in the way that this says."""

import logging
import sys
import time
from pathlib import Path

from nlpflow.errors import UserError
from nlpflow.jobs import JobStatus, job

run = snakemake.wildcards.run  # noqa: F821
with job(snakemake.log[0]) as status:  # noqa: F821
    for epoch in (1, 2):
        numbers = ("loss 2.500", "dev bleu 12.25", "12,345 tokens/s")
        status.show(JobStatus(f"epoch {epoch}/8", epoch / 8, numbers, 61.0, 3600.0))
        logging.info("%s: epoch %d/8", run, epoch)
    logging.warning("warning: %s stays at its floor", run)
    print(f"{run} writes past its log", file=sys.stderr, flush=True)
    while not Path("go").exists():
        time.sleep(0.1)
    if Path("go").read_text() == run:
        raise UserError(f"{run} is broken")
    Path(snakemake.output[0]).touch()  # noqa: F821
