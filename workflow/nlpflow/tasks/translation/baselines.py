"""Baselines of translation: the translation of the nearest training sentence."""

import pandas as pd

from nlpflow.baselines.nearest import NearestSentence
from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.translation.evaluation import any_test_set, breakdown, predictions, scored


def evaluate(job: BaselineJob) -> None:
    """Translate by look-up and score it; see `nlpflow.tasks.interface.Baseline`."""
    dataset: PairDataset = checked(PairDataset, job.dataset, "dataset")
    train = pd.read_parquet(job.tables["train"], columns=["source", "target", "target_raw"])
    index = NearestSentence(train["source"].tolist())
    known = frozenset(word for source in train["source"] for word in source.split())
    for name, files in job.outputs.items():
        tables = job.tables[name], job.tables["references"]
        test_set = any_test_set(*tables, name, dataset.normalisation, dataset.target)
        targets = train["target_raw" if test_set.raw else "target"]
        outputs = targets.iloc[index.nearest(test_set.sources)].tolist()
        unseen = [sum(word not in known for word in text.split()) for text in test_set.sources]
        write_json(files["metrics"], scored(test_set, outputs))
        write_table(files["predictions"], predictions(test_set, outputs))
        write_table(files["breakdown"], breakdown(test_set, outputs, unseen))
