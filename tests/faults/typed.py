"""`nlpflow` as somebody types it: a process of its own, its exit status and what it says."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

DEADLINE = 600
"""Seconds that no command needs, however slow the machine."""

FORKS = multiprocessing.get_context("forkserver")
"""Processes forked from one that has imported torch already, which takes most of a start."""
FORKS.set_forkserver_preload(
    [f"nlpflow.tasks.{task}.command" for task in ("translation", "labelling", "embeddings")]
    + ["nlpflow.tasks.language_id.command", "nlpflow.tasks.command", "nlpflow.cli"]
)


class Said(NamedTuple):
    """What became of a command."""

    status: int
    out: bytes
    err: str


def nlpflow(folder: Path, *arguments: str | bytes, stdin: bytes = b"", read: bool = True) -> Said:
    """Run `nlpflow` in a folder.

    :param arguments: as bytes where they are no text
    :param read: False: nobody reads what the command writes, as if `| head` had ended already
    """
    return Typed(folder, *arguments, stdin=stdin, read=read).end()


class Typed:
    """`nlpflow` at work in a folder; what it says is kept beside that folder."""

    def __init__(
        self, folder: Path, *arguments: str | bytes, stdin: bytes = b"", read: bool = True
    ):
        self._said = folder.parent / "said"
        self._said.mkdir(exist_ok=True)
        (self._said / "in").write_bytes(stdin)
        words = [os.fsdecode(word) for word in arguments]
        self._process = FORKS.Process(target=_run, args=(folder, self._said, words, read))
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


def _run(folder: Path, said: Path, arguments: Sequence[str], read: bool) -> None:
    """In the process of its own."""
    os.chdir(folder)
    write = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
    os.dup2(os.open(said / "in", os.O_RDONLY), 0)
    output = os.open(said / "out", write)
    if not read:
        reader, output = os.pipe()
        os.close(reader)
    os.dup2(output, 1)
    os.dup2(os.open(said / "err", write), 2)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", errors="backslashreplace")  # as Python's own
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
