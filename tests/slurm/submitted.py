"""Snakemake that submits a project's jobs to the cluster, and the results that it leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from project import Project
from slurm.cluster import wait_for

SNAKEMAKE = [
    *(sys.executable, "-m", "snakemake", "--workflow-profile", "profiles/slurm"),
    # A cluster of one machine answers at once; everything else is the profile's.
    *("--slurm-init-seconds-before-status-checks", "3"),
]
NO_ACCOUNTING = "profiles/slurm/no-accounting"
"""What the profile says to put into PATH where there is no accounting database, as here."""
TRAINING = {"epochs": 300, "patience": 1_000_000, "batch_size": 32}
"""Long enough to be disturbed. Only a signal makes it save: checkpoint_minutes is an hour."""
TRAINING_JOB = "rule_train_translation_wildcards_additive_1"
"""The comment that Snakemake gives the job."""
RUN = Path("results/translation/additive/seed-1")
RESULTS = (
    "weights.safetensors",
    "history.tsv",
    "run.json",
    "test/metrics.json",
    "test/predictions.tsv",
)


class Submitted:
    """Snakemake at work in a project, killed at the latest when the `with` ends."""

    def __init__(self, project: Project, *options: str, config: str = "small"):
        self.project, self.log = project, project.folder / "snakemake.log"
        with self.log.open("w") as stream:
            self.process = subprocess.Popen(
                [*SNAKEMAKE, "--configfile", f"config/{config}.yaml", *options],
                cwd=project.folder,
                env=_environment(project.folder),
                stdout=stream,
                stderr=stream,
                start_new_session=True,
                preexec_fn=_mind_ctrl_c,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def output(self) -> str:
        """The end of what Snakemake printed."""
        return self.log.read_text()[-8000:]

    def interrupt(self) -> None:
        """Press Ctrl-C and wait for the end."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.end()

    def end(self) -> int:
        """Wait for the end; the exit status."""
        wait_for(lambda: self.process.poll() is not None, "the end of snakemake", 3600)
        return int(self.process.returncode)

    def succeed(self) -> None:
        """Wait for the end, which must be a good one."""
        assert self.end() == 0, self.output()


def _environment(folder: Path) -> dict[str, str]:
    """The project's own library, and its `sacct`."""
    path = f"{folder / NO_ACCOUNTING}:{os.environ['PATH']}"
    return os.environ | {"PYTHONPATH": str(folder / "workflow"), "PATH": path}


def _mind_ctrl_c() -> None:
    """A shell ignores SIGINT for what it starts in the background, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def results(project: Project) -> dict[str, bytes]:
    """What a run must leave the same, whatever happened meanwhile."""
    return {name: (project.folder / RUN / name).read_bytes() for name in RESULTS}


def resumed(project: Project) -> bool:
    """Whether the training that came to its end had gone on from a checkpoint."""
    log = project.folder / "logs/train/translation/additive.seed-1.log"
    return "resuming from the checkpoint" in log.read_text()


def set_epochs(project: Project, epochs: int) -> None:
    """Change the epochs that the run is asked for."""
    config = project.read_config()
    config["experiments"]["additive"]["training"]["epochs"] = epochs
    project.write_config(config)


def saved_epoch(project: Project) -> int:
    """The epoch in which the latest checkpoint was written."""
    folder = project.folder / "results/.checkpoints/translation/additive/seed-1"
    return max(int(path.name.split("-")[1]) for path in folder.glob("epoch-*.safetensors"))
