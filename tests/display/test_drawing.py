"""What the display shows of jobs, at every size of a terminal."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from nlpflow.jobs import JobStatus, StatusFile
from snakemake_logger_plugin_nlpflow.running import Jobs, drawing, name_of

STATUS = JobStatus(
    "epoch 3/20", 0.1, ("loss 2.500", "dev bleu 12.25", "12,345 tokens/s"), 61.4, 3600.0
)


def start(jobs: Jobs, number: int, rule: str, log: Path, **wildcards: str) -> None:
    record = SimpleNamespace(jobid=number, rule_name=rule, wildcards=wildcards, log=[str(log)])
    jobs.start(record)


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    jobs = Jobs(total=9, done=2)
    start(jobs, 1, "evaluate", tmp_path / "evaluate.log", test_set="test")
    for number in (2, 3):
        log = tmp_path / f"plain.seed-{number}.log"
        start(jobs, number, "train", log, experiment="plain" * (number - 1), seed=str(number))
        StatusFile(log).show(STATUS)
    return jobs


def test_a_wide_terminal_has_columns(jobs: Jobs) -> None:
    status = "epoch 3/20  loss 2.500  dev bleu 12.25  12,345 tokens/s  0:01:01 elapsed"
    assert drawing(jobs, 130, 20) == [
        "2 of 9 jobs done, 3 running, 4 left, 0:00:00",
        f"  train plain seed 2       {status}  at most 1:00:00 left",
        f"  train plainplain seed 3  {status}  at most 1:00:00 left",
        "  evaluate test            0:00:00",
    ]


def test_a_narrow_terminal_has_every_figure(jobs: Jobs) -> None:
    lines = drawing(jobs, 40, 40)
    assert max(map(len, lines)) <= 40
    status = [
        "    epoch 3/20  loss 2.500",
        "    dev bleu 12.25  12,345 tokens/s",
        "    0:01:01 elapsed",
        "    at most 1:00:00 left",
    ]
    assert lines == [
        "2 of 9 jobs done, 3 running, 4 left,",
        "0:00:00",
        *("  train plain seed 2", *status),
        *("  train plainplain seed 3", *status),
        "  evaluate test  0:00:00",
    ]


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("height", [5, 6, 10, 24])
def test_many_jobs_do_not_leave_the_screen(tmp_path: Path, width: int, height: int) -> None:
    jobs = Jobs(total=200)
    for number in range(100):
        start(jobs, number, "train", tmp_path / f"{number}.log", seed=str(number))
    lines = drawing(jobs, width, height)
    assert len(lines) <= height
    shown = sum(line.startswith("  train") for line in lines)
    assert lines[-1] == f"  and {100 - shown} more"


def test_nothing_runs() -> None:
    assert drawing(Jobs(total=3, done=3), 80, 24) == [
        "3 of 3 jobs done, 0 running, 0 left, 0:00:00"
    ]


def test_a_status_of_a_job_that_was_killed_is_not_shown(tmp_path: Path) -> None:
    log = tmp_path / "plain.seed-1.log"
    StatusFile(log).show(STATUS)
    hour_ago = time.time() - 3600
    os.utime(StatusFile(log).path, (hour_ago, hour_ago))
    jobs = Jobs(total=1)
    start(jobs, 1, "train", log)
    assert drawing(jobs, 120, 20)[1:] == ["  train  0:00:00"]


def test_status_is_written_once_a_second_and_at_every_step(tmp_path: Path) -> None:
    file = StatusFile(tmp_path / "plain.seed-1.log")
    for step, elapsed in (("epoch 1/2", 1.0), ("epoch 1/2", 2.0), ("epoch 2/2", 3.0)):
        file.show(JobStatus(step, 0.5, (), elapsed, None))
        written = json.loads((tmp_path / "plain.seed-1.status.json").read_text())
        assert written["elapsed"] == (3.0 if step == "epoch 2/2" else 1.0)
    file.remove()
    assert list(tmp_path.iterdir()) == []


def test_names() -> None:
    assert name_of("train", {"experiment": "plain", "seed": "1"}) == "train plain seed 1"
    assert name_of("all", {}) == "all"


def test_failure_shows_the_end_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "plain.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)) + "error: broken\n")
    jobs = Jobs(total=2)
    start(jobs, 1, "train", log, seed="1")
    record = SimpleNamespace(
        jobid=1, rule_name="train", aux={"slurm": 7}, shellcmd=None, log=[str(log)]
    )
    lines = jobs.failure(record).splitlines()
    assert lines[:4] == [
        "Error in train seed 1:",
        "    slurm: 7",
        "    (61 lines before)",
        "    line 61",
    ]
    assert lines[-2:] == ["    error: broken", f"    log: {log}"]
    assert jobs.summary() == "0 of 2 jobs done, 1 failed in 0:00:00"
    start(jobs, 1, "train", log, seed="1")  # tried again
    assert jobs.finish(1) == "done train seed 1 in 0:00:00: 1 of 2 jobs done"


def test_jobs_that_snakemake_was_asked_not_to_name() -> None:
    assert Jobs(total=2).finish(1) == "1 of 2 jobs done"


def test_every_start_of_snakemake_imports_little() -> None:
    code = (
        "import sys, snakemake_logger_plugin_nlpflow; "
        "sys.exit(', '.join({'rich', 'nlpflow', 'torch'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
