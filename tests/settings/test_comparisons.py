"""Which experiments may be held against which, and the lines that refuse the others."""

from pathlib import Path

import pytest

from nlpflow.errors import UserError
from nlpflow.settings.comparisons import Comparison, comparisons
from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_config

ROOT = Path(__file__).parents[2]


def config_with(compare_with: str, **others: dict) -> dict:
    pairs = {"kind": "pairs", "corpus": "sample-fra-eng", "source": "fra", "target": "eng"}
    plain = {
        "task": "translation",
        "vocabulary": "words",
        "model": {"attention": "none"},
        "seeds": [1, 2, 3],
        "test_sets": ["dev", "test"],
    }
    return {
        "name": "compared",
        "datasets": {
            "pairs": pairs,
            "turned": pairs | {"source": "eng", "target": "fra"},
            "tagged": {"kind": "labelled", "corpus": "sample-tagged", "tags": "upos"},
        },
        "vocabularies": {"words": {"dataset": "pairs"}, "others": {"dataset": "turned"}},
        "experiments": {
            "plain": plain,
            "attention": plain
            | {"seeds": [3, 4, 1], "test_sets": ["test"], "compare_with": compare_with},
            "late": plain | {"seeds": [5]},
            "dev-only": plain | {"test_sets": ["dev"]},
            "turned": plain | {"vocabulary": "others"},
            "tagger": {"task": "tagging", "dataset": "tagged"},
        }
        | others,
    }


def load(compare_with: str, **others: dict) -> Config:
    return load_config(config_with(compare_with, **others), ROOT)[0]


def test_common_seeds_and_test_sets() -> None:
    config = load("plain")
    expected = [Comparison("attention", "plain", (3, 1), ("test",))]
    assert comparisons(config.experiments, {}, "translation") == expected
    assert comparisons(config.experiments, {}, "tagging") == []


def test_a_baseline_has_every_random_seed_and_test_set() -> None:
    tagger = {"task": "tagging", "dataset": "tagged", "seeds": [2, 1], "compare_with": "features"}
    config = load("plain", tagger=tagger)
    found = comparisons(config.experiments, {"tagger": "tagged"}, "tagging")
    assert found == [Comparison("tagger", "features.tagged", (2, 1), ("test",))]


def test_a_baseline_of_another_task_is_refused() -> None:
    with pytest.raises(UserError, match="compare_with: 'features' is unknown"):
        load("features")


def test_experiments_of_a_grid_are_compared_too() -> None:
    values = config_with("plain")
    values["grids"] = {"size": {"experiment": "attention", "parameters": {"model.hidden": [16, 8]}}}
    config = load_config(values, ROOT)[0]
    found = [pair[:2] for pair in comparisons(config.experiments, {}, "translation")]
    names = ["attention", "attention-hidden-16", "attention-hidden-8"]
    assert found == [(name, "plain") for name in names]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("plane", "'plane' is unknown; did you mean 'plain'?"),
        ("attention", "'attention' is the experiment itself; name another one"),
        (
            "tagger",
            "'tagger' has task 'tagging', but this experiment has 'translation'; name an "
            "experiment with the same task",
        ),
        (
            "turned",
            "'turned' has dataset 'turned', but this experiment has 'pairs'; name an experiment "
            "with the same dataset",
        ),
        ("late", "'late' has no random seed in common with 'attention'; it has 5"),
        ("dev-only", "'dev-only' has no test set in common with 'attention'; it has dev"),
    ],
)
def test_what_cannot_be_compared(name: str, reason: str) -> None:
    with pytest.raises(UserError) as caught:
        load(name)
    assert str(caught.value) == f"config: experiments.attention.compare_with: {reason}"
