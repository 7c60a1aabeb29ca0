"""Facts and scores of a summary page, without runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from nlpflow.results.summary import Group, TaskScores
from nlpflow.settings.plan.sources import SourceFacts
from nlpflow.settings.plan.summary import (
    AttentionFacts,
    Contender,
    DatasetFacts,
    Facts,
    TaskFacts,
)

BEST = "the weights of the epoch with the best dev score"


def task(
    contenders: Mapping[str, Contender], headline: Sequence[str] = ("bleu", "aer")
) -> TaskFacts:
    return TaskFacts(
        name="translation",
        title="translation",
        headline=tuple(headline),
        contenders=dict(contenders),
    )


def contender(label: str, dataset: str = "data", weights: str = BEST) -> Contender:
    return Contender(label=label, dataset=dataset, weights=weights)


def scores(
    facts: TaskFacts,
    rows: Sequence[tuple[str, str, str, float]],
    overlaps: Mapping[Group, int] | None = None,
) -> TaskScores:
    """Rows: label, test set, metric, mean."""
    table = pd.DataFrame(rows, columns=["experiment", "test_set", "metric", "mean"])
    signed = {"bleu": {"nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0": ["data"]}}
    return TaskScores(facts, table.assign(n=3, sd=0.25), signed, overlaps or {})


def report(split_sizes: Mapping[str, int], unit: str = "pairs", **dropped: int) -> pd.DataFrame:
    rows = [("read", "", 0, 99), *((step, "7", count, 99) for step, count in dropped.items())]
    rows += [(split, "", 0, size) for split, size in split_sizes.items()]
    return pd.DataFrame(rows, columns=["step", "setting", "dropped", unit])


def facts(
    tasks: Sequence[TaskFacts],
    datasets: Mapping[str, DatasetFacts],
    attention: Sequence[AttentionFacts] = (),
) -> Facts:
    corpora = sorted({name for found in datasets.values() for name in found.corpora})
    return Facts(
        config="made",
        tasks=tuple(tasks),
        datasets=dict(datasets),
        corpora={
            name: SourceFacts(
                title=f"title of {name}",
                licence=f"licence of {name}",
                attribution=f"people of {name}",
            )
            for name in corpora
        },
        test_sets={},
        attention=tuple(attention),
    )


def dataset(
    division: str = "divided", kind: str = "pairs", corpora: Sequence[str] = ("corpus",)
) -> DatasetFacts:
    return DatasetFacts.model_validate(
        {
            "kind": kind,
            "languages": ("fra", "eng"),
            "corpora": tuple(corpora),
            "division": division,
            "kept_apart": ("source", "target") if kind == "pairs" else (),
        }
    )


def plot(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return folder
