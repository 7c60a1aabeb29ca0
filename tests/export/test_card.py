"""The model card: scores of the exported weights only, and the licences of all that is in them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from made_card import made_card, settings_of
from nlpflow.errors import UserError
from nlpflow.export.card import model_card
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import Plan
from nlpflow.tables import read_json, write_json
from project import ROOT

CONFIG = ROOT / "config/config.yaml"
NAME = "sample-tagger-vectors"


@pytest.fixture(scope="module")
def plan() -> Plan:
    values = read_yaml(CONFIG)
    values["experiments"][NAME]["test_sets"] = ["test", "dev"]
    config, registry = load_config(values, ROOT)
    return Plan(config, registry, ROOT)


@pytest.fixture
def run(plan: Plan, tmp_path: Path) -> Path:
    """What the card reads of a trained and evaluated run."""
    write_json(tmp_path / "card.json", made_card(plan, NAME))
    values = {"experiment": NAME, "languages": ["eng"], "weights": "now"}
    values["settings"] = settings_of(plan, NAME)
    write_json(tmp_path / "run.json", values)
    scores = {"accuracy": 91.25, "accuracy_bigrams": 92.0}
    for test_set, factor in (("test", 1.0), ("dev", 0.5), ("older", 0.25)):
        (tmp_path / test_set).mkdir()
        given = {name: factor * value for name, value in scores.items()}
        add_scores(tmp_path / test_set, given)
    return tmp_path


def add_scores(folder: Path, scores: dict[str, Any], weights: str = "now") -> None:
    metrics = {"data": {"weights": weights}, "scores": scores, "settings": {}}
    write_json(folder / "metrics.json", metrics)


def test_scores_and_licences(plan: Plan, run: Path) -> None:
    _, front, text = model_card(run, plan, CONFIG, "hub").split("---\n", 2)
    matter = yaml.safe_load(front)
    assert matter["datasets"] == ["sample-tagged", "sample-sentences"]
    assert matter["language"] == ["eng"]
    assert matter["pipeline_tag"] == "token-classification"
    (index,) = matter["model-index"]
    assert [one["dataset"]["split"] for one in index["results"]] == ["test"]
    assert [one["value"] for one in index["results"][0]["metrics"]] == [91.25]
    scores = text.split("## Held-out scores\n")[1].split("##")[0]
    assert [line for line in scores.splitlines() if line][2:] == ["| test | accuracy | 91.25 |"]
    data = text.split("## Data\n")[1].split("##")[0]
    for name in ("sample-tagged", "sample-sentences"):
        corpus = plan.registry[name]
        assert f"- {corpus.title}. Licence: {corpus.licence}." in data


def test_scores_of_other_weights_are_refused(plan: Plan, run: Path) -> None:
    add_scores(run / "test", {"accuracy": 99.0}, weights="before")
    with pytest.raises(UserError, match="its weights have no held-out scores; run the workflow"):
        model_card(run, plan, CONFIG, "hub")


def test_another_weight_file_has_no_scores(plan: Plan, run: Path) -> None:
    write_json(run / "run.json", read_json(run / "run.json") | {"weights": "trained again"})
    with pytest.raises(UserError, match="its weights have no held-out scores; run the workflow"):
        model_card(run, plan, CONFIG, "hub")
