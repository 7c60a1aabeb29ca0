"""Encode the training and dev set of a vocabulary's dataset, with their word alignments if any."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.vocabulary import load_vocabulary
from nlpflow.vocabulary.encoded import encode_table, write_encoded

with job(snakemake.log[0]):
    source, target = (load_vocabulary(Path(snakemake.input[s])) for s in ("source", "target"))
    for split in ("train", "dev"):
        encoded = encode_table(Path(snakemake.input[split]), source, target)
        write_encoded(Path(snakemake.output.arrays), split, encoded)
