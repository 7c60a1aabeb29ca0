"""Build the two vocabularies of a dataset."""

from pathlib import Path

import pyarrow.parquet as pq

from nlpflow.jobs import job
from nlpflow.settings.data import VocabularySettings
from nlpflow.settings.origin import write_origin
from nlpflow.tables import write_json
from nlpflow.vocabulary import build_vocabularies, coverage

with job(snakemake.log[0]):
    settings = VocabularySettings.model_validate_json(snakemake.params.vocabulary)
    train, dev = (pq.read_table(snakemake.input[split]) for split in ("train", "dev"))
    found = {}
    for side, vocabulary in build_vocabularies(train, settings).items():
        vocabulary.save(Path(snakemake.output[side]))
        found[side] = {
            "size": len(vocabulary),
            "digest": vocabulary.digest,
            "dev": coverage(vocabulary, dev[side]),
        }
    write_json(Path(snakemake.output.coverage), found)
    write_origin(Path(snakemake.output.origin), settings, snakemake.resources.defined_in)
