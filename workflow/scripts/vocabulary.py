"""Build the two vocabularies of a dataset."""

from pathlib import Path

from nlpflow.jobs import job
from nlpflow.prepare.leakage import check
from nlpflow.settings.origin import write_origin
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import StoredTable, write_json
from nlpflow.vocabulary import build_vocabularies, coverage

with job(snakemake.log[0]):
    settings = VocabularySettings.model_validate_json(snakemake.params.vocabulary)
    tables = {
        split: StoredTable(Path(snakemake.input[split]), ("source", "target"))
        for split in ("train", "dev", "test")
    }
    if settings.made_from is not None:
        # The leakage report of each dataset compares its own splits only.
        check(tables, ("dev", "test"), snakemake.params.kept_apart)
    train = {side: tables["train"].column(side) for side in ("source", "target")}
    if snakemake.params.autoencode:
        train["target"] = train["source"]
    found = {}
    for side, vocabulary in build_vocabularies(train, settings).items():
        vocabulary.save(Path(snakemake.output[side]))
        found[side] = {
            "size": len(vocabulary),
            "digest": vocabulary.digest,
            "dev": coverage(vocabulary, tables["dev"].column(side)),
        }
    write_json(Path(snakemake.output.coverage), found)
    write_origin(Path(snakemake.output.origin), settings, snakemake.resources.defined_in)
