"""What scripts share: inputs by name, a log that holds the cause, one line for a user's error."""

import errno
import logging
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from nlpflow.errors import SAVED, Interrupted, UserError

NO_DEFECT = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}
"""Errors of the disk that can meet any job: full, over a quota, not permitted, read-only."""


def let_scripts_import(folder: Path) -> None:
    """Put a folder on the path of processes started from here, such as the workflow's scripts."""
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


def leave_warnings_to_scripts() -> None:
    """Ignore SIGUSR1, in this process and in those that it starts; training has its own handler.

    Slurm's `--signal=USR1@...` warns every process of a job's step that its time is nearly over,
    also the Snakemake and the shell around the script. They would die of it, and take the training
    with them before it has saved.
    """
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)


@dataclass(frozen=True)
class Inputs:
    """The files that a job reads, by the names that its task's spec gives them."""

    paths: Mapping[str, tuple[Path, ...]]

    @classmethod
    def of(cls, named: Iterable[tuple[str, str | Sequence[str]]]) -> Self:
        """From names and paths: one each, or several."""
        lists = {name: [paths] if isinstance(paths, str) else paths for name, paths in named}
        return cls({name: tuple(map(Path, paths)) for name, paths in lists.items()})

    def __getitem__(self, name: str) -> Path:
        """The only path of a name."""
        (path,) = self.paths[name]
        return path

    def all(self, name: str) -> tuple[Path, ...]:
        """The paths of a name; none if there is no such name."""
        return self.paths.get(name, ())

    def named_files(self) -> dict[str, Path]:
        """Every file under a name of its own, wherever it lies.

        `dev` is the only file of an input, `encoded/dev.src.ids.npy` one in a folder, and
        `first_weights 2 run.json` one of several.
        """
        files: dict[str, Path] = {}
        for name, paths in self.paths.items():
            for number, path in enumerate(paths, start=1):
                unique = name if len(paths) == 1 else f"{name} {number} {path.name}"
                if path.is_dir():
                    files |= {f"{unique}/{file.name}": file for file in sorted(path.iterdir())}
                else:
                    files[unique] = path
        return files


def imported(name: str) -> Any:
    """The function of a dotted name."""
    module, _, function = name.rpartition(".")
    return getattr(import_module(module), function)


@contextmanager
def job(log: str) -> Iterator[None]:
    """Run a job's body: messages go to the terminal and to `log`, and so does a failure.

    A `UserError` and an error in `NO_DEFECT` become one line and exit status 1, `Interrupted` one
    line and `SAVED`; anything else keeps its traceback.
    """
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [
        logging.StreamHandler(sys.stderr),
        logging.FileHandler(log, mode="w"),
    ]
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=handlers, force=True)
    logging.captureWarnings(True)
    warnings.simplefilter("default")
    try:
        yield
    except UserError as error:
        logging.error("error: %s", error)
        sys.exit(1)
    except Interrupted as interruption:
        logging.error("%s", interruption)
        sys.exit(SAVED)
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in NO_DEFECT:
            logging.error("error: %s", _disk_error(error, error.errno))
        else:
            logging.error("%s", traceback.format_exc())
        sys.exit(1)


def _disk_error(error: OSError, number: int) -> str:
    return (
        f"{error.filename or 'a file of this job'}: cannot be read or written: "
        f"{os.strerror(number)}; make room or correct the permissions, then type the same command"
    )
