"""Prepare one dataset of tagged words, for training and testing or for testing only."""

from pathlib import Path

from pydantic import TypeAdapter

from nlpflow.corpora.tagged import read_tagged_corpus
from nlpflow.jobs import job
from nlpflow.prepare.losses import log_report
from nlpflow.prepare.tagged import prepare_tags, prepare_test_tags, write_prepared
from nlpflow.settings.data import Dataset
from nlpflow.settings.origin import write_origin
from nlpflow.settings.registry import Corpus

with job(snakemake.log[0]):
    name = snakemake.wildcards.dataset
    dataset = TypeAdapter(Dataset).validate_json(snakemake.params.dataset)
    corpus = Corpus.model_validate_json(snakemake.params.corpora[dataset.corpus])
    files = map(Path, snakemake.input.files)
    paths = dict(zip(snakemake.params.addresses, files, strict=True))
    read = read_tagged_corpus(dataset.corpus, corpus, paths, dataset.tags)
    if dataset.kind == "labelled":
        prepared = prepare_tags(name, dataset, read)
    else:
        prepared = prepare_test_tags(read)
    log_report(name, prepared.report, prepared.malformed, Path(snakemake.output.malformed))
    write_prepared(prepared, Path(snakemake.output.malformed).parent)
    write_origin(
        Path(snakemake.output.origin),
        dataset,
        snakemake.resources.defined_in,
        snakemake.params.corpora,
    )
