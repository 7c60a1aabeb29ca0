"""Checkpoints on disk.

A checkpoint is one safetensors file. Its name contains the SHA-256 digest of its content, so that a
damaged file is recognised. Its header contains the progress and the training's key as JSON, so that
it is not used for another training. The previous checkpoint is kept until the next is complete. A
lock keeps two processes from writing to one folder.
"""

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, Self

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from nlpflow.errors import UserError
from nlpflow.tables import digest_of
from nlpflow.training.state import Snapshot

NAME = re.compile(r"epoch-(\d+)-batch-(\d+)-([0-9a-f]{64})\.safetensors")
Key = dict[str, str]
"""All that a training depends on, by name: settings, digests of data and code, versions."""
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
"""Signals that make a training save and stop; they come from kill, terminals and Slurm."""


class Checkpoints:
    """The checkpoints of one training. As a context manager it holds a lock on their folder.

    Args:
        folder: for these checkpoints alone
        key: a checkpoint with another key is moved to the folder `set-aside` and not used
        minutes: time between two checkpoints, in minutes; 0: save after every update
    """

    def __init__(self, folder: Path, key: Key, minutes: float):
        self.folder, self.key, self.minutes = folder, key, minutes
        self._latest: Path | None = None
        self._saved_at = time.monotonic()

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = open(self.folder / "lock", "a+", encoding="utf-8")
        except OSError as error:
            raise _unwritable(self.folder, error) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read() or "another process"
            self._lock.close()
            raise UserError(
                f"{self.folder}: {holder} is training this run; "
                "wait for it, or stop it (`kill` makes it save), then start again"
            ) from None
        try:
            self._lock.truncate(0)
            self._lock.write(f"process {os.getpid()} on {socket.gethostname()}")
            self._lock.flush()
        except OSError as error:
            raise _unwritable(self.folder, error) from None
        return self

    def __exit__(self, *failure: object) -> None:
        self._lock.close()

    def is_due(self) -> bool:
        """Whether it is time for the next checkpoint."""
        return time.monotonic() - self._saved_at >= 60 * self.minutes

    def save(self, snapshot: Snapshot) -> None:
        """Write a checkpoint. If the process is killed meanwhile, the previous one remains.

        Raises:
            UserError: the file cannot be written
        """
        progress = snapshot.values["progress"]
        temporary = self.folder / "writing.tmp"
        metadata = {"key": json.dumps(self.key), "values": json.dumps(snapshot.values)}
        tensors = {name: value.cpu().contiguous() for name, value in snapshot.tensors.items()}
        try:
            save_file(tensors, temporary, metadata)
            digest = _synchronised_digest(temporary)
            name = f"epoch-{progress['epoch']}-batch-{progress['batch']}-{digest}.safetensors"
            temporary.rename(self.folder / name)
            _synchronise(self.folder)
        except (OSError, SafetensorError) as error:
            reason = " ".join(str(error).split())
            temporary.unlink(missing_ok=True)
            raise UserError(
                f"{self.folder}: no checkpoint can be written: {reason}; "
                "make room and start again: training continues from the previous checkpoint"
            ) from None
        for path in self._saved():
            if path not in (self.folder / name, self._latest):
                path.unlink()
        self._latest = self.folder / name
        self._saved_at = time.monotonic()

    def load(self) -> Snapshot | None:
        """The latest undamaged checkpoint; None if there is none or its key differs."""
        for path in self._saved():
            try:
                key, snapshot = _read(path)
            except ValueError as error:
                logging.warning("checkpoint %s is damaged and not used: %s", path, error)
                self._move([path])
                continue
            if reason := _difference(key, self.key):
                self.set_aside(reason)
                return None
            progress = snapshot.values["progress"]
            logging.info(
                "resuming from the checkpoint in %s: epoch %d, %d batches done",
                self.folder,
                progress["epoch"],
                progress["batch"],
            )
            self._latest = path
            return snapshot
        return None

    def set_aside(self, reason: str) -> None:
        """Move the checkpoints to `set-aside`, where they stay until this training is complete."""
        logging.warning(
            "the checkpoint in %s is not used: %s; it is set aside and training starts from the "
            "beginning",
            self.folder,
            reason,
        )
        self._move(self._saved())
        self._latest = None

    def finish(self) -> None:
        """Clean up after the run is written.

        The last checkpoint stays, so that training can continue with more epochs.
        """
        for path in self._saved():
            if path != self._latest:
                path.unlink()
        (self.folder / "writing.tmp").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "set-aside", ignore_errors=True)

    def _saved(self) -> list[Path]:
        """All checkpoints, the latest epoch and batch first."""
        found = [(NAME.fullmatch(path.name), path) for path in self.folder.iterdir()]
        saved = [(int(name[1]), int(name[2]), path) for name, path in found if name]
        return [path for *_, path in sorted(saved, reverse=True)]

    def _move(self, paths: list[Path]) -> None:
        (self.folder / "set-aside").mkdir(exist_ok=True)
        for path in paths:
            path.replace(self.folder / "set-aside" / path.name)


def _read(path: Path) -> tuple[Key, Snapshot]:
    """Read a checkpoint and its key.

    Raises:
        ValueError: the file was changed, or not written by `Checkpoints.save`
    """
    found, expected = _synchronised_digest(path), path.stem.rpartition("-")[2]
    if found != expected:
        raise ValueError(f"its sha256 is {found}, not {expected}")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return json.loads(metadata["key"]), Snapshot(tensors, json.loads(metadata["values"]))
    except (SafetensorError, LookupError, TypeError) as error:
        raise ValueError(" ".join(str(error).split())) from None


def _unwritable(folder: Path, error: OSError) -> UserError:
    return UserError(f"{folder}: cannot be written: {error.strerror}")


def _difference(old: Key, new: Key) -> str:
    """The difference between two keys in words; empty if they are equal."""
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    if not names:
        return ""
    shown = [
        f"{name} was {old.get(name, 'missing')}, is {new.get(name, 'missing')}"
        for name in names[:3]
    ]
    return (
        f"its digest of settings and data is {digest_of(old)}, not {digest_of(new)}: "
        + ", ".join(shown)
        + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    )


def _synchronised_digest(path: Path) -> str:
    """Flush a file to disk and return its SHA-256 digest."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _synchronise(folder: Path) -> None:
    """Flush a rename in `folder` to disk, on file systems that can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


class Interrupts:
    """Context manager that records `SIGNALS` instead of letting them end the process.

    The loop checks `received` after every update. A second signal changes nothing: the state is
    still saved. The handlers are installed even if the process was started with SIGINT ignored, as
    shells do for background jobs.
    """

    def __init__(self) -> None:
        self.received: str | None = None
        """The name of the last signal received, or None."""
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._previous = {number: signal.signal(number, self._receive) for number in SIGNALS}
        return self

    def __exit__(self, *failure: object) -> None:
        for number, handler in self._previous.items():
            # None: the previous handler was not installed from Python and cannot be restored.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        # No message here: the signal may have interrupted the writing of another message.
        self.received = signal.Signals(number).name
