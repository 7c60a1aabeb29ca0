"""`nlpflow.load`: the class of each task, and folders that are no runs."""

import json
from pathlib import Path
from typing import get_args

import pytest

import nlpflow
from nlpflow.api import RUNS, TrainedRun
from nlpflow.errors import UserError
from nlpflow.settings.tasks import TASKS


def test_every_task_has_a_class() -> None:
    assert RUNS.keys() == TASKS.keys()
    assert set(RUNS.values()) == set(get_args(TrainedRun))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is not a trained run: run.json is missing; a run is a folder like"),
        ({}, "damaged: run.json names no known task"),
        ([], "damaged: run.json names no known task"),
        ({"settings": {"task": "guess"}}, "damaged: run.json names no known task"),
        ({"settings": {"task": "tagging"}}, "is not a trained run: weights.safetensors is missing"),
    ],
)
def test_no_run(tmp_path: Path, content: object, message: str) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(json.dumps(content))
    if "damaged" in message:
        (tmp_path / "weights.safetensors").touch()
    with pytest.raises(UserError) as refused:
        nlpflow.load(tmp_path)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
