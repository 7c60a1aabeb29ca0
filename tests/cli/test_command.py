"""`nlpflow` itself: help, completion, wrong usage, and what is imported for them."""

import os
import subprocess
import sys

import pytest

from nlpflow.cli import main
from nlpflow.errors import SAVED, Interrupted
from nlpflow.settings import loading
from project import ROOT

VERBS = [
    "translate", "command", "chat", "identify", "tag", "neighbours", "analogy", "train", "page",
    "export",
    "verify", "archive", "summary",
]  # fmt: skip


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nlpflow.cli", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_bare_command_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    bare = capsys.readouterr()
    assert main(["--help"]) == 0
    assert capsys.readouterr() == bare
    commands = bare.out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in commands[: len(VERBS)]] == VERBS
    assert "141 the reader of the output" in " ".join(bare.out.split())


@pytest.mark.parametrize("verb", VERBS)
def test_help_is_plain_text(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Usage: nlpflow {verb} [OPTIONS] ")
    assert f"Example: nlpflow {verb} " in out
    assert out.isascii() or verb == "identify"  # neither boxes nor colours
    assert "\x1b" not in out


@pytest.mark.parametrize("arguments", [[], ["--help"], ["translate", "--help"]])
def test_help_into_a_closed_pipe(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "nlpflow.cli", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_help_waits_for_no_large_library() -> None:
    code = (
        "import sys; from nlpflow.cli import main; main(['tag', '--help']); "
        "large = {'torch', 'pandas', 'numpy', 'pyarrow', 'matplotlib', 'rich', 'conllu'}; "
        "sys.exit(', '.join(large & set(sys.modules)) or 0)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_completion() -> None:
    words = {"_NLPFLOW_COMPLETE": "complete_bash", "COMP_CWORD": "1"}
    assert run(COMP_WORDS="nlpflow tr", **words).stdout.split() == ["translate", "train"]
    words["COMP_CWORD"] = "3"
    assert "--top" in run(COMP_WORDS="nlpflow tag RUN --to", **words).stdout.split()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["trnslate"],
            "No such command 'trnslate'. Did you mean 'translate'? (see nlpflow --help)",
        ),
        (["tag"], "Missing argument 'RUN'. (see nlpflow tag --help)"),
        (["train", "x"], "Missing option '--output'. (see nlpflow train --help)"),
        (["verify", "a", "b"], "Got unexpected extra argument(s) (b) (see nlpflow verify --help)"),
        (["tag", "x", "--form\x1b[31m"], "No such option: --form\\x1b[31m"),
    ],
)
def test_wrong_usage_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"nlpflow: {message}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("ending", "status", "message"),
    [
        (Interrupted("stopped; saved"), SAVED, "nlpflow: stopped; saved\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_endings_from_outside(
    ending: BaseException,
    status: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def ended(*_: object) -> None:
        raise ending

    monkeypatch.setattr(loading, "read_yaml", ended)
    assert main(["train", "x", "--output", "y"]) == status
    assert capsys.readouterr().err == message


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_a_closed_stream(
    stream: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, stream, None)  # as Python has it after <&- or >&-
    assert main(["identify", "nowhere"]) == 1
    name = {"stdin": "input", "stdout": "output"}[stream]
    assert capsys.readouterr().err == f"nlpflow: standard {name}: is closed\n"
