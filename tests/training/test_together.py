"""Several processes train one run as a single process does, and stop and go on together."""

import signal
import time
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import save

from training.together import INFINITE, Fault, Small

pytestmark = pytest.mark.long

SHORTENED = {"clip_norm": 0.05, "accumulate": 2, "schedule": "cosine"}
"""Gradients are clipped at nearly every update, over two batches of unequal numbers of tokens."""
TASKS = {
    # Forced or free-running at random, 25 pairs: the batch of one pair leaves a process without.
    "translation": {"teacher_forcing": 0.5, **SHORTENED},
    # 23 sentences.
    "tagging": {"average": 2, **SHORTENED},
}


def assert_alike(one: Small, other: Small) -> None:
    weights, others = one.weights(), other.weights()
    assert weights.keys() == others.keys()
    for name, weight in weights.items():
        torch.testing.assert_close(weight, others[name], rtol=0, atol=1e-6)
    pd.testing.assert_frame_equal(one.history(), other.history(), rtol=0, atol=1e-6)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Small]:
    """Every task trained by one process."""
    found = {}
    for task, training in TASKS.items():
        found[task] = Small(task, tmp_path_factory.mktemp(task), training)
        assert found[task].run(1) == [0], found[task].said()
    return found


@pytest.mark.parametrize(("task", "count"), [("translation", 2), ("tagging", 2), ("tagging", 3)])
def test_several_processes_equal_one(
    task: str, count: int, alone: dict[str, Small], tmp_path: Path
) -> None:
    together = Small(task, tmp_path, TASKS[task])
    assert together.run(count) == [0] * count, together.said()
    assert_alike(together, alone[task])


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 1)])
def test_another_number_of_processes_goes_on(
    before: int, after: int, alone: dict[str, Small], tmp_path: Path
) -> None:
    """The signal reaches one process; all of them stop at the same update."""
    together = Small("translation", tmp_path, TASKS["translation"])
    stopped = Fault(rank=before - 1, loss=5, number=signal.SIGUSR1)
    assert together.run(before, stopped) == [75] * before, together.said()
    assert "SIGUSR1: saved in" in together.said()
    assert together.run(after) == [0] * after, together.said()
    assert_alike(together, alone["translation"])
    assert (tmp_path / "processes").read_text() == f"({before}, {after})"


@pytest.mark.parametrize("killed", [0, 1])
def test_a_process_is_killed(killed: int, tmp_path: Path) -> None:
    """The other one ends at once; from the checkpoint both go on to the very same bytes."""
    settings = {"training": TASKS["translation"], "dropout": 0.3}
    undisturbed = Small("translation", tmp_path / "undisturbed", **settings)
    assert undisturbed.run(2) == [0, 0], undisturbed.said()
    together = Small("translation", tmp_path / "killed", **settings, minutes=0)
    began = time.monotonic()
    ends = together.run(2, Fault(rank=killed, loss=10))
    assert time.monotonic() - began < 120
    assert (ends[killed], ends[1 - killed]) == (-signal.SIGKILL, 1)
    lines = [line for rank in (0, 1) for line in together.said(rank).splitlines()]
    assert len(lines) == killed  # the first process says it, if it can
    assert all("one of the 2 processes of this training has ended" in line for line in lines)
    assert together.run(2) == [0, 0], together.said()
    assert save(together.weights()) == save(undisturbed.weights())
    assert together.history().equals(undisturbed.history())


def test_an_error_of_one_process_is_said_by_it(tmp_path: Path) -> None:
    together = Small("tagging", tmp_path, TASKS["tagging"])
    assert together.run(2, Fault(rank=1, loss=3, number=0)) == [1, 1]
    assert together.said(1).splitlines() == ["process 1: a file is missing on node 1"]
    (line,) = together.said(0).splitlines()
    assert line.startswith("one of the 2 processes of this training has ended: its own message")


def test_an_error_of_all_processes_is_said_once(tmp_path: Path) -> None:
    together = Small("tagging", tmp_path, TASKS["tagging"])
    assert together.run(2, Fault(rank=1, loss=3, number=INFINITE)) == [1, 1]
    (line,) = together.said(0).splitlines()
    assert "lower training.learning_rate" in line
    assert together.said(1) == ""
