"""Prepare one dataset of sentence pairs from its corpus."""

import logging
from pathlib import Path

from nlpflow.corpora.pairs import read_corpus
from nlpflow.jobs import job
from nlpflow.prepare.losses import warn_of_losses
from nlpflow.prepare.pairs import prepare, write
from nlpflow.settings.data import PairDataset
from nlpflow.settings.origin import write_origin
from nlpflow.settings.registry import Corpus

with job(snakemake.log[0]):
    dataset = PairDataset.model_validate_json(snakemake.params.dataset)
    corpus = Corpus.model_validate_json(snakemake.params.corpora[dataset.corpus])
    files = map(Path, snakemake.input.files)
    paths = dict(zip(snakemake.params.addresses, files, strict=True))
    annotations = Path(snakemake.input.annotations[0]) if corpus.annotations else None
    table, malformed = read_corpus(dataset.corpus, corpus, paths, annotations)
    prepared = prepare(snakemake.wildcards.dataset, dataset, corpus, table, malformed)
    logging.info("%s", prepared.report.to_string(index=False))
    warn_of_losses(snakemake.wildcards.dataset, prepared.report)
    write(prepared, Path(snakemake.output.train).parent)
    write_origin(
        Path(snakemake.output.origin),
        dataset,
        snakemake.resources.defined_in,
        snakemake.params.corpora,
    )
