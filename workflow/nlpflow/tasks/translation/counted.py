"""Evaluation and baselines of tasks that are scored sentence by sentence: commands and answers.

Such a task has a `Counting`; evaluation and baselines are the same for all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from nlpflow.baselines.nearest import NearestSentence
from nlpflow.metrics.translation import SEPARATOR
from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset
from nlpflow.settings.translation import Seq2SeqExperiment
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.interface import BaselineJob, EvaluationJob, Files
from nlpflow.tasks.translation.evaluation import any_test_set, decoded, made_by, write_shown
from nlpflow.tasks.translation.learner import TranslationTestSet
from nlpflow.text.lengths import length

LENGTH_BUCKETS = {"1–4": 0, "5–7": 5, "8–10": 8, "11–14": 11, "15–19": 15, "20+": 20}
"""The shortest source of each bucket, in words or characters (`length`), by its name."""

Strings = Sequence[str]
Predict = Callable[[Strings], list[str]]
"""Gives an output for each source."""
TrainBaseline = Callable[[Strings, Strings], Predict]
"""Trains a baseline on sources and targets."""


class Groups(NamedTuple):
    """A division of a test set into groups, each of which is scored."""

    kind: str
    """What the groups differ in; a key of `nlpflow.figures.breakdown.AXIS_LABELS`."""
    numbers: NDArray[np.int64]
    """The number of the group of each source."""
    names: Strings
    """The names of the groups."""


class Counting(NamedTuple):
    """How the outputs of a task are scored."""

    counted: Callable[[Strings, Sequence[Strings], Strings], pd.DataFrame]
    """Counts of each source, given outputs, references and the training targets."""
    scores: Callable[[pd.DataFrame], dict[str, float]]
    """The scores of a table of `counted`."""
    groups: Callable[[TranslationTestSet, Strings], Groups]
    """A division that is of interest for the task, given the training targets."""


def evaluate_with(
    countings: Mapping[str, Counting], job: EvaluationJob, kinds: Sequence[type[Seq2SeqExperiment]]
) -> None:
    """Evaluate a run; see `nlpflow.tasks.interface.Evaluate`.

    Args:
        countings: by the name of the task
        job: of one of these tasks
        kinds: the tasks' experiments
    """
    found = decoded(job, kinds)
    column = "target_raw" if found.test_set.raw else "target"
    train = pd.read_parquet(job.inputs["train"], columns=[column])[column].tolist()
    extra = made_by(job, found.translator)
    counting = countings[found.run.settings["task"]]
    _write(job.outputs, counting, found.test_set, found.texts, train, extra)
    write_shown(job, found)


def evaluate_baseline(
    countings: Mapping[str, Counting], job: BaselineJob, baselines: Mapping[str, TrainBaseline]
) -> None:
    """Train a baseline and score it; see `nlpflow.tasks.interface.Baseline`.

    Args:
        countings: by the name of the task
        job: of one of these tasks
        baselines: by name
    """
    for found in predicted(job, baselines):
        _write(found.files, countings[job.task], found.test_set, found.outputs, found.targets, {})


class Predicted(NamedTuple):
    """What a baseline predicts for a test set."""

    files: Files
    """To write."""
    test_set: TranslationTestSet
    outputs: Strings
    """One for each source of the test set."""
    unseen: list[int]
    """The number of words of each source that the training sources lack."""
    targets: Strings
    """Of the training set."""


def predicted(job: BaselineJob, baselines: Mapping[str, TrainBaseline]) -> Iterator[Predicted]:
    """Train a baseline, and predict each test set of the job."""
    dataset: PairDataset = checked(PairDataset, job.dataset, "dataset")
    train = pd.read_parquet(job.tables["train"], columns=["source", "target", "target_raw"])
    sources = train["source"].tolist()
    known = frozenset(word for source in sources for word in source.split())
    predict: dict[bool, Predict] = {}
    for name, files in job.outputs.items():
        tables = job.tables[name], job.tables["references"]
        test_set = any_test_set(*tables, name, dataset.normalisation, dataset.target)
        targets = train["target_raw" if test_set.raw else "target"].tolist()
        if test_set.raw not in predict:
            predict[test_set.raw] = baselines[job.baseline](sources, targets)
        outputs = predict[test_set.raw](test_set.sources)
        unseen = [sum(word not in known for word in text.split()) for text in test_set.sources]
        yield Predicted(files, test_set, outputs, unseen, targets)


def nearest(sources: Strings, targets: Strings) -> Predict:
    """The target of the most similar training source."""
    index = NearestSentence(sources)
    return lambda sentences: [targets[position] for position in index.nearest(sentences)]


def _write(
    files: Files,
    counting: Counting,
    test_set: TranslationTestSet,
    outputs: Strings,
    train: Strings,
    extra: Mapping[str, Any],
) -> None:
    """Write `metrics`, `predictions` and `breakdown`.

    Args:
        files: to write
        counting: of the task
        test_set: sources and references
        outputs: one for each source
        train: the targets of the training set
        extra: further entries of `metrics`
    """
    counted = counting.counted(outputs, test_set.references, train)
    metrics = {
        "scores": counting.scores(counted),
        "sources": len(test_set.sources),
        "references": sum(map(len, test_set.references)),
    }
    write_json(files["metrics"], metrics | dict(extra))
    columns = {
        "source": test_set.sources,
        "output": list(outputs),
        "references": [SEPARATOR.join(known) for known in test_set.references],
    }
    write_table(files["predictions"], pd.DataFrame(columns).join(counted))
    rows = [
        {"kind": kind, "bucket": names[group], "sentences": int((numbers == group).sum())}
        | counting.scores(counted[numbers == group])
        for kind, numbers, names in (_lengths(test_set), counting.groups(test_set, train))
        for group in np.unique(numbers)
    ]
    write_table(files["breakdown"], pd.DataFrame(rows))


def _lengths(test_set: TranslationTestSet) -> Groups:
    lengths = length(pa.array(test_set.sources, pa.large_string())).to_numpy()
    bucket = np.searchsorted(list(LENGTH_BUCKETS.values()), lengths, side="right") - 1
    return Groups("length", bucket, list(LENGTH_BUCKETS))
