"""Download one file of a corpus."""

from pathlib import Path

from nlpflow.download.fetch import fetch
from nlpflow.jobs import job

with job(snakemake.log[0]):
    mirror = snakemake.config.get("mirror")  # no param: changing it downloads nothing again
    receipt = fetch(
        snakemake.params.address,
        Path(snakemake.output.file),
        sha256=snakemake.params.sha256,
        size=snakemake.params.size,
        mirror=Path(mirror) if mirror else None,
    )
    receipt.write(Path(snakemake.output.receipt))
