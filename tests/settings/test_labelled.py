"""Labelled corpora with and without a split, and test sets of tagged words: names and look-ups."""

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from nlpflow.errors import UserError
from nlpflow.settings.loading import load_config
from nlpflow.settings.plan import DataPlan, ResultPlan, RunPlan


def entry(reader: str, *splits: str | None, **more: Any) -> dict[str, Any]:
    about = {"title": "t", "licence": "l", "attribution": "a", "languages": ["eng"]}
    files = [{"address": f"{reader}.{split}", "split": split} for split in splits]
    return about | {"reader": reader, "files": files} | more


REGISTRY = {
    "whole": entry("conllu", None),
    "divided": entry("conllu", "train", "dev", "test"),
    "no-dev": entry("conllu", "train", "test"),
    "tests": entry("conllu", "test"),
    "entities": entry("columns", None, columns={}),
    "sentences": entry("lines", "test")
    | {"files": [{"address": "a", "language": "eng", "split": "test"}]},
}
TRAINED = ("whole", "divided", "no-dev")
CONFIG = {
    "name": "c",
    "registry": "corpora.yaml",
    "datasets": {
        **{name: {"kind": "labelled", "corpus": name, "tags": "upos"} for name in TRAINED},
        "entities": {"kind": "labelled", "corpus": "entities"},
        "tests": {"kind": "test_labelled", "corpus": "tests", "tags": "upos"},
        "all-of-whole": {"kind": "test_labelled", "corpus": "whole", "tags": "xpos"},
        "names": {"kind": "test_labelled", "corpus": "entities"},
    },
    "experiments": {
        **{name: {"task": "tagging", "dataset": name} for name in TRAINED},
        "finder": {"task": "entities", "dataset": "entities", "test_sets": ["names"]},
    },
}
CONFIG["experiments"]["whole"]["test_sets"] = ["test", "tests"]
JOB = SimpleNamespace


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "corpora.yaml").write_text(yaml.safe_dump(REGISTRY), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("section", "name", "values", "reason"),
    [
        (
            "datasets", "whole", {"corpus": "tests"},
            "datasets.whole.corpus: 'tests' has only test files: use it in a dataset of kind "
            "'test_labelled', and name that in the test_sets of experiments",
        ),
        (
            "datasets", "sentences", {"kind": "sentences", "corpora": ["sentences"]},
            "datasets.sentences.corpora: 'sentences' has only test files: use it in a dataset "
            "of kind 'test_sentences'",
        ),
        ("datasets", "tests", {"tags": None}, "datasets.tests.tags: required with reader 'conllu'"),
        ("datasets", "tests", {"corpus": "test"}, "'test' is unknown; did you mean 'tests'"),
        (
            "experiments", "whole", {"test_sets": ["whole"]},
            "whole.test_sets: dataset 'whole' is of kind 'labelled', not 'test_labelled'",
        ),
        ("experiments", "whole", {"test_sets": ["names"]}, "'names' has other tags than 'whole'"),
        ("experiments", "whole", {"test_sets": ["all-of-whole"]}, "has other tags than 'whole'"),
        ("experiments", "finder", {"test_sets": ["tests"]}, "has other tags than 'entities'"),
        ("experiments", "finder", {"test_sets": ["tset"]}, "finder.test_sets: 'tset' is unknown"),
    ],
)  # fmt: skip
def test_refused(root: Path, section: str, name: str, values: dict, reason: str) -> None:
    config = copy.deepcopy(CONFIG)
    config[section][name] = config[section].get(name, {}) | values
    with pytest.raises(UserError) as caught:
        load_config(config, root)
    assert reason in str(caught.value)
    assert str(caught.value).isprintable()


def test_splits_that_a_corpus_does_not_bring_need_a_proof(root: Path) -> None:
    config, registry = load_config(CONFIG, root)
    runs, data = (plan(config, registry, root) for plan in (RunPlan, DataPlan))
    for name in ("whole", "no-dev"):
        found = runs.training_inputs(JOB(experiment=name, seed="1"))
        assert found["leakage"] == f"data/prepared/{name}/leakage.json"
    assert "leakage" not in runs.training_inputs(JOB(experiment="divided", seed="1"))
    assert data.may_share(JOB(dataset="whole")) == []
    assert data.may_share(JOB(dataset="no-dev")) == ["test", "train"]
    assert data.may_share(JOB(dataset="divided")) == ["dev", "test", "train"]


def test_a_test_set_of_its_own_is_marked_for_the_dataset_and_scored_by_its_baselines(
    root: Path,
) -> None:
    config, registry = load_config(CONFIG, root)
    runs, results = (plan(config, registry, root) for plan in (RunPlan, ResultPlan))
    assert {"tests", "names"} <= set(runs.test_sets)
    found = runs.evaluation_inputs(JOB(experiment="whole", seed="1", test_set="tests"))
    assert found["table"] == "data/prepared/whole/test_sets/tests.parquet"
    assert found["train"] == "data/prepared/whole/train.parquet"
    metrics = results.metrics(JOB(task="tagging"))
    scored = [path for path in metrics if "/hmm." in path]
    assert scored == [
        "results/baselines/tagging/hmm.whole/test/metrics.json",
        "results/baselines/tagging/hmm.whole/tests/metrics.json",
        "results/baselines/tagging/hmm.divided/test/metrics.json",
        "results/baselines/tagging/hmm.no-dev/test/metrics.json",
    ]
