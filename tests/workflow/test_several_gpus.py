"""The rule that trains starts a process per GPU, and refuses where there are too few."""

import json
from pathlib import Path

import pytest

from project import small_project

pytestmark = pytest.mark.slow

TARGET = "results/translation/additive/seed-1/card.json"
PRETENDED = """
from pathlib import Path

if "train.py" in Path("/proc/self/cmdline").read_text():
    import torch

    torch.cuda.device_count = lambda: 2
"""
"""Python runs this at its start: training sees two GPUs, but uses the CPU, because none works."""


def test_two_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A pod of a cluster may have these, and not all that torchrun sets; the config decides.
    monkeypatch.setenv("WORLD_SIZE", "3")
    monkeypatch.setenv("RANK", "1")
    project = small_project(tmp_path)
    config = project.read_config()
    config["experiments"]["additive"]["resources"] = {"gpu": 2}
    project.write_config(config)
    command = ("--configfile", "config/small.yaml", "--cores", "2", TARGET)
    log = tmp_path / "logs/train/translation/additive.seed-1.log"

    assert project.snakemake(*command).returncode != 0
    (line,) = log.read_text().splitlines()
    assert line.startswith("error: additive seed 1: resources.gpu is 2, but torch sees 0 here; ")

    (tmp_path / "workflow/sitecustomize.py").write_text(PRETENDED)
    result = project.snakemake(*command)
    assert result.returncode == 0, result.stderr
    assert json.loads((tmp_path / TARGET).read_text())["processes"] == 2
    assert log.read_text().count("additive seed 1: epoch ") == 2, "the first process alone writes"
