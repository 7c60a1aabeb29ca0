"""The place of a process among others, as torchrun and Slurm tell it."""

import os

import pytest
import torch

from nlpflow.errors import UserError
from nlpflow.training.launch import check_gpus, launch
from nlpflow.training.processes import ALONE, Place, current, joined, own_place

TORCHRUN = {"RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1"}
BATCH = {"SLURM_JOB_ID": "12001", "SLURM_NTASKS": "8", "SLURM_PROCID": "0", "SLURM_LOCALID": "0"}
"""What Slurm tells the batch script of a job: it is none of the job's tasks."""
TASK = BATCH | {"SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5", "SLURM_LOCALID": "1"}
TASK |= {"SLURM_STEP_ID": "2"}


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
def test_place(given: dict[str, str], place: Place | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*TORCHRUN, *(name for name in os.environ if name.startswith("SLURM_"))]:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert own_place() == place


def test_a_single_process_exchanges_nothing() -> None:
    values = torch.arange(3.0)
    with joined() as processes:
        assert processes is ALONE is current()
        assert processes.sum(values) is values
        assert processes.from_first(values) is values
        assert processes.agree("SIGTERM", False) == ("SIGTERM", False)
        assert processes.generator is torch.default_generator


def test_too_few_gpus_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    check_gpus(2, "e seed 1")
    with pytest.raises(UserError) as error:
        launch(["no-program"], 4, "e seed 1")
    assert str(error.value) == (
        "e seed 1: resources.gpu is 4, but torch sees 2 here; set it to at most 2, or run the "
        "training where there are 4 (docs/cluster.md)"
    )
