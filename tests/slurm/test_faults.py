"""Whatever disturbs a run on the cluster, it ends in the bytes of the run that nobody disturbed."""

import subprocess
import time

import pytest

from slurm.cluster import Slurm, wait_for
from slurm.submitted import (
    TRAINING_JOB,
    Submitted,
    results,
    resumed,
    saved_epoch,
    set_epochs,
)


def state(slurm: Slurm, job: str) -> str:
    return next((found["JobState"] for found in slurm.jobs() if found["JobId"] == job), "")


def ends_like(submitted: Submitted, undisturbed) -> None:
    submitted.succeed()
    assert results(submitted.project) == results(undisturbed.project)


def test_training_is_cancelled(slurm, undisturbed, training):
    subprocess.run(["scancel", training.job], check=True)
    wait_for(lambda: state(slurm, training.job) == "CANCELLED", "the end of the job")
    ends_like(training.submitted, undisturbed)
    assert "SIGTERM: saved in" in training.log.read_text()
    assert resumed(training.submitted.project)


def test_node_is_drained_and_resumed(slurm, undisturbed, training):
    node = f"nodename={slurm.host}"
    subprocess.run(["scontrol", "update", node, "state=drain", "reason=test"], check=True)
    try:
        # The training goes on; what comes after it has to wait.
        wait_for(lambda: state(slurm, training.job) == "COMPLETED", "the end of the training")
        wait_for(lambda: "PENDING" in slurm.query("squeue", "-h", "-o", "%T"), "a waiting job")
        assert "drain" in slurm.query("sinfo", "-h", "-o", "%T")
    finally:
        subprocess.run(["scontrol", "update", node, "state=resume"], check=True)
    ends_like(training.submitted, undisturbed)


def test_controller_is_restarted(slurm, undisturbed, training):
    slurm.kill_controller()
    try:
        time.sleep(10)  # Snakemake asks for the job's state meanwhile, and gets no answer
    finally:
        slurm.start_controller()
    assert state(slurm, training.job) in ("RUNNING", "COMPLETED")
    ends_like(training.submitted, undisturbed)
    # The plugin keeps the logs of jobs that failed, and no others.
    assert not list(training.log.parent.parent.glob("*/*.log")), "a job was tried again"


def test_snakemake_is_interrupted(slurm, undisturbed, training):
    training.submitted.interrupt()
    assert training.submitted.process.returncode != 0
    wait_for(lambda: not slurm.query("squeue", "-h"), "an empty queue")
    assert "SIGTERM: saved in" in training.log.read_text()
    with Submitted(training.submitted.project) as again:
        ends_like(again, undisturbed)
    assert resumed(again.project)


@pytest.mark.parametrize(
    ("endless", "ends", "message"),
    [
        # What the profile says: a signal two minutes before.
        ([], "FAILED", "SIGUSR1: saved in"),
        (["train_translation:slurm_extra=''"], "TIMEOUT", "SIGTERM: saved in"),
    ],
    indirect=["endless"],
    ids=["warned", "not-warned"],
)
def test_training_is_over_its_time_limit(slurm, endless, ends, message, reference):
    """The profile tries it again, and it goes on from where it was saved."""
    wait_for(lambda: state(slurm, endless.job) not in ("RUNNING", "COMPLETING"), "the time limit")
    project = endless.submitted.project
    for either in (project, reference):  # the next try reads the config when it starts
        set_epochs(either, saved_epoch(project) + 1)
    assert state(slurm, endless.job) == ends
    assert message in endless.log.read_text()
    endless.submitted.succeed()
    tries = [job for job in slurm.jobs() if job["WorkDir"] == str(project.folder)]
    assert sum(job.get("Comment") == TRAINING_JOB for job in tries) >= 2
    assert resumed(project)
    result = reference.snakemake("--configfile", "config/small.yaml")  # without Slurm
    assert result.returncode == 0, result.stderr
    assert results(project) == results(reference)
