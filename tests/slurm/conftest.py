"""The cluster, a run that nobody disturbs, and one that is training and waits to be disturbed."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from project import Project, small_project
from slurm.cluster import Slurm, wait_for
from slurm.submitted import TRAINING, TRAINING_JOB, Submitted, set_epochs

LOGS = Path(".snakemake/slurm_logs/rule_train_translation/additive_1")


@dataclass(frozen=True)
class Undisturbed:
    """A run that came to its end, and what Slurm says of its jobs, by their comment."""

    project: Project
    jobs: dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    """A running cluster."""
    with Slurm(tmp_path_factory.mktemp("slurm")) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def undisturbed(slurm: Slurm, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The small config through the cluster, to its end."""
    project = small_project(tmp_path_factory.mktemp("undisturbed"))
    config = project.read_config()
    additive, plain = (config["experiments"][name] for name in ("additive", "plain"))
    additive["training"] = TRAINING
    additive["resources"] = {"gpu": 1, "mem_mb": 1500, "runtime": 20, "checkpoint_minutes": 60}
    plain["resources"] = {"threads": 2, "mem_mb": 1200, "runtime": 10}
    project.write_config(config)
    with Submitted(project) as submitted:
        submitted.succeed()
    return Undisturbed(project, {job["Comment"]: job for job in slurm.jobs() if "Comment" in job})


@pytest.fixture
def prepared(undisturbed: Undisturbed, tmp_path: Path) -> Project:
    """Another copy of the project, with its data and without its results."""
    return _copy(undisturbed.project, tmp_path / "project")


@pytest.fixture
def reference(undisturbed: Undisturbed, tmp_path: Path) -> Project:
    """One more, for a run without Slurm."""
    return _copy(undisturbed.project, tmp_path / "reference")


def _copy(project: Project, folder: Path) -> Project:
    copy = Project(folder)
    for name in ("data", "config", "mirror", ".snakemake"):
        shutil.copytree(project.folder / name, folder / name, dirs_exist_ok=True)
    shutil.rmtree(folder / ".snakemake/slurm_logs", ignore_errors=True)
    return copy


@dataclass(frozen=True)
class Training:
    """A job that trains."""

    submitted: Submitted
    job: str
    log: Path
    """What the job prints."""


@pytest.fixture
def training(slurm: Slurm, prepared: Project) -> Iterator[Training]:
    """A job that trains, halfway to its end."""
    with Submitted(prepared) as submitted:
        yield begun(submitted)


@pytest.fixture
def endless(
    undisturbed: Undisturbed, prepared: Project, request: pytest.FixtureRequest
) -> Iterator[Training]:
    """A job that would train for ever; `request.param` is what else `--set-resources` is told.

    Its time limit leaves three minutes after all that the undisturbed training took: the profile
    warns two to two and a half before.
    """
    job = undisturbed.jobs[TRAINING_JOB]
    hours, minutes, seconds = map(int, job["RunTime"].split(":"))
    limit = 60 * hours + minutes + 3 + bool(seconds)
    options = ("--set-resources", f"train_translation:runtime={limit}", *request.param)
    set_epochs(prepared, 1_000_000)
    with Submitted(prepared, *options) as submitted:
        yield begun(submitted)


def begun(submitted: Submitted) -> Training:
    """The training of `submitted`, once it is in its third epoch or later."""

    def log() -> Path | None:
        assert submitted.process.poll() is None, submitted.output()
        logs = sorted((submitted.project.folder / LOGS).glob("*.log"))
        return next((path for path in logs if re.search(r"epoch [3-9]", path.read_text())), None)

    path = wait_for(log, "a job that trains")
    return Training(submitted, path.stem, path)
