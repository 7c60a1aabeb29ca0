"""Prepare one dataset of sentence pairs from its corpus."""

from pathlib import Path

from nlpflow.corpora.pairs import read_batches
from nlpflow.jobs import job
from nlpflow.prepare.losses import log_report
from nlpflow.prepare.pairs import prepare
from nlpflow.settings.data import PairDataset
from nlpflow.settings.origin import write_origin
from nlpflow.settings.registry import Corpus

with job(snakemake.log[0]):
    dataset = PairDataset.model_validate_json(snakemake.params.dataset)
    corpus = Corpus.model_validate_json(snakemake.params.corpora[dataset.corpus])
    files = map(Path, snakemake.input.files)
    paths = dict(zip(snakemake.params.addresses, files, strict=True))
    annotations = Path(snakemake.input.annotations[0]) if corpus.annotations else None
    reading = read_batches(dataset.corpus, corpus, paths, annotations)
    folder = Path(snakemake.output.train).parent
    prepared = prepare(snakemake.wildcards.dataset, dataset, corpus, reading, folder)
    log_report(
        snakemake.wildcards.dataset,
        prepared.report,
        prepared.malformed,
        Path(snakemake.output.malformed),
    )
    write_origin(
        Path(snakemake.output.origin),
        dataset,
        snakemake.resources.defined_in,
        snakemake.params.corpora,
    )
