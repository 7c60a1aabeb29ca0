"""The commands and the YAML in README.md, docs/ and config/README.md, and what the commands print.

    python tools/documented.py FOLDER

runs every command whose output the pages show in FOLDER, a copy of the project with the results of
the default config, and writes the outputs into the pages.

The pages follow three rules. An indented block holds shell commands, one per line; a backslash
continues a line. A block fenced as `text` right behind it is what its last command prints; behind
`cat FILE` it is the file. Every other block is fenced and names its language.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "config/README.md"]
SHELL = "shell"
FOLDER = "/home/you/nlpflow"
"""Stands for the project's folder in outputs."""
PROGRAMS = Path(sys.executable).parent

NOT_EXECUTED = {
    r"python -m venv|joeynmt/bin/": "makes another environment, for a benchmark",
    r"pip install": "changes the environment; `make test` installs the extras of the tests",
    r"apt-get install": "changes the system",
    r"fc-list": "lists the fonts of one machine",
    r"\. \.venv/bin/activate": "changes the terminal that it is typed in",
    r"nlpflow --install-completion": "changes the start-up file of the shell",
    r"snakemake .*profiles/slurm": "needs Slurm; tests/slurm submits with this profile",
    r"snakemake --executor kubernetes": "needs a Kubernetes cluster, and a plugin for it",
    r"nlpflow chat": "talks with a run of config/sample_exercises.yaml; tests/tasks does so",
    r"python docs/examples/": "reads an exported run; tests/export executes it",
    r"torchrun": "starts two processes for a quarter of a minute; tests/training does the same",
    r"python benchmarks/": "measures for minutes to hours on a quiet machine",
}
"""Commands that no test executes, as patterns of their beginning, each with the reason."""


@dataclass(frozen=True)
class Block:
    """A block of code of a page; `first` and `last` count lines from 0, `last` is excluded."""

    page: Path
    language: str
    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Command:
    """A command, and the block of what it prints if the page shows it."""

    block: Block
    text: str
    output: Block | None

    @property
    def words(self) -> list[str]:
        """The command as the shell divides it, without comments."""
        return shlex.split(self.text, comments=True)

    @property
    def program(self) -> str:
        """Its first word that sets no variable, without the folder."""
        words = (word for word in self.words if not re.match(r"\w+=", word))
        return Path(next(words)).name

    @property
    def arguments(self) -> list[str]:
        """What stands behind the program, up to a pipe or a redirection."""
        words = self.words
        start = next(i for i, word in enumerate(words) if Path(word).name == self.program)
        return list(takewhile(lambda word: word not in ("|", "<", ">"), words[start + 1 :]))

    @property
    def reason_not_to_execute(self) -> str | None:
        """Why no test executes it; None if one does."""
        reasons = [why for pattern, why in NOT_EXECUTED.items() if re.match(pattern, self.plain)]
        return reasons[0] if reasons else None

    @property
    def plain(self) -> str:
        """The command without variables and without the environment's folder before its name."""
        text = re.sub(r"^(\w+=\S+ )+", "", self.text)
        return re.sub(r"^\.venv/bin/(?!activate)", "", text)


def blocks(page: Path) -> list[Block]:
    """The blocks of code of a page, in order; the language of an indented one is `shell`."""
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    return [
        Block(page, SHELL if token.type == "code_block" else token.info, token.content, *token.map)
        for token in tokens
        if token.type in ("code_block", "fence") and token.map
    ]


def commands(page: Path) -> Iterator[Command]:
    """The commands of a page, in order."""
    found = blocks(page)
    lines = page.read_text(encoding="utf-8").splitlines()
    for block, after in zip(found, [*found[1:], None], strict=False):
        if block.language != SHELL:
            continue
        texts = [line for line in block.text.replace("\\\n", " ").splitlines() if line.strip()]
        adjacent = after and not any(lines[block.last : after.first])
        output = after if adjacent and after and after.language == "text" else None
        for number, text in enumerate(texts, 1):
            yield Command(block, text, output if number == len(texts) else None)


def documented() -> list[Command]:
    """The commands of all pages."""
    return [command for page in PAGES for command in commands(page)]


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a copy of the project, with its library and this Python's programs."""
    environment = os.environ | {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder / "workflow"),
        "COLUMNS": "100",
    }
    text = re.sub(r"(^|(?<=\s))\.venv/bin/", "", text)
    return subprocess.run(
        ["bash", "-c", text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def printed(command: Command, folder: Path) -> str:
    """What the page shows of the command's output; a file that `cat` shows is written first.

    Raises:
        RuntimeError: the command fails
    """
    if command.program == "cat" and command.output:
        (folder / command.words[1]).write_text(command.output.text, encoding="utf-8")
    result = run(command.text, folder)
    differs = 1 if "verify" in command.words else 0  # as it may on another kind of processor
    if result.returncode not in (0, differs):
        raise RuntimeError(f"{command.text}: status {result.returncode}: {result.stderr}")
    text = result.stdout.replace(str(PROGRAMS), f"{FOLDER}/.venv/bin")
    return text.replace(str(folder), FOLDER).rstrip("\n") + "\n"


def planned(command: Command) -> bool:
    """Whether a test plans the command, as it may train for hours or needs network."""
    return command.program in ("snakemake", "make") and not command.reason_not_to_execute


def executed(command: Command) -> bool:
    """Whether the command runs on the sample's results, as it stands."""
    runs = (
        command.program in ("nlpflow", "cat", "printf") or "tools/page_parity.py" in command.words
    )
    return runs and not command.reason_not_to_execute


def main() -> None:
    """Write the outputs into the pages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="copy of the project with the sample's results")
    folder = parser.parse_args().folder.resolve()
    for page in PAGES:
        shown = [one for one in commands(page) if executed(one) and one.output]
        texts = [(one.output, printed(one, folder)) for one in shown]
        lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
        for block, text in reversed(texts):
            if block:
                lines[block.first + 1 : block.last - 1] = [text]
        page.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
