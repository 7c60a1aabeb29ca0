"""The processes that train one run together, each on a GPU of its own.

They are started by torchrun, or as tasks of Slurm's srun. Every process holds the whole model and
makes the same updates. What they exchange is here: sums of tensors, decisions of the first process,
and whether to stop. A single process exchanges nothing.
"""

import logging
import os
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from nlpflow.errors import SAVED, Interrupted, UserError

LONGEST_WAIT = timedelta(hours=6)
"""How long a process waits for another one that is alive, such as for the first one while it scores
the dev set. The end of a process is noticed at once."""
PORTS = range(20_000, 32_000)
"""Ports on which the tasks of srun meet, below those that Linux gives to outgoing connections."""
STATUS_FILE = "NLPFLOW_STATUS_FILE"
"""Environment variable: the exit-status file, into which the first process writes its exit status
when it ends with a message, so that the process that started it adds none. Only processes that
`nlpflow.training.launch` has started have this variable."""


class ToldByFirst(UserError):
    """An error that all processes of a training meet, so that the first one tells it for all."""


@dataclass(frozen=True)
class Place:
    """The place of this process among those that train together."""

    rank: int
    """Number of this process, from 0."""
    count: int
    """Number of processes."""
    local_rank: int
    """Number of this process among those on its machine, from 0."""
    address: str
    """Where the processes meet, as PyTorch's `init_method`."""


def own_place() -> Place | None:
    """The place that torchrun or srun has given this process; None if it is alone.

    Raises:
        UserError: only some of the variables are set that a process needs to find the others
    """
    if _number("WORLD_SIZE") > 1:
        rank, local, *_ = _given(
            "WORLD_SIZE",
            ("RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"),
            "start the processes with torchrun, which sets all of these, or",
        )
        return Place(int(rank), _number("WORLD_SIZE"), int(local), "env://")
    # Not SLURM_NTASKS: the batch script has it as well, although it is not one of the tasks.
    if _number("SLURM_STEP_NUM_TASKS") > 1:
        names = ("PROCID", "LOCALID", "STEP_NODELIST", "JOB_ID", "STEP_ID")
        rank, local, *step = _given(
            "SLURM_STEP_NUM_TASKS",
            [f"SLURM_{name}" for name in names],
            "start the tasks with srun, which sets all of these, or",
        )
        return Place(int(rank), _number("SLURM_STEP_NUM_TASKS"), int(local), _meeting_point(*step))
    return None


def launched_place() -> Place | None:
    """The place that `nlpflow.training.launch` has given this process; None for any other process.

    The environment of a job may have such variables for another purpose, as in a pod of a cluster.
    """
    return own_place() if STATUS_FILE in os.environ else None


def _number(name: str) -> int:
    """The number of processes that a variable names; 1 if it is not set."""
    text = os.environ.get(name, "1")
    if not text.isdigit():
        raise UserError(f"the environment variable {name} is '{text}', not a number: unset it")
    return int(text)


def _given(count: str, names: Sequence[str], advice: str) -> list[str]:
    """The values of environment variables that must be there if `count` is."""
    if missing := [name for name in names if name not in os.environ]:
        raise UserError(
            f"the environment has {count}={os.environ[count]}, but not {', '.join(missing)}: "
            f"{advice} unset {count} to train with one process"
        )
    return [os.environ[name] for name in names]


def _meeting_point(nodes: str, job: str, step: str) -> str:
    """The address at which the tasks of a Slurm step meet: a port of its first node."""
    # Slurm shortens lists of nodes: `gpu[03-05,09],login1`.
    first = re.sub(r"\[(\w+).*", r"\1", nodes.split(",")[0])
    return f"tcp://{first}:{PORTS[(int(job) + int(step)) % len(PORTS)]}"


