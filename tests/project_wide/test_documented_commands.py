"""The commands of the pages are known, well-formed, and about things that exist.

tests/reproduction executes them.
"""

import re
from pathlib import Path

import pytest
import typer
import yaml
from snakemake.cli import get_argument_parser

from documented import (
    NOT_EXECUTED,
    PAGES,
    ROOT,
    SHELL,
    Command,
    blocks,
    documented,
    executed,
    planned,
)
from nlpflow.cli import app
from nlpflow.settings.tasks import TASKS

COMMANDS = documented()
LANGUAGES = {SHELL, "text", "yaml", "python"}
CONFIGS = [ROOT / f"config/{name}.yaml" for name in ("config", "sample_exercises")]
SAMPLE = {
    name: experiment
    for path in CONFIGS
    for name, experiment in yaml.safe_load(path.read_text("utf-8"))["experiments"].items()
}


def of(program: str) -> pytest.MarkDecorator:
    """One test for each different command of a program."""
    found = {one.text: one for one in COMMANDS if one.program == program}
    return pytest.mark.parametrize("command", found.values(), ids=list(found))


def pages(command: Command) -> str:
    return f"{command.block.page.relative_to(ROOT)}: {command.text}"


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_names_a_known_language(page: Path) -> None:
    unknown = [block.text for block in blocks(page) if block.language not in LANGUAGES]
    assert unknown == [], "a fence names no language, or one that no test reads"
    outputs = [block for block in blocks(page) if block.language == "text"]
    shown = [one.output for one in COMMANDS if one.block.page == page and one.output]
    assert outputs == shown, "a block of text stands right behind the command that prints it"


def test_every_command_is_executed_or_has_a_reason() -> None:
    unknown = [
        pages(one)
        for one in COMMANDS
        if not (executed(one) or planned(one) or one.reason_not_to_execute)
    ]
    assert unknown == [], "say in tools/documented.py how to execute these, or why not"


@pytest.mark.parametrize("pattern", NOT_EXECUTED)
def test_every_reason_is_needed(pattern: str) -> None:
    assert any(re.match(pattern, one.plain) for one in COMMANDS)


@of("nlpflow")
def test_verbs_and_options_exist(command: Command) -> None:
    words = command.arguments
    group = typer.main.get_command(app)
    if words[0].startswith("-"):
        group.make_context("nlpflow", words, resilient_parsing=True)
    elif "--help" not in words:
        group.commands[words[0]].make_context(words[0], words[1:])


@of("nlpflow")
def test_runs_are_of_the_sample(command: Command) -> None:
    """Only those can be executed."""
    for task, experiment in re.findall(r"results/(\w+)/([\w-]+)/seed-1", command.text):
        assert task in TASKS
        assert SAMPLE[experiment]["task"] == task


@of("snakemake")
def test_options_of_snakemake_exist(command: Command) -> None:
    if "--executor kubernetes" in command.plain:
        pytest.skip("the plugin that has these options is not installed")
    words = [word for word in command.arguments if "profile" not in word]
    configs = get_argument_parser().parse_args(words).configfile or []
    assert [path for path in configs if not (ROOT / path).exists()] == []


@of("make")
def test_targets_exist(command: Command) -> None:
    target, *variables = command.arguments
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(target)}( |:)", makefile, re.MULTILINE)
    page = command.block.page.read_text(encoding="utf-8")
    for name, value in (variable.split("=") for variable in variables):
        assert re.search(rf"^{name} \?=", makefile, re.MULTILINE)
        assert name != "CONFIG" or (ROOT / value).exists() or f"`{value}`" in page


@pytest.mark.parametrize(
    "command",
    [one for one in COMMANDS if "benchmarks/" in one.text],
    ids=lambda command: command.text,
)
def test_benchmarks_have_the_options(command: Command) -> None:
    script, *options = command.arguments
    text = (ROOT / script).read_text(encoding="utf-8")
    assert [one for one in options if one.startswith("--") and f'"{one}"' not in text] == []
