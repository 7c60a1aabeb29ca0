"""What models are made from, directly and through other runs."""

from pathlib import Path
from typing import Any

import pytest

from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import SummaryPlan, sources_of
from nlpflow.settings.plan.sources import GLOVE_FACTS

ROOT = Path(__file__).parents[2]
GRU = {"attention": "additive", "embedding": 50, "hidden": 8}


def plan(values: dict[str, Any]) -> SummaryPlan:
    config, registry = load_config(values, ROOT)
    return SummaryPlan(config, registry, ROOT)


def pairs(corpus: str, target: str) -> dict[str, Any]:
    return {"kind": "pairs", "corpus": corpus, "source": "eng", "target": target}


@pytest.mark.parametrize(
    ("config", "experiment", "names"),
    [
        ("config", "sample-tagger", ["sample-tagged"]),
        ("config", "sample-tagger-vectors", ["sample-tagged", "sample-sentences"]),
        ("tagging", "english-glove", ["ud-english-ewt", "glove-6b-50d"]),
        ("vectors", "few-glove", ["tutorial-eng-fra", "glove-6b-50d"]),
    ],
)
def test_sources_of_experiments(config: str, experiment: str, names: list[str]) -> None:
    found = plan(read_yaml(ROOT / f"config/{config}.yaml"))
    assert list(sources_of(found, experiment)) == names
    (facts,) = (task for task in found.facts().tasks if experiment in task.contenders)
    assert list(facts.contenders[experiment].sources) == names
    assert set(names) <= set(found.facts().corpora)


def test_weights_vocabulary_and_files_from_elsewhere() -> None:
    experiment = {"task": "translation", "vocabulary": "own", "model": GRU}
    start = {"training": {"initialise_from": "results/translation/first/seed-{seed}"}}
    elsewhere = {"initialise_from": "results/translation/other/seed-1"}
    vectors = GRU | {"target_vectors": "glove-6b-50d"}
    vectors["source_vectors"] = "/home/someone/vectors.txt"
    found = plan(
        {
            "name": "made",
            "datasets": {
                "shell": pairs("sample-shell", "zxx"),
                "assistant": pairs("sample-assistant", "zxx"),
            },
            "vocabularies": {
                "own": {"dataset": "shell"},
                "other": {"dataset": "shell", "made_from": "assistant"},
            },
            "experiments": {
                "first": experiment | {"vocabulary": "other"},
                "second": experiment | start | {"seeds": [1, 2]},
                "third": experiment | {"model": vectors},
                "fourth": experiment | {"training": elsewhere},
            },
        }
    )
    assert list(sources_of(found, "first")) == ["sample-shell", "sample-assistant"]
    assert list(sources_of(found, "second")) == ["sample-shell", "sample-assistant"]
    third = sources_of(found, "third")
    assert list(third) == ["sample-shell", "glove-6b-50d", "vectors.txt"]
    assert third["glove-6b-50d"] == GLOVE_FACTS
    assert GLOVE_FACTS.licence == "Public Domain Dedication and License (PDDL) 1.0"
    assert third["vectors.txt"].licence == "not known here"
    assert list(sources_of(found, "fourth")) == ["sample-shell", "translation/other/seed-1"]
