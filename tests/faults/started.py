"""Snakemake at work in a project, watched and disturbed from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Self

from project import SMALL, Project

DEADLINE = 1800
"""Seconds that nothing here needs, however slow the machine."""


class Started:
    """Snakemake in a session of its own, killed at the latest when the `with` ends."""

    def __init__(self, project: Project, *options: str):
        self.log = project.folder / "snakemake.log"
        command = [sys.executable, "-m", "snakemake", "--cores", "1", *SMALL, *options]
        with self.log.open("w") as stream:
            self.process = subprocess.Popen(
                command,
                cwd=project.folder,
                env=os.environ | {"PYTHONPATH": str(project.folder / "workflow")},
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.kill()

    def kill(self) -> None:
        """`kill -9` for Snakemake and for the job that it has started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> int:
        """Wait for its end; the exit status."""
        return self.process.wait(DEADLINE)

    def output(self) -> str:
        """What it has printed."""
        return self.log.read_text()

    def wait_until(self, there: Callable[[], bool]) -> None:
        """Wait for something that comes before the end."""
        wait_until(there, lambda: self.process.poll() is None, self.output)


def wait_until(
    there: Callable[[], bool], alive: Callable[[], bool], said: Callable[[], str]
) -> None:
    """Wait for something that a process does before its end."""
    end = time.monotonic() + DEADLINE
    while not there():
        assert alive(), said()
        assert time.monotonic() < end, said()
        time.sleep(0.005)
