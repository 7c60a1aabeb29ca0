"""What the report's first page says of the project's own configs: true of one, not of another."""

from functools import cache
from pathlib import Path

import pytest

from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import SummaryPlan
from nlpflow.settings.plan.base import Wildcards
from nlpflow.settings.pretrained import GLOVE
from nlpflow.settings.translation_model import GRUModel

ROOT = Path(__file__).parents[2]


@cache
def plan(name: str) -> SummaryPlan:
    config, registry = load_config(read_yaml(ROOT / f"config/{name}.yaml"), ROOT)
    return SummaryPlan(config, registry, ROOT)


class Job:
    task = "translation"


@pytest.mark.parametrize("config", ["config", "french", "tagging", "entities", "embeddings"])
def test_every_corpus_of_the_config_is_attributed(config: str) -> None:
    facts = plan(config).facts()
    glove = {GLOVE} if config in ("tagging", "entities") else set()
    assert set(facts.corpora) == plan(config).config.corpus_names | glove
    for name in plan(config).config.corpus_names:
        corpus = facts.corpora[name]
        entry = plan(config).registry[name]
        assert (corpus.title, corpus.licence) == (entry.title, entry.licence)
        assert corpus.attribution == entry.attribution


def test_weights_that_runs_keep() -> None:
    (facts,) = plan("ablations").facts().tasks
    kept = {name: found.weights for name, found in facts.contenders.items()}
    assert kept["tuned"] == "the mean of the weights of the 3 epochs with the best dev scores"
    assert kept["unaveraged"] == "the weights of the epoch with the best dev score"


@pytest.mark.parametrize(
    ("average", "average_of", "said"),
    [
        (1, "last", "the weights of the last epoch"),
        (4, "last", "the mean of the weights of the last 4 epochs"),
    ],
)
def test_weights_of_last_epochs(average: int, average_of: str, said: str) -> None:
    training = plan("ablations").config.experiments["tuned"].training
    changed = training.model_copy(update={"average": average, "average_of": average_of})
    assert changed.weights_kept == said


def test_only_local_attention_does_not_sum_to_one() -> None:
    found = {about.kind: about.rows for about in plan("attentions").facts().attention}
    assert "at most 1" in found.pop("local-p")
    assert set(found.values()) == {"The weights of an output word sum to 1."}
    assert "none" not in found


def test_rows_of_a_network_that_copies_have_a_number() -> None:
    plain, copying = (GRUModel(attention="dot", copying=copying) for copying in (False, True))
    assert "copied" not in plain.attention_rows
    assert copying.attention_rows.endswith("is the probability that it is copied.")


def test_scores_on_dev_are_not_called_held_out() -> None:
    wildcards: Wildcards = Job
    assert "not held out" in plan("ablations").scored_on(wildcards)
    assert "not held out" not in plan("attentions").scored_on(wildcards)


def test_a_split_that_a_corpus_brings_is_not_called_free_of_leaks() -> None:
    facts = plan("tagging").facts()
    divisions = {name: found.division for name, found in facts.datasets.items()}
    assert divisions["ewt"] == "given"
    assert set(plan("tagging").proofs()) == {
        f"data/prepared/{name}/leakage.json"
        for name, division in divisions.items()
        if division in ("divided", "given test")
    }
    assert {found.division for found in plan("french").facts().datasets.values()} == {"divided"}
