"""Normalise a test set of tagged words like a dataset, and mark what is also in its training set.

The words are normalised in the same way as those of the dataset that runs were trained on.
"""

import logging
from pathlib import Path

from nlpflow.jobs import job
from nlpflow.prepare.tagged import mark_test_set, read_prepared, write_sentences
from nlpflow.settings.data import TaggedDataset

with job(snakemake.log[0]):
    dataset = TaggedDataset.model_validate_json(snakemake.params.dataset)
    test, train = (read_prepared(Path(snakemake.input[name])) for name in ("test", "train"))
    marked = mark_test_set(test, train, dataset.normalisation)
    shared = sum(sentence.in_train for sentence in marked)
    logging.info("%d sentences, %d of them also in train", len(marked), shared)
    write_sentences(Path(snakemake.output.table), marked)
