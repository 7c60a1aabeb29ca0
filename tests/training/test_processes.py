"""The place of a process among others, as torchrun and Slurm tell it."""

import os
from collections.abc import Callable

import pytest
import torch

from nlpflow.errors import UserError
from nlpflow.training.launch import check_gpus, launch
from nlpflow.training.processes import (
    ALONE,
    STATUS_FILE,
    Place,
    current,
    joined,
    launched_place,
    own_place,
)

TORCHRUN = {"RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1"}
TORCHRUN |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"}
BATCH = {"SLURM_JOB_ID": "12001", "SLURM_NTASKS": "8", "SLURM_PROCID": "0", "SLURM_LOCALID": "0"}
"""What Slurm tells the batch script of a job: it is none of the job's tasks."""
TASK = BATCH | {"SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5", "SLURM_LOCALID": "1"}
TASK |= {"SLURM_STEP_ID": "2"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Sets these variables, and none of torchrun's and Slurm's others."""

    def set_to(given: dict[str, str]) -> None:
        slurm = [name for name in os.environ if name.startswith("SLURM_")]
        for name in [*TORCHRUN, *slurm, STATUS_FILE]:
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    return set_to


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, None),
        ({"WORLD_SIZE": "1", "RANK": "0", "LOCAL_RANK": "0"}, None),
        (TORCHRUN, Place(5, 8, 1, "env://")),
        (BATCH, None),
        (BATCH | {"SLURM_STEP_NUM_TASKS": "1", "SLURM_STEP_ID": "0"}, None),
        (TASK | {"SLURM_STEP_NODELIST": "gpu7"}, Place(5, 8, 1, "tcp://gpu7:20003")),
        (TASK | {"SLURM_STEP_NODELIST": "gpu[03-05,09],x1"}, Place(5, 8, 1, "tcp://gpu03:20003")),
        (TASK | {"SLURM_STEP_NODELIST": "a1-n[2,5]"}, Place(5, 8, 1, "tcp://a1-n2:20003")),
        (TASK | {"SLURM_STEP_NODELIST": "one,gpu[1-3]"}, Place(5, 8, 1, "tcp://one:20003")),
        # One task of a step that starts torchrun.
        (BATCH | TORCHRUN, Place(5, 8, 1, "env://")),
    ],
)
def test_place(
    given: dict[str, str], place: Place | None, environment: Callable[[dict[str, str]], None]
) -> None:
    environment(given)
    assert own_place() == place
    assert launched_place() is None, "nlpflow has not started this process"
    environment(given | {STATUS_FILE: "/tmp/status"})
    assert launched_place() == place


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (
            {"WORLD_SIZE": "8", "RANK": "5"},
            "the environment has WORLD_SIZE=8, but not LOCAL_RANK, MASTER_ADDR, MASTER_PORT: start "
            "the processes with torchrun, which sets all of these, or unset WORLD_SIZE to train "
            "with one process",
        ),
        (
            TASK,
            "the environment has SLURM_STEP_NUM_TASKS=8, but not SLURM_STEP_NODELIST: start the "
            "tasks with srun, which sets all of these, or unset SLURM_STEP_NUM_TASKS to train with "
            "one process",
        ),
        (
            {"WORLD_SIZE": "two"},
            "the environment variable WORLD_SIZE is 'two', not a number: unset it",
        ),
    ],
)
def test_an_incomplete_environment(
    given: dict[str, str], error: str, environment: Callable[[dict[str, str]], None]
) -> None:
    environment(given)
    with pytest.raises(UserError) as raised:
        own_place()
    assert str(raised.value) == error
    assert launched_place() is None, "a pod may have such variables for another purpose"


def test_a_single_process_exchanges_nothing() -> None:
    values = torch.arange(3.0)
    with joined(None) as processes:
        assert processes is ALONE is current()
        assert processes.sum(values) is values
        assert processes.from_first(values) is values
        assert processes.agree("SIGTERM", False) == ("SIGTERM", False)
        assert processes.generator is torch.default_generator


@pytest.mark.parametrize("rank", [0, 1])
def test_a_task_of_one_process(rank: int, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused before the processes wait for each other, and the first one says so."""
    place = Place(rank, 2, rank, "env://")
    with (
        pytest.raises(SystemExit if rank else UserError) as ended,
        joined(place, single="sample-words seed 1"),
    ):
        raise AssertionError("not reached")
    message = (
        "sample-words seed 1: this task trains with one process, but 2 were started: start it "
        "without torchrun or srun"
    )
    assert str(ended.value) == ("1" if rank else message)


def test_too_few_gpus_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    check_gpus(2, "e seed 1")
    with pytest.raises(UserError) as error:
        launch(["no-program"], 4, "e seed 1")
    assert str(error.value) == (
        "e seed 1: resources.gpu is 4, but torch sees 2 here; set it to at most 2, or run the "
        "training where there are 4 (docs/cluster.md)"
    )
