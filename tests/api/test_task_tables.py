"""Tables by task or family: every task has its entries, and a new one without them is told so."""

from dataclasses import replace
from pathlib import Path

import pytest

import nlpflow
from nlpflow.errors import UserError
from nlpflow.export.card import front_matter
from nlpflow.export.onnx_folder import EXPORTS, NO_GRAPH, export_to_onnx
from nlpflow.playground.describe import FAMILIES, Unplayable, describe
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import read_json, write_json
from playground.made_runs import facts
from untrained import language_run

FAMILY_OF = {name: spec.family for name, spec in TASKS.items()}


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_family_and_a_name_on_hubs(task: str) -> None:
    spec = TASKS[task]
    assert spec.family in FAMILIES
    assert spec.family in EXPORTS.keys() | NO_GRAPH.keys()
    assert spec.pipeline
    assert (spec.prompt == "Text") == (task in ("language_id", "embeddings"))


def test_the_families() -> None:
    assert {family: [t for t in TASKS if FAMILY_OF[t] == family] for family in FAMILIES} == {
        "seq2seq": ["translation", "bash", "frames", "questions", "chat"],
        "labelling": ["tagging", "entities"],
        "language_id": ["language_id"],
        "embeddings": ["embeddings"],
    }


def test_a_new_task_without_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = replace(TASKS["language_id"], name="guess", family="", pipeline="")
    monkeypatch.setitem(TASKS, "guess", spec)
    run = language_run(tmp_path / "guess/e/seed-1", "words")
    values = read_json(run / "run.json")
    write_json(run / "run.json", values | {"settings": values["settings"] | {"task": "guess"}})
    with pytest.raises(UserError, match="load has no class for task guess; add one"):
        nlpflow.load(run)
    with pytest.raises(UserError, match="of task 'guess'; its networks have no ONNX form"):
        export_to_onnx(run, "a card", tmp_path / "exported")
    with pytest.raises(Unplayable, match="the page cannot run models of task guess"):
        describe(run, facts(("guess", "e")))
    matter = front_matter("A guess", "guess", "data", ["eng"], {}, [], {"test": {"accuracy": 1.0}})
    assert "pipeline_tag" not in matter
    assert matter["model-index"][0]["results"][0]["task"] == {"type": "guess"}
