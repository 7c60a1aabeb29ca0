"""Normalise a test set of the config like a dataset, and mark what is also in its training set."""

import logging
from pathlib import Path

import pandas as pd

from nlpflow.jobs import job
from nlpflow.prepare.test_sets import prepare_test_set
from nlpflow.settings.data import PairDataset
from nlpflow.settings.test_sets import OwnTestSet

with job(snakemake.log[0]):
    test_set = OwnTestSet.model_validate_json(snakemake.params.test_set)
    table = prepare_test_set(
        snakemake.wildcards.test_set,
        test_set,
        dict(zip(test_set.files, map(Path, snakemake.input.files), strict=True)),
        PairDataset.model_validate_json(snakemake.params.dataset),
        pd.read_parquet(snakemake.input.train, columns=["source", "target"]),
    )
    shared = int((table["overlap_source"] | table["overlap_target"]).sum())
    logging.info("%d pairs, %d of them overlap with the training set", len(table), shared)
    table.to_parquet(snakemake.output.table, index=False)
