"""Prepare one dataset of sentences, for training and testing or for testing only."""

from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter

from nlpflow.corpora.sentences import read_sentences
from nlpflow.jobs import job
from nlpflow.prepare.losses import log_report
from nlpflow.prepare.sentences import pool, prepare_sentences, prepare_test, write
from nlpflow.settings.data import Dataset
from nlpflow.settings.origin import write_origin
from nlpflow.settings.registry import Corpus

with job(snakemake.log[0]):
    name = snakemake.wildcards.dataset
    dataset = TypeAdapter(Dataset).validate_json(snakemake.params.dataset)
    files = map(Path, snakemake.input.files)
    paths = dict(zip(snakemake.params.addresses, files, strict=True))
    tables = {}
    for key, values in snakemake.params.corpora.items():
        corpus = Corpus.model_validate_json(values)
        tables[key] = read_sentences(key, corpus, paths, snakemake.params.languages)
    if dataset.kind == "sentences":
        sentences, malformed = pool(tables, dataset.normalisation)
        prepared = prepare_sentences(name, dataset, sentences, malformed)
    else:
        sentences, malformed = pool(tables, "cased")
        tables = map(pd.read_parquet, snakemake.input.training)
        training = [*zip(tables, snakemake.params.normalisations, strict=True)]
        prepared = prepare_test(sentences, malformed, training)
    log_report(name, prepared.report, prepared.malformed, Path(snakemake.output.malformed))
    write(prepared, Path(snakemake.output.malformed).parent)
    write_origin(
        Path(snakemake.output.origin),
        dataset,
        snakemake.resources.defined_in,
        snakemake.params.corpora,
    )
