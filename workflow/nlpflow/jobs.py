"""What the workflow's scripts share: inputs by name, logging, and one-line errors.

A job can also report its progress: `JobStatus`, in a file beside its log, which the display of
`snakemake --logger nlpflow` shows while the job runs.
"""

import errno
import json
import logging
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from nlpflow.errors import SAVED, Interrupted, UserError

NO_DEFECT = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}
"""Disk errors that any job can run into: disk full, over quota, no permission, read-only."""

DISPLAYED = "NLPFLOW_DISPLAYED"
"""Environment variable: set while a display shows the jobs on a terminal."""
WRITE_SECONDS = 1.0
"""Within a step a job writes its status at most this often."""


def let_scripts_import(folder: Path) -> None:
    """Let processes started from here, such as the workflow's scripts, import from a folder."""
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


def leave_warnings_to_scripts() -> None:
    """Ignore SIGUSR1 in this process and its children; training installs its own handler.

    With `--signal=USR1@...` Slurm sends it to every process of a job step shortly before the time
    limit. Snakemake and the shell around the script would die of it and end the training before it
    has saved.
    """
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)


@dataclass(frozen=True)
class Inputs:
    """The files that a job reads, by the names that its task's spec gives them."""

    paths: Mapping[str, tuple[Path, ...]]

    @classmethod
    def of(cls, named: Iterable[tuple[str, str | Sequence[str]]]) -> Self:
        """Make the inputs from names, each with one path or several."""
        lists = {name: [paths] if isinstance(paths, str) else paths for name, paths in named}
        return cls({name: tuple(map(Path, paths)) for name, paths in lists.items()})

    def __getitem__(self, name: str) -> Path:
        """The path of an input that has exactly one."""
        (path,) = self.paths[name]
        return path

    def all(self, name: str) -> tuple[Path, ...]:
        """The paths of an input; empty if there is no input of that name."""
        return self.paths.get(name, ())

    def named_files(self) -> dict[str, Path]:
        """Every file, under a unique name that does not depend on where the file lies.

        If an input has a single file, this file gets the name of the input, such as `dev`. Of
        several files, each has its number and its own name, such as `first_weights 2 run.json`. A
        file in a folder follows the name of the folder: `encoded/dev.src.ids.npy`; hidden files,
        such as Snakemake's time stamp, do not count.
        """
        files: dict[str, Path] = {}
        for name, paths in self.paths.items():
            for number, path in enumerate(paths, start=1):
                unique = name if len(paths) == 1 else f"{name} {number} {path.name}"
                if path.is_dir():
                    shown = (file for file in sorted(path.iterdir()) if file.name[0] != ".")
                    files |= {f"{unique}/{file.name}": file for file in shown}
                else:
                    files[unique] = path
        return files


@dataclass(frozen=True)
class JobStatus:
    """How far a job is."""

    step: str
    """The current step, such as `epoch 3/20`."""
    share: float
    """The share of the job that is done, from 0 to 1."""
    numbers: tuple[str, ...]
    """Numbers to show, the most important first, because a narrow terminal shows only some."""
    elapsed: float
    """Seconds, without the time that an interruption took."""
    remaining: float | None
    """Seconds at most; None while unknown."""

    def details(self) -> list[str]:
        """The numbers, then the time elapsed and left, as a reader sees them."""
        details = [*self.numbers, f"{clock(self.elapsed)} elapsed"]
        if self.remaining is not None:
            details.append(f"at most {clock(self.remaining)} left")
        return details


Show = Callable[[JobStatus], None]
"""A long job calls it to report its progress."""


def clock(seconds: float) -> str:
    """Seconds as hours, minutes and seconds."""
    return str(timedelta(seconds=round(seconds)))


class StatusFile:
    """The status of a job in a file beside its log: written by the job, read by the display."""

    def __init__(self, log: str | Path):
        self.path = Path(log).with_suffix(".status.json")
        self._step, self._written_at = "", 0.0

    def show(self, status: JobStatus) -> None:
        """Write the status; a reader never sees half of it."""
        now = time.monotonic()
        if status.step == self._step and now - self._written_at < WRITE_SECONDS:
            return
        self._step, self._written_at = status.step, now
        temporary = self.path.with_suffix(".tmp")
        with suppress(OSError):  # a job must not fail because its status cannot be shown
            temporary.write_text(json.dumps(asdict(status)), encoding="utf-8")
            temporary.replace(self.path)

    def read(self, since: float) -> JobStatus | None:
        """The status; None if none has been written yet.

        Args:
            since: when the job began, in seconds since the epoch; an older file is of a job that
                was killed
        """
        try:
            if self.path.stat().st_mtime < since:
                return None
            values = json.loads(self.path.read_text(encoding="utf-8"))
            return JobStatus(**values | {"numbers": tuple(values["numbers"])})
        except FileNotFoundError:
            return None

    def remove(self) -> None:
        """Delete the file at the end of the job."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def imported(name: str) -> Any:
    """The function that a dotted name stands for."""
    module, _, function = name.rpartition(".")
    return getattr(import_module(module), function)


@contextmanager
def job(log: str, process: int | None = None) -> Iterator[StatusFile]:
    """Run the body of a job; messages and errors go to the terminal and to the file `log`.

    A `UserError` and the errors in `NO_DEFECT` become one line and exit status 1. `Interrupted`
    becomes one line and exit status `SAVED`, Ctrl-C one line. Anything else keeps its traceback.
    Under a display only warnings go to the terminal: the display shows the rest.

    Args:
        process: number of this process among several that a job has started; they add to the job's
            `log`, and only the first one, 0, writes more than errors. None: the job itself

    Yields:
        where the body may write its status; the file is removed at the end
    """
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    terminal = logging.StreamHandler(sys.stderr)
    if DISPLAYED in os.environ:
        terminal.addFilter(_is_own_warning)
    if process is None:
        Path(log).write_bytes(b"")
    handlers: list[logging.Handler] = [terminal, logging.FileHandler(log, mode="a")]
    level = logging.ERROR if process else logging.INFO
    logging.basicConfig(level=level, format="%(message)s", handlers=handlers, force=True)
    logging.captureWarnings(True)
    warnings.simplefilter("default")
    status = StatusFile(log)
    try:
        yield status
    except UserError as error:
        logging.error("error: %s", error)
        sys.exit(1)
    except Interrupted as interruption:
        logging.error("%s", interruption)
        sys.exit(SAVED)
    except KeyboardInterrupt:
        logging.error("interrupted")
        sys.exit(128 + signal.SIGINT)
    except SystemExit:
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in NO_DEFECT:
            logging.error("error: %s", _disk_error(error, error.errno))
        else:
            logging.error("%s", traceback.format_exc())
        sys.exit(1)
    finally:
        status.remove()


def _is_own_warning(record: logging.LogRecord) -> bool:
    """Neither an error, which the display shows with the log, nor a warning of a library."""
    return record.levelno == logging.WARNING and record.name == "root"


def _disk_error(error: OSError, number: int) -> str:
    return (
        f"{error.filename or 'a file of this job'}: cannot be read or written: "
        f"{os.strerror(number)}; make room or correct the permissions, then type the same command"
    )
