"""`snakemake --logger nlpflow` on a terminal and without one, with two jobs at a time."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from project import ROOT

pytestmark = pytest.mark.long

JOBS = Path(__file__).parent / "jobs"
COMMAND = [sys.executable, "-m", "snakemake", "--cores", "2", "--logger", "nlpflow", "--keep-going"]
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def environment(**further: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "workflow"), "TERM": "xterm"} | further


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(JOBS, tmp_path / "jobs"))


class Terminal:
    """A terminal of 120 columns, with Snakemake in it."""

    def __init__(self, folder: Path, **variables: str):
        self.folder, self.seen = folder, ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            # A shell starts background jobs, such as these tests may be, deaf to Ctrl-C.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.chdir(folder)
            os.execvpe(COMMAND[0], COMMAND, environment(**variables))
        termios.tcsetwinsize(self.master, (24, 120))
        os.set_blocking(self.master, False)

    def read(self) -> bool:
        """Read what is there; whether the other side is still open."""
        select.select([self.master], [], [], 0.2)
        try:
            data = os.read(self.master, 1 << 16)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.seen += data.decode()
        return bool(data)

    def read_until(self, *texts: str) -> None:
        deadline = time.monotonic() + 120
        while not all(text in ESCAPES.sub("", self.seen) for text in texts):
            assert time.monotonic() < deadline, self.seen
            assert self.read(), self.seen

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def end(self) -> int:
        """Wait for the end; the exit status."""
        deadline = time.monotonic() + 120
        while self.read():
            assert time.monotonic() < deadline, self.seen
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def last_screen(self) -> str:
        """What was written after the last drawing was wiped away."""
        return ESCAPES.sub("", self.seen.rpartition("\x1b[2K")[2])


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal(folder)
    yield terminal
    os.close(terminal.master)


def test_two_jobs_are_drawn_and_a_failure_stays(terminal: Terminal) -> None:
    terminal.read_until(
        "0 of 3 jobs done, 2 running, 1 left",
        "train a  epoch 2/8  loss 2.500  dev bleu 12.25  12,345 tokens/s  0:01:01 elapsed",
        "train b  epoch 2/8",
        "at most 1:00:00 left",
        "warning: a stays at its floor",
        "b writes past its log",
    )
    assert "a: epoch 1/8" not in terminal.seen  # in the log
    (terminal.folder / "go").write_text("b")
    assert terminal.end() == 1
    seen = ESCAPES.sub("", terminal.seen).replace("\r\n", "\n")
    failure = seen[seen.index("Error in train b:") :]
    assert "    b: epoch 2/8\n" in failure
    assert "    error: b is broken\n    log: logs/b.seed-1.log\n" in failure
    assert ".snakemake.log" in failure
    # The terminal is as it was: no drawing is left on it, and it has its cursor.
    assert "running" not in terminal.last_screen()
    assert terminal.last_screen().startswith("1 of 3 jobs done, 1 failed in 0:00:")
    assert terminal.seen.rfind("\x1b[?25h") > terminal.seen.rfind("\x1b[?25l")
    assert sorted(path.name for path in (terminal.folder / "logs").iterdir()) == [
        "a.seed-1.log",
        "b.seed-1.log",
    ]


def test_ctrl_c_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    terminal.read_until("train a  epoch 2/8", "train b  epoch 2/8")
    terminal.type(b"\x03")
    assert terminal.end() != 0
    seen = ESCAPES.sub("", terminal.seen)
    assert "Traceback" not in seen
    assert "    interrupted\r\n    log: logs/a.seed-1.log" in seen
    assert "running" not in terminal.last_screen()
    assert "0 of 3 jobs done, 2 failed" in terminal.last_screen()
    assert terminal.seen.rfind("\x1b[?25h") > terminal.seen.rfind("\x1b[?25l")


def without_terminal(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_terminal_there_are_lines_only(folder: Path) -> None:
    (folder / "go").write_text("b")
    result = without_terminal(folder)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    for line in ("3 jobs to do", "started train a", "a: epoch 1/8", "a: epoch 2/8"):
        assert lines.count(line) == 1, result.stderr
    assert any(line.startswith("done train a in 0:00:") for line in lines)
    assert "Error in train b:" in lines
    assert "    error: b is broken" in lines
    assert not {"\r", "\x1b"} & {*result.stderr}
    assert result.stdout == ""


def test_a_dry_run_speaks_snakemakes_words(folder: Path) -> None:
    result = without_terminal(folder, "-n")
    assert result.returncode == 0, result.stderr
    assert "Job stats:" in result.stdout
    assert "output: a.done" in result.stdout


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(folder: Path) -> None:
    (folder / "go").write_text("")
    terminal = Terminal(folder, TERM="dumb")
    assert terminal.end() == 0
    os.close(terminal.master)
    assert "\x1b" not in terminal.seen
    assert "\r" not in terminal.seen.replace("\r\n", "\n")
    assert "a: epoch 2/8" in terminal.seen
    assert "3 of 3 jobs done in 0:00:" in terminal.seen
