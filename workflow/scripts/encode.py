"""Encode the training and dev set of a vocabulary's dataset."""

from pathlib import Path

import pyarrow.parquet as pq

from nlpflow.jobs import job
from nlpflow.vocabulary import load_vocabulary
from nlpflow.vocabulary.encoded import write_encoded

with job(snakemake.log[0]):
    source, target = (load_vocabulary(Path(snakemake.input[s])) for s in ("source", "target"))
    for split in ("train", "dev"):
        table = pq.read_table(snakemake.input[split], columns=["source", "target"])
        write_encoded(
            Path(snakemake.output.arrays),
            split,
            source.encode_column(table["source"]),
            target.encode_column(table["target"]),
        )
