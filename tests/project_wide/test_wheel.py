"""The wheel has library, display and command, and says that the workflow is elsewhere."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from faults.tiny import LANGUAGES, write_config, write_data
from nlpflow import VERSION
from project import ROOT

pytestmark = pytest.mark.long


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, by the build tool that is installed: without network."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, folder / name)
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "workflow", folder / "workflow", ignore=ignore)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with nlpflow in it; the others are those of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-compile", "--no-deps", "--no-index", "--target", folder, wheel)
    return folder


def nlpflow(
    installed: Path, folder: Path, *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """The installed command, in a folder outside the repository."""
    return subprocess.run(
        [installed / "bin/nlpflow", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(installed), "OMP_NUM_THREADS": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


WEB = ROOT / "workflow/nlpflow/playground/web"


def test_the_wheel_has_the_library_the_display_and_nothing_else(wheel: Path) -> None:
    workflow = ROOT / "workflow"
    packages = (workflow / "nlpflow", workflow / "snakemake_logger_plugin_nlpflow")
    expected = {
        str(path.relative_to(workflow)) for package in packages for path in package.rglob("*.py")
    }
    about = f"nlpflow-{VERSION}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(f"{about}/entry_points.txt").decode()
    assert {name for name in names if not name.startswith(about)} == {
        *expected,
        "nlpflow/py.typed",
        *(f"nlpflow/playground/web/{file.name}" for file in WEB.iterdir()),
    }
    assert f"{about}/licenses/LICENSE" in names
    assert "nlpflow = nlpflow.cli:main" in entry_points


def test_help_says_where_the_workflow_is(installed: Path, tmp_path: Path) -> None:
    said = nlpflow(installed, tmp_path, "--help")
    assert said.returncode == 0, said.stderr
    text = " ".join(said.stdout.split())
    assert "the workflow itself needs a clone of nlpflow's repository" in text


def test_a_verb_works_outside_the_repository(installed: Path, tmp_path: Path) -> None:
    write_data(tmp_path)
    write_config(tmp_path)
    trained = nlpflow(
        installed, tmp_path, "train", LANGUAGES, "--configfile", "config.yaml", "--output", "run"
    )
    assert trained.returncode == 0, trained.stderr
    said = nlpflow(installed, tmp_path, "identify", "run", "a sentence")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.split("\t")[0] in ("eng", "fra")


def test_init_says_what_it_needs(installed: Path, tmp_path: Path) -> None:
    said = nlpflow(installed, tmp_path, "init", "languages")
    assert said.returncode == 1
    assert "clone nlpflow's repository" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_config_of_the_repository_is_missed_by_name(installed: Path, tmp_path: Path) -> None:
    said = nlpflow(installed, tmp_path, "train", "sample-additive", "--output", "run")
    assert said.returncode == 1
    assert said.stderr.startswith("nlpflow: config/config.yaml")
