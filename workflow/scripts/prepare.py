"""Prepare one dataset from its corpus."""

import logging
from pathlib import Path

from nlpflow.corpora.pairs import read_corpus
from nlpflow.jobs import job
from nlpflow.prepare.pairs import prepare, write
from nlpflow.settings.data import PairDataset
from nlpflow.settings.registry import Corpus

with job(snakemake.log[0]):
    name = snakemake.wildcards.dataset
    dataset = PairDataset.model_validate_json(snakemake.params.dataset)
    corpus = Corpus.model_validate_json(snakemake.params.corpus)
    paths = {address: Path(path) for address, path in snakemake.params.paths.items()}
    annotations = Path(corpus.annotations) if corpus.annotations else None
    table, malformed = read_corpus(dataset.corpus, corpus, paths, annotations)
    prepared = prepare(name, dataset, corpus, table, malformed)
    logging.info("%s", prepared.report.to_string(index=False))
    write(prepared, Path(snakemake.output.train).parent)
