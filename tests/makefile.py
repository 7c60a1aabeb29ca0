"""A copy of the project with everything that make and the pages' commands need, and make there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from project import ROOT, Project

PARTS = (
    "Makefile",
    "constraints.txt",
    "README.md",
    "LICENSE",
    "CITATION.cff",
    "results/reference",
    "docs",
    "tools",
)


def whole_project(folder: Path) -> Project:
    """A copy whose `.venv` is this Python's and up to date, so that make installs nothing."""
    project = Project(folder)
    for part in PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    (folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    (folder / ".venv/ready").touch()
    return project


def make(project: Project, *arguments: str) -> str:
    """What make prints there, with the copy's library; it must succeed."""
    result = subprocess.run(
        ["make", *arguments, "CORES=2"],
        cwd=project.folder,
        env=os.environ | {"PYTHONPATH": str(project.folder / "workflow")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout
