"""`nlpflow` as somebody types it: a process of its own, its exit status and what it says."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import forked
from faults.tiny import RUNS, write_config, write_data

DEADLINE = 600
"""Seconds that no command needs, however slow the machine."""


class Said(NamedTuple):
    """What became of a command."""

    status: int
    out: bytes
    err: str


def nlpflow(folder: Path, *arguments: str | bytes, stdin: bytes = b"", read: bool = True) -> Said:
    """Run `nlpflow` in a folder.

    Args:
        arguments: as bytes where they are no text
        read: False: nobody reads what the command writes, as if `| head` had ended already
    """
    return Typed(folder, *arguments, stdin=stdin, read=read).end()


def train_runs(parent: Path) -> Path:
    """A folder with a run of each task in tiny.py."""
    folder = parent / "place"
    folder.mkdir()
    write_data(folder)
    write_config(folder)
    for name in RUNS:
        said = nlpflow(folder, "train", name, "--configfile", "config.yaml", "--output", name)
        assert said.status == 0, said.err
    return folder


class Typed:
    """`nlpflow` at work in a folder; what it says is kept beside that folder."""

    def __init__(
        self,
        folder: Path,
        *arguments: str | bytes,
        stdin: bytes = b"",
        read: bool = True,
        terminal: str | None = None,
    ):
        """:param terminal: in place of standard input, output and error"""
        self._said = folder.parent / "said"
        self._said.mkdir(exist_ok=True)
        (self._said / "in").write_bytes(stdin)
        words = [os.fsdecode(word) for word in arguments]
        streams = [terminal or str(self._said / name) for name in ("in", "out", "err")]
        self._process = forked.process(_run, folder, streams, words, read)
        self._process.start()

    def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()
        self._process.join()

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def end(self) -> Said:
        """Wait for its end."""
        self._process.join(DEADLINE)
        assert self._process.exitcode is not None
        out, err = (self._said / name for name in ("out", "err"))
        return Said(self._process.exitcode, out.read_bytes(), err.read_text())


def _run(folder: Path, streams: Sequence[str], arguments: Sequence[str], read: bool) -> None:
    """In the process of its own."""
    output: str | int = streams[1]
    if not read:
        reader, output = os.pipe()
        os.close(reader)
    forked.at_work(folder, (streams[0], output, streams[2]))
    from nlpflow.cli import main

    sys.exit(main(arguments))


def through_head(folder: Path, lines: int, *arguments: str) -> Said:
    """`nlpflow ... | head -<lines>` in a shell, which tells the status of `nlpflow`."""
    script = f'"$@" | head -{lines}; exit ${{PIPESTATUS[0]}}'
    command = ["bash", "-c", script, "bash", sys.executable, "-m", "nlpflow.cli", *arguments]
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE
    )
    return Said(done.returncode, done.stdout, done.stderr.decode())
