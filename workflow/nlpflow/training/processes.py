"""The processes that train one run together, each on a GPU of its own.

They are started by torchrun, or as tasks of Slurm's srun. Every process holds the whole model and
makes the same updates. What they exchange is here: sums of tensors, decisions of the first process,
and whether to stop. A single process exchanges nothing.
"""

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
LAST_WORDS = "NLPFLOW_LAST_WORDS"
"""Environment variable: the file into which the first process writes its exit status when it ends
with a message, so that the process that started it adds none."""


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
    """The place that torchrun or srun has given this process; None if it is alone."""
    given = os.environ
    if int(given.get("WORLD_SIZE", "1")) > 1:
        rank, count, local = (int(given[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"))
        return Place(rank, count, local, "env://")
    # Not SLURM_NTASKS: the batch script has it as well, although it is not one of the tasks.
    if int(given.get("SLURM_STEP_NUM_TASKS", "1")) > 1:
        names = ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID")
        rank, count, local = (int(given[name]) for name in names)
        return Place(rank, count, local, _meeting_point())
    return None


def _meeting_point() -> str:
    """The address at which the tasks of a Slurm step meet: a port of its first node."""
    nodes, job, step = (
        os.environ[f"SLURM_{name}"] for name in ("STEP_NODELIST", "JOB_ID", "STEP_ID")
    )
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
        """What the first process has as `value`; the other processes give None."""
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
            raise UserError(
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
def joined() -> Iterator[Processes]:
    """Context in which this process trains together with those that were started with it.

    The first process says why a training has ended; the others end silently on expected errors.

    Raises:
        UserError: the processes cannot reach each other
    """
    global _current
    place = own_place()
    if place is None:
        yield ALONE
        return
    has_gpu = torch.cuda.is_available()
    if has_gpu:
        # Slurm may show a task its own GPU alone.
        torch.cuda.set_device(place.local_rank % torch.cuda.device_count())
    try:
        _join(place, "cpu:gloo,cuda:nccl" if has_gpu else "gloo")
        _current = Processes(place.rank, place.count)
        yield _current
        dist.destroy_process_group()
    except (UserError, Interrupted) as end:
        status = SAVED if isinstance(end, Interrupted) else 1
        _leave_last_words(place, status)
        if place.rank:
            raise SystemExit(status) from None
        raise
    except Exception:
        _leave_last_words(place, 1)
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


def _leave_last_words(place: Place, status: int) -> None:
    if place.rank == 0 and LAST_WORDS in os.environ:
        with suppress(OSError):
            Path(os.environ[LAST_WORDS]).write_text(str(status), encoding="utf-8")
