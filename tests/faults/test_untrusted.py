"""A run of an untrusted source is data: nothing that reads one can be made to execute code."""

import hashlib
import json
import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from faults.tiny import TRANSLATION, write_config, write_data
from faults.typed import nlpflow
from project import ROOT

EXECUTES = re.compile(
    r"""\b(c?[pP]ickle|dill|cloudpickle|joblib|shelve|marshal)\b
      | \btorch\.(load|save)\b | \bweights_only\b | (read|to)_pickle\b
      | allow_pickle(?!=False\b) | \bnp\.load\((?!.*allow_pickle=False)
      | \byaml\.(?!safe_)\w*load | \byaml\.(?!SafeLoader\b)\w*Loader | trust_remote_code
      | (?<![.\w])(eval|exec)\( | \bos\.system\( | shell=True""",
    re.VERBOSE,
)
ALLOWED = {
    # Runs the project's own lessons, whose code is in the repository.
    "workflow/nlpflow/lesson_pages/notebook.py": 2,
    # The base loader, which makes nothing but text, lists and mappings.
    "workflow/nlpflow/corpora/entries.py": 2,
}
"""Lines that match, by file."""


def hits(text: str) -> int:
    return sum(bool(EXECUTES.search(line)) for line in text.splitlines())


def test_nothing_in_the_source_reads_code_from_data() -> None:
    parts = ("workflow/**/*.py", "rules/*.smk", "lessons/*.py", "tools/**/*.py", "Snakefile")
    parts += ("benchmarks/*.py", "docs/**/*.py")
    files = [path for part in parts for path in ROOT.glob(part)]
    assert len(files) > 150
    found = {str(path.relative_to(ROOT)): hits(path.read_text()) for path in files}
    assert {path: count for path, count in found.items() if count} == ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from joblib import load",
        'weights = torch.load(path, map_location="cpu")',
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "yaml.load(text, Loader=yaml.Loader)",
        "yaml.unsafe_load(text)",
        "table = pd.read_pickle(path)",
        "value = eval(text)",
        "subprocess.run(text, shell=True)",
    ],
)
def test_what_is_looked_for_is_found(line: str) -> None:
    assert hits(line) == 1


class Payload:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("untrusted") / "place"
    folder.mkdir()
    write_data(folder)
    write_config(folder)
    command = ["train", TRANSLATION, "--configfile", "config.yaml", "--output", TRANSLATION]
    assert nlpflow(folder, *command).status == 0
    return folder


@pytest.fixture
def mine(place: Path, tmp_path: Path) -> Path:
    return shutil.copytree(place, tmp_path / "place")


@pytest.fixture
def harmful(tmp_path: Path) -> bytes:
    """A pickle that leaves the file `executed`."""
    content = pickle.dumps(Payload(tmp_path / "executed"))
    pickle.loads(content)
    (tmp_path / "executed").unlink()  # it works
    return content


def test_weights_that_are_a_pickle(mine: Path, harmful: bytes, tmp_path: Path) -> None:
    run = mine / TRANSLATION
    (run / "weights.safetensors").write_bytes(harmful)
    description = json.loads((run / "run.json").read_text())
    description["weights"] = hashlib.sha256(harmful).hexdigest()
    (run / "run.json").write_text(json.dumps(description))
    said = nlpflow(mine, "translate", TRANSLATION, "a b")
    assert (said.status, said.out, said.err.count("\n")) == (1, b"", 1)
    assert said.err.startswith(f"nlpflow: run {TRANSLATION}: damaged: ")
    assert not (tmp_path / "executed").exists()


def train(folder: Path) -> Any:
    return nlpflow(
        folder, "train", TRANSLATION, "--configfile", "config.yaml", "--output", TRANSLATION
    )


def test_a_checkpoint_that_is_a_pickle(mine: Path, harmful: bytes, tmp_path: Path) -> None:
    """It is set aside, however well its name fits; the training is done anew."""
    folder = mine / TRANSLATION / ".checkpoints"
    weights = (mine / TRANSLATION / "weights.safetensors").read_bytes()
    name = f"epoch-9-batch-9-{hashlib.sha256(harmful).hexdigest()}.safetensors"
    for path in folder.glob("epoch-*"):
        path.unlink()
    (folder / name).write_bytes(harmful)
    said = train(mine)
    assert said.status == 0, said.err
    assert f"checkpoint {TRANSLATION}/.checkpoints/{name} is damaged and not used: " in said.err
    assert (mine / TRANSLATION / "weights.safetensors").read_bytes() == weights
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    "file",
    [
        "data/encoded/v/train.src.ids.npy",
        "data/vocabularies/v/source.vocab",
        "data/prepared/p/dev.parquet",
        f"{TRANSLATION}/run.json",
        "config.yaml",
    ],
)
def test_data_that_is_a_pickle(mine: Path, harmful: bytes, tmp_path: Path, file: str) -> None:
    (mine / file).write_bytes(harmful)
    said = train(mine)
    assert (said.status, said.err.count("\n")) == (1, 1), said.err
    assert not (tmp_path / "executed").exists()
