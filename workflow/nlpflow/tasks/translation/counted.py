"""What tasks share whose outputs are counted sentence by sentence: commands and answers.

Such a task has a `Counting`; evaluation and baselines are the same for all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlpflow.metrics.translation import SEPARATOR
from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset
from nlpflow.settings.translation import Decoding, Seq2SeqExperiment, TranslationFigures
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.interface import BaselineJob, EvaluationJob, Files, made_with
from nlpflow.tasks.translation.evaluation import attention_of, samples
from nlpflow.tasks.translation.learner import TranslationTestSet, read_test_set
from nlpflow.tasks.translation.loading import load_translator

LENGTH_BUCKETS = {"1–4": 0, "5–7": 5, "8–10": 8, "11–14": 11, "15–19": 15, "20+": 20}
"""The least number of words of a source, by the bucket's name."""

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
    """What counts for each source, given outputs, references and the training targets."""
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
    figures: TranslationFigures = checked(TranslationFigures, job.settings["figures"], "figures")
    decoding: Decoding = checked(Decoding, job.settings["decoding"], "decoding")
    others = [file.parent for file in job.inputs.all("ensemble") if file.name == "run.json"]
    translator, run = load_translator(job.run, decoding, others=others, kinds=kinds)
    tables = job.inputs["table"], job.inputs["references"]
    test_set = read_test_set(*tables, job.test_set, run.normalisation, run.languages[1])
    column = "target_raw" if test_set.raw else "target"
    train = pd.read_parquet(job.inputs["train"], columns=[column])[column].tolist()
    texts = [output.text for output in translator.translate(test_set.sources)]
    extra = {"decoding": translator.decoding.model_dump(mode="json")} | made_with(job)
    _write(job.outputs, countings[run.settings["task"]], test_set, texts, train, extra)
    job.outputs["samples"].write_text(samples(test_set, texts), encoding="utf-8")
    attention = attention_of(translator, run.normalisation, test_set, figures)
    write_table(job.outputs["attention"], attention)


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
    sources: Strings
    """Of the training set."""
    targets: Strings
    """Of the training set."""


def predicted(job: BaselineJob, baselines: Mapping[str, TrainBaseline]) -> Iterator[Predicted]:
    """Train a baseline, and predict each test set of the job."""
    dataset: PairDataset = checked(PairDataset, job.dataset, "dataset")
    train = pd.read_parquet(job.tables["train"], columns=["source", "target", "target_raw"])
    sources = train["source"].tolist()
    predict: dict[bool, Predict] = {}
    for name, files in job.outputs.items():
        tables = job.tables[name], job.tables["references"]
        test_set = read_test_set(*tables, name, dataset.normalisation, dataset.target)
        targets = train["target_raw" if test_set.raw else "target"].tolist()
        if test_set.raw not in predict:
            predict[test_set.raw] = baselines[job.baseline](sources, targets)
        outputs = predict[test_set.raw](test_set.sources)
        yield Predicted(files, test_set, outputs, sources, targets)


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
    lengths = [len(source.split()) for source in test_set.sources]
    bucket = np.searchsorted(list(LENGTH_BUCKETS.values()), lengths, side="right") - 1
    return Groups("length", bucket, list(LENGTH_BUCKETS))
