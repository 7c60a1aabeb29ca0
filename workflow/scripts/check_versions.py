"""Check whether a dataset's corpora are the data that published results were made from."""

from pathlib import Path

from nlpflow.corpora.versions import find_versions
from nlpflow.jobs import job
from nlpflow.settings.registry import CorpusFile
from nlpflow.tables import write_json

with job(snakemake.log[0]):
    entries = [
        (corpus, CorpusFile.model_validate_json(file)) for corpus, file in snakemake.params.entries
    ]
    paths = map(Path, snakemake.input.files)
    found = find_versions(
        (corpus, file, path) for (corpus, file), path in zip(entries, paths, strict=True)
    )
    write_json(Path(snakemake.output.versions), [file._asdict() for file in found])
