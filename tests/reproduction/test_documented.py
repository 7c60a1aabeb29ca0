"""The commands of README.md, docs/ and config/README.md, executed; see tools/documented.py.

Commands on runs of the sample are executed as they stand. Commands that would train on real data
are planned: Snakemake's dry run needs no network.
"""

import json
import re
import shlex
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from documented import ROOT, Command, blocks, documented, executed, planned, printed, run
from makefile import make, whole_project
from project import Project

COMMANDS = documented()
PAGE = ROOT / "docs/command_line.md"
NUMBER = r"-?\d+\.\d+"
DIGIT = 0.0002
"""Outputs have four decimals, of which the last may be another one."""


def these(kind: Callable[[Command], bool]) -> pytest.MarkDecorator:
    """One test for each different command and output."""
    found = {(one.text, one.output and one.output.text): one for one in COMMANDS if kind(one)}
    return pytest.mark.parametrize("command", found.values(), ids=lambda one: one.text)


def same_processor(sample: Project) -> bool:
    """Whether the sample was made on the kind of processor that the pages name."""
    card = sample.folder / "results/translation/sample-additive/seed-1/card.json"
    processor = json.loads(card.read_text())["processor"]
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    return re.search(rf"{re.escape(processor)}\b", page) is not None  # "model 1" is not "model 17"


def shape(text: str) -> list[int]:
    """Cells of each line: what does not depend on the processor."""
    return [line.count("\t") for line in text.splitlines()]


@these(executed)
def test_a_command_on_the_sample(sample: Project, command: Command) -> None:
    found = printed(command, sample.folder)
    if command.output is None:
        return
    shown = command.output.text
    if not same_processor(sample):
        assert shape(found) == shape(shown)
        return
    assert re.sub(NUMBER, "N", found) == re.sub(NUMBER, "N", shown)
    numbers = [[float(one) for one in re.findall(NUMBER, text)] for text in (found, shown)]
    assert numbers[0] == pytest.approx(numbers[1], abs=DIGIT)


@cache
def plan(text: str, folder: Path) -> str | None:
    """What is wrong with a command of Snakemake, by its dry run; a report needs a whole run."""
    text = re.sub(r" --report .*", "", text.partition("  #")[0])
    result = run(f"{text} --dry-run --quiet rules", folder)
    return result.stdout + result.stderr if result.returncode else None


@these(planned)
def test_a_command_that_trains(sample: Project, command: Command) -> None:
    lines = [command.text]
    if command.program == "make":
        lines = make(sample, "--dry-run", *command.arguments).splitlines()
    if "config/italian.yaml" in command.text:
        return  # the next test runs it
    for line in lines:
        if "snakemake " in line and "--lint" not in line:
            assert plan(line, sample.folder) is None


def test_the_ten_lines_of_the_readme(tmp_path: Path) -> None:
    """They are run on a small file, from the page's YAML to the report."""
    project = whole_project(tmp_path)
    readme = ROOT / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines()
    for block in (one for one in blocks(readme) if one.language == "yaml"):
        (name,) = re.findall(r"`(config/[\w-]+\.yaml)`", lines[block.first - 2])
        (project.folder / name).write_text(block.text, encoding="utf-8")
    pairs = project.folder / "data/own/pairs.tsv"
    pairs.parent.mkdir()
    with zipfile.ZipFile(project.folder / "data/sample/fra-eng.zip") as archive:
        lines = archive.read("fra.txt").decode().splitlines(keepends=True)
    pairs.write_text("".join(lines[::20]), encoding="utf-8")
    make(project, "run", "CONFIG=config/italian.yaml")
    assert (project.folder / "results/italian.html").exists()
    assert (project.folder / "results/translation/italian/seed-1/test/metrics.json").exists()


def test_the_examples_in_python(sample: Project, tmp_path: Path) -> None:
    """docs/python.md as a doctest; other processors may print other words."""
    page = tmp_path / "page.txt"
    # The fence of a block would count as the last line of an output.
    page.write_text((ROOT / "docs/python.md").read_text().replace("```", ""))
    options = "doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE"
    code = (
        "import doctest, sys\n"
        f"found = doctest.testfile({str(page)!r}, module_relative=False, optionflags={options})\n"
        "print(found.attempted, found.failed)\n"
    )
    result = run(f"python -c {shlex.quote(code)}", sample.folder)
    attempted, failed = map(int, result.stdout.splitlines()[-1].split())
    assert attempted > 10
    if same_processor(sample):
        assert failed == 0, result.stdout
    else:
        assert "Traceback" not in result.stdout
