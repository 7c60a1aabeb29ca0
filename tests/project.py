"""A copy of the project with a small config of its own, and Snakemake to run there."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import yaml

import forked

ROOT = Path(__file__).parents[1]
PARTS = [
    "Snakefile",
    "rules",
    "workflow",
    "config",
    "profiles",
    "lessons",
    "data/sample",
    "pyproject.toml",
]
SMALL = ("--configfile", "config/small.yaml")
ADDRESS = "https://example.org/small/fra-eng.zip"


def snakemake_in(
    folder: Path, *arguments: str, library: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Snakemake in a folder, with the library of a project and not the installed one."""
    return forked.run("snakemake.cli", folder, library, ["--cores", "2", *arguments])


def counted(result: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The jobs of a dry run, by rule; the default target is left out."""
    assert result.returncode == 0, result.stderr + result.stdout
    lines = iter((result.stdout + result.stderr).splitlines())
    jobs = {}
    for line in lines:
        if line.startswith("Job stats:"):
            next(lines), next(lines)
            for row in lines:
                name, _, count = row.partition(" ")
                if name in ("total", ""):
                    break
                jobs[name] = int(count)
    targets = ("all", "default", "nlpflow_all", "nlpflow_default")
    return {name: count for name, count in jobs.items() if name not in targets}


class Project:
    """A folder with the project in it, and Snakemake to run there."""

    def __init__(self, folder: Path):
        self.folder = folder
        for part in PARTS:
            source, target = ROOT / part, folder / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(source, target, ignore=ignore)
            else:
                shutil.copy2(source, target)

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return snakemake_in(self.folder, *arguments, library=self.folder)

    def snakemake_afresh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """In a Python that has imported nothing yet, as a user starts it."""
        return subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder / "workflow")},
            capture_output=True,
            text=True,
            check=False,
        )

    def nlpflow(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return forked.run("nlpflow.cli", self.folder, self.folder, arguments, stdin)

    def jobs(self, *arguments: str) -> dict[str, int]:
        """The jobs that a run would do now, by rule; `all` is left out."""
        return counted(self.snakemake("-n", *arguments))

    def read_config(self) -> dict:
        return json.loads((self.folder / "config/small.yaml").read_text())

    def write_config(self, config: dict) -> None:
        (self.folder / "config/small.yaml").write_text(json.dumps(config))


def small_config() -> dict:
    experiment = {
        "task": "translation",
        "vocabulary": "small",
        "model": {"attention": "additive", "embedding": 8, "hidden": 8},
        "training": {"epochs": 2, "batch_size": 32},
        "figures": {"sentences": ["Je suis fatigué.", "Elle est xyzzy !"], "sample": 1},
    }
    plain = experiment | {"model": {"attention": "none", "embedding": 8, "hidden": 8}}
    return {
        "name": "small",
        "registry": "config/small-corpora.yaml",
        "mirror": "mirror",
        "datasets": {
            "small": {"kind": "pairs", "corpus": "small", "source": "fra", "target": "eng"}
        },
        "vocabularies": {"small": {"dataset": "small"}},
        "experiments": {"additive": experiment | {"compare_with": "plain"}, "plain": plain},
    }


def small_project(folder: Path) -> Project:
    """A copy with `config/small.yaml`, its registry, and its corpus in a mirror."""
    project = Project(folder)
    mirror = folder / "mirror/example.org/small/fra-eng.zip"
    mirror.parent.mkdir(parents=True)
    with zipfile.ZipFile(folder / "data/sample/fra-eng.zip") as archive:
        lines = archive.read("fra.txt").decode().splitlines(keepends=True)
    text = "".join(lines[::40])
    with zipfile.ZipFile(mirror, "w") as archive:
        archive.writestr("fra.txt", text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    version = {"date": "2020-02-02", "pairs": len(lines[::40]), "sha256": digest}
    registry = yaml.safe_load((folder / "config/corpora.yaml").read_text())
    file = {"address": ADDRESS, "member": "fra.txt", "version": version}
    corpus = registry["sample-fra-eng"] | {"files": [file]}
    del corpus["annotations"]
    (folder / "config/small-corpora.yaml").write_text(yaml.safe_dump({"small": corpus}))
    project.write_config(small_config())
    return project
