"""The conda environment and pyproject.toml pin the same versions."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
EXTRAS = PROJECT["project"]["optional-dependencies"].values()
REQUIREMENTS = [
    *PROJECT["build-system"]["requires"],
    *PROJECT["project"]["dependencies"],
    *(requirement for extra in EXTRAS for requirement in extra),
]


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_every_pin_is_exact(requirement: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\d+(\.\d+)*", requirement)


def test_no_package_is_pinned_twice() -> None:
    names = [re.split(r"\[|==", requirement)[0].lower() for requirement in REQUIREMENTS]
    assert sorted(names) == sorted(set(names))


LIBRARY = PROJECT["project"]["dependencies"]
WORKFLOW = PROJECT["project"]["optional-dependencies"]["workflow"]
ENVIRONMENTS = {
    "nlpflow": LIBRARY,
    # What is in the workflow's extra beside Snakemake itself, the lessons need.
    "lessons": [*LIBRARY, *(each for each in WORKFLOW if not each.startswith("snakemake"))],
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_conda_environment_has_the_same_pins(name: str) -> None:
    pins = [requirement.split("==") for requirement in ENVIRONMENTS[name]]
    expected = [f"{CONDA_NAMES.get(name, name)} ={version}" for name, version in pins]
    environment = yaml.safe_load((ROOT / f"workflow/envs/{name}.yaml").read_text(encoding="utf-8"))
    assert sorted(environment["dependencies"]) == sorted(expected)
    assert environment["channels"] == ["conda-forge"]


@pytest.mark.parametrize("requirement", REQUIREMENTS[1:])  # but the build tool
def test_licence_of_every_package_is_stated(requirement: str) -> None:
    page = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    assert re.split(r"\[|==", requirement)[0] in ", ".join(named).split(", ")
