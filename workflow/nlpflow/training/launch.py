"""Starts the processes of a training on several GPUs: this same program once more for each GPU.

On one machine PyTorch's torchrun starts them. On several nodes of a Slurm cluster, srun does,
inside a job that Snakemake has submitted with the resource `mpi`.
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import torch
import torch.distributed.run as torchrun
from torch.distributed.elastic.multiprocessing.api import SignalException
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

from nlpflow.errors import UserError
from nlpflow.training.checkpoint import SIGNALS
from nlpflow.training.processes import STATUS_FILE

SECONDS_TO_SAVE = 600
"""How long torchrun waits, after a signal, for the processes to save before it kills them."""


def launch(program: Sequence[str], gpus: int, describe: str, mpi: str | None = None) -> int:
    """Train with one process per GPU, and wait for their end.

    Args:
        program: what follows `python` to start this program: a script or `-m` and a module, and its
            arguments
        gpus: number of processes
        describe: names the run in errors
        mpi: the command that starts one task per GPU on all nodes of a job, `srun`; None: the GPUs
            of this machine are used

    Returns:
        exit status: 0, `SAVED`, or 1 if the training has failed and its first process has said why

    Raises:
        UserError: there are too few GPUs, or the processes have ended without a message
    """
    with tempfile.TemporaryDirectory() as folder:
        status_file = Path(folder) / "status"
        os.environ[STATUS_FILE] = str(status_file)
        if mpi is None:
            check_gpus(gpus, describe)
            reason = run_under_torchrun(program, gpus)
        else:
            reason = run_under_srun(program, gpus, mpi)
        if not reason:
            return 0
        if status_file.exists():
            return int(status_file.read_text(encoding="utf-8"))
    raise UserError(
        f"{describe}: {reason}; start it again: training continues from its last checkpoint, if "
        "there is one"
    )


def check_gpus(gpus: int, describe: str) -> None:
    """Raise UserError if this machine, or what a cluster shows of it, has too few GPUs."""
    found = torch.cuda.device_count()
    if found < gpus:
        raise UserError(
            f"{describe}: resources.gpu is {gpus}, but torch sees {found} here; set it to at most "
            f"{max(found, 1)}, or run the training where there are {gpus} (docs/cluster.md)"
        )


def run_under_torchrun(program: Sequence[str], count: int) -> str:
    """`torchrun --standalone --nproc-per-node=COUNT PROGRAM`; why it failed, if it did."""
    os.environ.setdefault("TORCH_ELASTIC_SHUTDOWN_TIMEOUT", str(SECONDS_TO_SAVE))
    # What torchrun would set, with a warning; each process sets its own number of threads.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # Its warnings and tables of failures add nothing to the message of the training. Each of its
    # modules sets the level of its own logger.
    for name in logging.root.manager.loggerDict:
        if name.startswith("torch.distributed.elastic."):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    # torchrun passes SIGTERM on to its processes, but not SIGUSR1.
    signal.signal(signal.SIGUSR1, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))
    arguments = ["--standalone", f"--nproc-per-node={count}", *program]
    try:
        torchrun.run(torchrun.parse_args(arguments))  # type: ignore[no-untyped-call]
    except SignalException as stopped:
        return f"stopped by {stopped.sigval.name}"
    except ChildFailedError as failed:
        rank, first = failed.get_first_failure()
        how = signal.Signals(-first.exitcode).name if first.exitcode < 0 else first.exitcode
        return f"process {rank} of {count} has ended: {how}"
    return ""


def run_under_srun(program: Sequence[str], count: int, command: str) -> str:
    """Run a program as `count` tasks of this Slurm job; why it failed, if it did."""
    # If one task dies, srun ends the others. The tasks know by the environment that they are tasks.
    options = [f"--ntasks={count}", "--kill-on-bad-exit=1", "--export=ALL"]
    tasks = subprocess.Popen([command, *options, sys.executable, *program])

    def pass_on(number: int, frame: FrameType | None) -> None:
        tasks.send_signal(signal.SIGTERM)  # srun sends it to every task

    for number in SIGNALS:
        signal.signal(number, pass_on)
    status = tasks.wait()
    return f"{command} has ended with exit status {status}" if status else ""
