"""Ranges in pyproject.toml, exact versions in constraints.txt and the conda environments agree."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from project import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LIBRARY = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
REQUIREMENTS = [Requirement(each) for extra in (LIBRARY, *EXTRAS.values()) for each in extra]
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PINS = {canonicalize_name(name): pin for name, _, pin in (line.partition("==") for line in LINES)}
FREE = re.compile(r"nvidia-.*|cuda-.*|triton|pip|nlpflow")
"""What another build of torch brings, and what no extra asks for."""


def test_every_pin_is_exact_and_stands_once() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9._-]+==\d[\w.]*", line)] == []
    assert len(LINES) == len(PINS)
    assert [name for name in PINS if FREE.fullmatch(name)] == []


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_the_pin_is_in_the_range(requirement: Requirement) -> None:
    assert requirement.specifier, "no range"
    assert PINS[canonicalize_name(requirement.name)] in requirement.specifier


def test_no_package_has_two_ranges() -> None:
    names = [canonicalize_name(requirement.name) for requirement in REQUIREMENTS]
    assert sorted(names) == sorted(set(names))


def brought(requirements: list[Requirement]) -> set[str]:
    """What is installed here of requirements, and of what they require in turn."""
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    while requirements:
        requirement = requirements.pop()
        name = canonicalize_name(requirement.name)
        key = (name, frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            further = [Requirement(each) for each in requires(name) or []]
        except PackageNotFoundError:
            continue  # of an extra that is not installed
        found.add(name)
        environments = [{"extra": extra} for extra in (*requirement.extras, "")]
        requirements += [
            each
            for each in further
            if each.marker is None or any(map(each.marker.evaluate, environments))
        ]
    return found


def test_what_is_installed_is_what_is_pinned() -> None:
    names = [name for name in brought(list(REQUIREMENTS)) if not FREE.fullmatch(name)]
    installed = {name: Version(version(name)).public for name in names}
    assert {name: pin for name, pin in installed.items() if PINS.get(name) != pin} == {}


CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
FROM_PIP = {"tree-sitter", "tree-sitter-bash"}
"""Packages that the channel does not have."""
WORKFLOW = EXTRAS["workflow"]
ENVIRONMENTS = {
    "nlpflow": LIBRARY,
    # What is in the workflow's extra beside Snakemake itself and its display, the lessons need.
    "lessons": [
        *LIBRARY,
        *(each for each in WORKFLOW if not each.startswith(("snakemake", "rich"))),
    ],
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_conda_environment_has_the_same_pins(name: str) -> None:
    names = {Requirement(each).name for each in ENVIRONMENTS[name]}
    expected = [f"{CONDA_NAMES.get(each, each)} ={PINS[each]}" for each in names - FROM_PIP]
    environment = yaml.safe_load((ROOT / f"workflow/envs/{name}.yaml").read_text(encoding="utf-8"))
    *packages, by_pip = environment["dependencies"]
    assert sorted(packages) == sorted([*expected, "pip"])
    assert sorted(by_pip["pip"]) == sorted(f"{each}=={PINS[each]}" for each in FROM_PIP)
    assert environment["channels"] == ["conda-forge"]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_licence_of_every_package_is_stated(requirement: Requirement) -> None:
    page = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    assert requirement.name in ", ".join(named).split(", ")


def test_the_version_is_the_same_everywhere() -> None:
    version_here = re.search(
        r'^VERSION = "(.+)"$', (ROOT / "workflow/nlpflow/__init__.py").read_text(), re.MULTILINE
    )
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0]
    assert version_here
    assert version_here[1] == citation["version"] == newest
