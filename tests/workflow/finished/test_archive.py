"""The archive of the small config: complete, described, and without the machine's folders."""

import json
import shutil
import zipfile
from pathlib import Path

from rocrate.rocrate import ROCrate

from project import Project
from workflow.finished.test_run import RUN


def test_archive(finished: Project) -> None:
    result = finished.nlpflow("archive", "config/small.yaml")
    assert result.returncode == 0, result.stderr
    file = finished.folder / "results/small.zip"
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        metadata = archive.read("ro-crate-metadata.json").decode()
        pins = archive.read("requirements.txt").decode()
    assert {
        "config/small.yaml",
        "config/small-corpora.yaml",
        "results/small.html",
        "results/compare/small/translation/runs.tsv",
        f"{RUN}/card.json",
        f"{RUN}/test/metrics.json",
        f"{RUN}/figures/curves.svg",
    } <= names
    assert not [name for name in names if name.endswith(".safetensors") or "predictions" in name]
    assert str(finished.folder) not in metadata
    assert "torch==" in pins
    runs = [e for e in json.loads(metadata)["@graph"] if e["@type"] == "CreateAction"]
    assert len(runs) == 2
    assert ROCrate(file).name == "nlpflow: results of the config small"  # other tools can read it


def test_config_from_elsewhere(finished: Project, tmp_path: Path) -> None:
    for name in ("small.yaml", "small-corpora.yaml"):
        shutil.copy2(finished.folder / "config" / name, tmp_path / name)
    config = finished.read_config() | {"registry": str(tmp_path / "small-corpora.yaml")}
    (tmp_path / "small.yaml").write_text(json.dumps(config))
    file = tmp_path / "small.zip"
    result = finished.nlpflow("archive", str(tmp_path / "small.yaml"), "--output", str(file))
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(file) as archive:
        assert {"config/small.yaml", "config/small-corpora.yaml"} <= set(archive.namelist())


def test_archive_before_a_run(finished: Project) -> None:
    config = finished.folder / "config/unrun.yaml"
    config.write_text(json.dumps(finished.read_config() | {"name": "unrun"}))
    result = finished.nlpflow("archive", "config/unrun.yaml")
    config.unlink()
    assert result.returncode == 1
    assert result.stderr == (
        "nlpflow: results/compare/unrun is missing: run the workflow with this config first\n"
    )
