"""Baselines of chat: the most frequent response, and that of the nearest context."""

import pandas as pd

from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset
from nlpflow.tasks.chat.evaluation import write_scores
from nlpflow.tasks.commands.baselines import nearest
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.questions.baselines import fixed
from nlpflow.tasks.translation.counted import TrainBaseline
from nlpflow.tasks.translation.learner import read_test_set


def evaluate(job: BaselineJob) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`."""
    dataset: PairDataset = checked(PairDataset, job.dataset, "dataset")
    train = pd.read_parquet(job.tables["train"], columns=["source", "target", "target_raw"])
    known = frozenset(word for source in train["source"] for word in source.split())
    for name, files in job.outputs.items():
        tables = job.tables[name], job.tables["references"]
        test_set = read_test_set(*tables, name, dataset.normalisation, dataset.target)
        targets = train["target_raw" if test_set.raw else "target"].tolist()
        outputs = BASELINES[job.baseline](train["source"].tolist(), targets)(test_set.sources)
        unseen = [sum(word not in known for word in text.split()) for text in test_set.sources]
        write_scores(files, test_set, outputs, unseen, {}, {})


BASELINES: dict[str, TrainBaseline] = {"fixed": fixed, "nearest": nearest}
