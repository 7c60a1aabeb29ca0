"""Processes that srun starts. A program of the same name stands for it here."""

import sys
from pathlib import Path

import pytest

from nlpflow.training.launch import run_under_srun

pytestmark = [pytest.mark.long, pytest.mark.slow]

SRUN = """#!{python}
import os, subprocess, sys

count = int(sys.argv[1].removeprefix("--ntasks="))
assert sys.argv[2:4] == ["--kill-on-bad-exit=1", "--export=ALL"]
step = {{"SLURM_STEP_NUM_TASKS": str(count), "SLURM_STEP_NODELIST": "localhost"}}
step |= {{"SLURM_JOB_ID": str(os.getpid()), "SLURM_STEP_ID": "0"}}
tasks = [
    subprocess.Popen(
        sys.argv[4:],
        env=os.environ | step | {{"SLURM_PROCID": str(rank), "SLURM_LOCALID": str(rank)}},
    )
    for rank in range(count)
]
sys.exit(max(task.wait() for task in tasks))
"""
PROGRAM = """
import sys, torch
from nlpflow.training.processes import joined, own_place

with joined(own_place()) as processes:
    values = processes.sum(torch.tensor([processes.rank + 1.0]))
    with open(f"{sys.argv[1]}/{processes.rank}", "w") as file:
        print(values.item(), processes.from_first(processes.rank), file=file)
sys.exit(int(sys.argv[2]) if processes.rank else 0)
"""


@pytest.mark.parametrize("status", [0, 3])
def test_tasks_of_srun_join(status: int, tmp_path: Path) -> None:
    srun = tmp_path / "srun"
    srun.write_text(SRUN.format(python=sys.executable))
    srun.chmod(0o755)
    reason = run_under_srun(["-c", PROGRAM, str(tmp_path), str(status)], 2, str(srun))
    assert reason == (f"{srun} has ended with exit status 3" if status else "")
    assert [(tmp_path / f"{rank}").read_text() for rank in (0, 1)] == ["3.0 0\n"] * 2