class Processes:
    """The processes of a training, as one of them sees them. By default there is only this one.

    Attributes:
        rank: number of this process; the first one, 0, writes files and messages
        count: number of processes
        generator: the source of random numbers that all processes draw alike
    """

    def __init__(self, rank: int = 0, count: int = 1):
        self.rank, self.count = rank, count
        self.generator = torch.default_generator if count == 1 else torch.Generator()

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def sum(self, values: Tensor) -> Tensor:
        """The sum of a tensor over all processes."""
        return self._add(values.clone()) if self.count > 1 else values

    def from_first(self, value: Any) -> Any:
        """Send the first process's `value` to all processes; the others give None."""
        if self.count == 1:
            return value
        values = [value]
        with self._exchange():
            dist.broadcast_object_list(values, src=0, device=torch.device("cpu"))
        return values[0]

    def agree(self, received: str | None, is_due: bool) -> tuple[str | None, bool]:
        """A signal that any process has received, and whether the first process is to save.

        Args:
            received: the name of the signal that this process has received
            is_due: of the first process; those of the others do not count
        """
        if self.count == 1:
            return received, is_due
        number = signal.Signals[received].value if received else 0
        values = torch.tensor([number, int(is_due and self.is_first)])
        with self._exchange():
            dist.all_reduce(values, op=dist.ReduceOp.MAX)
        number, due = (int(value) for value in values)
        return (signal.Signals(number).name if number else None), bool(due)

    def average(self, gradients: Sequence[Tensor], weight: float, tokens: int) -> None:
        """Replace each gradient by its mean over the tokens of all processes.

        This is one sum over all gradients and the number of tokens, and nothing waits for the GPU.

        Args:
            gradients: of this process; the same tensors in every process
            weight: factor that makes them the gradients of this process's summed loss
            tokens: number of tokens of this process
        """
        flat = torch.cat([gradient.flatten() for gradient in gradients]).mul_(weight)
        total = self._add(torch.cat([flat, flat.new_full((1,), tokens)]))
        means = total[:-1] / total[-1].clamp_min(1)
        parts = torch.split(means, [gradient.numel() for gradient in gradients])
        for gradient, mean in zip(gradients, parts, strict=True):
            gradient.copy_(mean.view_as(gradient))

    def _add(self, values: Tensor) -> Tensor:
        with self._exchange():
            dist.all_reduce(values)
        return values

    @contextmanager
    def _exchange(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            reason = str(error).strip().partition("\n")[0]
            raise ToldByFirst(
                f"one of the {self.count} processes of this training has ended: its own message, "
                "if it had one, is beside this one; start the training again: it continues from "
                f"its last checkpoint (process {self.rank} has noticed: {reason})"
            ) from None


ALONE = Processes()
_current = ALONE


def current() -> Processes:
    """The processes that this one has `joined`."""
    return _current


@contextmanager
def joined(place: Place | None, single: str = "") -> Iterator[Processes]:
    """Context in which this process trains together with those that were started with it.

    The first process says why a training has ended. The others log only an expected error that is
    their own, such as a file that their node lacks.

    Args:
        place: of this process; None if it is alone
        single: names a run that one process must train, in the error; empty: several may

    Raises:
        UserError: the processes cannot reach each other, or one process must train the run
    """
    global _current
    if place is None:
        yield ALONE
        return
    has_gpu = torch.cuda.is_available()
    if has_gpu:
        # Slurm may show a task its own GPU alone.
        torch.cuda.set_device(place.local_rank % torch.cuda.device_count())
    try:
        if single:
            raise ToldByFirst(
                f"{single}: this task trains with one process, but {place.count} were started: "
                "start it without torchrun or srun"
            )
        _join(place, "cpu:gloo,cuda:nccl" if has_gpu else "gloo")
        _current = Processes(place.rank, place.count)
        yield _current
        dist.destroy_process_group()
    except (UserError, Interrupted) as end:
        status = SAVED if isinstance(end, Interrupted) else 1
        _write_status(place, status)
        if place.rank:
            if not isinstance(end, Interrupted | ToldByFirst):
                logging.error("process %d: %s", place.rank, end)
            raise SystemExit(status) from None
        raise
    except Exception:
        _write_status(place, 1)
        raise
    finally:
        _current = ALONE


def _join(place: Place, backend: str) -> None:
    # Small values, such as decisions, are exchanged on the CPU and do not wait for the GPU.
    try:
        dist.init_process_group(
            backend,
            init_method=place.address,
            rank=place.rank,
            world_size=place.count,
            timeout=LONGEST_WAIT,
        )
    except RuntimeError as error:
        reason = str(error).strip().partition("\n")[0]
        raise UserError(
            f"the {place.count} processes of this training cannot reach each other at "
            f"{place.address}: {reason}; start it again, or check the network between the nodes"
        ) from None


def _write_status(place: Place, status: int) -> None:
    """Write the exit-status file, if this is the first process of those that nlpflow started."""
    if place.rank == 0 and STATUS_FILE in os.environ:
        with suppress(OSError):
            Path(os.environ[STATUS_FILE]).write_text(str(status), encoding="utf-8")
