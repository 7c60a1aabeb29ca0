"""Encode the training and dev set of a vocabulary's dataset, with their word alignments if any."""

from pathlib import Path

import pyarrow.parquet as pq

from nlpflow.jobs import job
from nlpflow.text.links import parse_links
from nlpflow.vocabulary import load_vocabulary
from nlpflow.vocabulary.encoded import write_encoded

with job(snakemake.log[0]):
    source, target = (load_vocabulary(Path(snakemake.input[s])) for s in ("source", "target"))
    for split in ("train", "dev"):
        table = pq.read_table(snakemake.input[split])
        links = None
        # Alignments number words.
        if "alignment" in table.column_names and source.kind == target.kind == "words":
            links = [parse_links(text or "") for text in table["alignment"].to_pylist()]
        write_encoded(
            Path(snakemake.output.arrays),
            split,
            source.encode_column(table["source"]),
            target.encode_column(table["target"]),
            links,
        )
