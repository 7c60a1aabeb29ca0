"""Download one file of a corpus."""

from pathlib import Path

from nlpflow.download.fetch import fetch_first
from nlpflow.jobs import job

with job(snakemake.log[0]) as status:
    mirror = snakemake.config.get("mirror")  # not a param: changing it must not download again
    resources = snakemake.resources  # the same holds for these
    receipt = fetch_first(
        [snakemake.params.address, *resources.copies.split()],
        Path(snakemake.output.file),
        sha256=snakemake.params.sha256,
        size=resources.bytes or None,
        mirror=Path(mirror) if mirror else None,
        show=status.show,
    )
    receipt.write(Path(snakemake.output.receipt))
