"""Wrong configs, as a user sees them: the path of the key and a hint on one line, and nothing run.

Every key in every way is tried in `tests/settings`; here is one of each kind.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from faults.ending import failed, files_below, pattern
from project import Project, small_project

KeyPath = tuple[str | int, ...]
GONE = object()
PLAIN = ("experiments", "plain")

# In place of … stand the words of pydantic, which change with its version.
WRONG_CONFIGS: dict[str, tuple[KeyPath, Any, str]] = {
    "removed": (
        ("datasets", "small", "corpus"),
        GONE,
        "datasets.small.corpus: this key is required",
    ),
    "misspelt": (
        (*PLAIN, "model", "hiden"),
        8,
        "experiments.plain.model.hiden: unknown key; did you mean 'hidden'?",
    ),
    "type": (
        (*PLAIN, "training", "learning_rate"),
        "1e-3",
        "experiments.plain.training.learning_rate: …, not '1e-3' "
        "(YAML reads 1e-3 as text: write 1.0e-3)",
    ),
    "range": (
        ("datasets", "small", "split"),
        {"dev": 1.5},
        "datasets.small.split.dev: …, not 1.5",
    ),
    "name": (
        ("vocabularies", "small", "dataset"),
        "smal",
        "vocabularies.small.dataset: 'smal' is unknown; did you mean 'small'?",
    ),
}
WRONG_REGISTRIES: dict[str, tuple[KeyPath, Any, str]] = {
    "removed": (("small", "licence"), GONE, "small.licence: this key is required"),
    "misspelt": (
        ("small", "files", 0, "menber"),
        "fra.txt",
        "small.files.0.menber: unknown key; did you mean 'member'?",
    ),
    "type": (("small", "languages"), "eng", "small.languages: input should be a list, not 'eng'"),
    "range": (
        ("small", "files", 0, "size"),
        0,
        "small.files.0.size: …, not 0",
    ),
}


def change(values: Any, path: KeyPath, value: Any) -> None:
    *above, last = path
    for step in above:
        values = values[step]
    if value is GONE:
        del values[last]
    else:
        values[last] = value


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("configs"))


@pytest.fixture
def project(copied: Project) -> Iterator[Project]:
    """The one copy, with its right config and registry again after each test."""
    files = [copied.folder / f"config/{name}" for name in ("small.yaml", "small-corpora.yaml")]
    right = [file.read_text() for file in files]
    yield copied
    for file, text in zip(files, right, strict=True):
        file.write_text(text)


def refusal(project: Project) -> list[str]:
    """All lines that the command says about `config/small.yaml`, which must leave all as it is."""
    before = own_files(project.folder)
    said = failed(project.snakemake("--configfile", "config/small.yaml"))
    assert own_files(project.folder) == before
    return said.splitlines()


def own_files(folder: Path) -> dict[str, bytes]:
    """Every file but what Snakemake and Python keep for themselves."""
    return {
        name: content
        for name, content in files_below(folder).items()
        if not {".snakemake", "__pycache__"} & set(Path(name).parts)
    }


@pytest.mark.parametrize("kind", WRONG_CONFIGS)
def test_wrong_config(project: Project, kind: str) -> None:
    path, value, message = WRONG_CONFIGS[kind]
    config = project.read_config()
    change(config, path, value)
    project.write_config(config)
    assert re.fullmatch(pattern(f"config: {message}"), refusal(project)[-1])


@pytest.mark.parametrize("kind", WRONG_REGISTRIES)
def test_wrong_registry(project: Project, kind: str) -> None:
    path, value, message = WRONG_REGISTRIES[kind]
    file = project.folder / "config/small-corpora.yaml"
    registry = yaml.safe_load(file.read_text())
    change(registry, path, value)
    file.write_text(yaml.safe_dump(registry))
    assert re.fullmatch(pattern(f"registry small-corpora.yaml: {message}"), refusal(project)[-1])


def test_registry_that_is_no_yaml(project: Project) -> None:
    file = project.folder / "config/small-corpora.yaml"
    file.write_text(f"{file.read_text()}broken: [\n")
    *_, line = refusal(project)
    assert line.startswith(f"{file}: not valid YAML: ")


def test_config_that_is_no_yaml(project: Project) -> None:
    (project.folder / "config/small.yaml").write_text("datasets: [\n")
    *_, line = refusal(project)  # Snakemake itself reads this file
    assert line.startswith("Config file is not valid JSON or YAML.")


@pytest.mark.parametrize("written", ["yaml", "json"])
def test_equal_keys_of_a_config(project: Project, written: str) -> None:
    """Snakemake reads this file and keeps the last of them."""
    file = project.folder / "config/small.yaml"
    text = yaml.safe_dump(project.read_config()) + "lessons: false\nlessons: true\n"
    if written == "json":
        text = file.read_text().removesuffix("}") + ',\n\t"lessons": false,\n\t"lessons": true}'
    file.write_text(text)
    count = len(text.splitlines())
    assert refusal(project)[-1] == (
        f"{file}, line {count}: key lessons is already in line {count - 1}, and only one of the "
        "two would count; remove or rename one"
    )


def test_equal_keys_of_a_registry(project: Project) -> None:
    file = project.folder / "config/small-corpora.yaml"
    text = file.read_text()
    file.write_text(text + text)
    count = len(text.splitlines())
    assert refusal(project)[-1].startswith(
        f"{file}, line {count + 1}: key small is already in line 1,"
    )


def test_a_number_that_yaml_reads_to_another_base(project: Project) -> None:
    config = project.read_config()
    file = project.folder / "config/small.yaml"
    file.write_text(f"seeds: 010\n{yaml.safe_dump(config)}")
    assert refusal(project)[-1] == (
        f"{file}, line 1: YAML reads 010 as 8, in base 8 because of its leading 0; write "
        "the number that is meant, or put it in quotes if it is text"
    )
