"""A real Slurm on one machine: two partitions, a GPU that is a file, no accounting, no systemd.

    python tests/slurm/cluster.py COMMAND...

starts it, runs the command, stops it, and exits as the command did. Needs root and the Debian
packages slurm-wlm and munge; refuses where a slurm.conf of somebody else stands.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "sinfo", "scancel")
ETC = Path("/etc/slurm")  # Slurm's own default; SLURM_CONF does not reach a job's steps
MINE = "ClusterName=nlpflow"
PATIENCE = 900
"""Seconds that anything is waited for: generous, since machines are slow and busy."""

Found = TypeVar("Found")


def wait_for(what: Callable[[], Found], name: str, seconds: float = PATIENCE) -> Found:
    """What `what` gives, once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    raise TimeoutError(f"{name}: not within {seconds} s")


class Slurm:
    """The daemons of a one-machine cluster, from the entry of a `with` to its exit."""

    def __init__(self, folder: Path, processors: int = os.cpu_count() or 1):
        """:param processors: that the node claims to have, more than are there if need be."""
        self.folder, self.processors = folder, processors
        self.host = socket.gethostname().split(".")[0]

    def __enter__(self) -> Self:
        """Start everything and wait until the node takes jobs."""
        self._check()
        # So that `kill` takes the cluster down as Ctrl-C does.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _check(self) -> None:
        os.environ["PATH"] += ":/usr/sbin:/sbin"  # where the daemons are
        missing = [program for program in PROGRAMS if not shutil.which(program)]
        if missing or os.geteuid() != 0:
            raise RuntimeError(f"needs root, slurm-wlm and munge; programs missing: {missing}")
        conf = ETC / "slurm.conf"
        if conf.exists() and MINE not in conf.read_text():
            raise RuntimeError(f"{conf} belongs to another cluster")
        for daemon in ("slurmctld", "slurmd"):
            if self.query("pgrep", "--runstates", "D,R,S", "-x", daemon):
                raise RuntimeError(f"{daemon} runs already")

    def _start(self) -> None:
        ETC.mkdir(exist_ok=True)
        (ETC / "slurm.conf").write_text(self._config())
        (ETC / "gres.conf").write_text(f"NodeName={self.host} Name=gpu File=/dev/null\n")
        for name in ("state", "spool", "log"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._start_munge()
        self.start_controller()
        subprocess.run(["slurmd", "-N", self.host], check=True)
        wait_for(lambda: "idle" in self.query("sinfo", "-h", "-o", "%T"), "an idle node")

    def _start_munge(self) -> None:
        """Slurm's authentication; its files must belong to the user munge."""
        for folder in (Path("/run/munge"), Path("/var/log/munge"), self.folder / "munge"):
            folder.mkdir(exist_ok=True)
            shutil.chown(folder, "munge", "munge")
        # munged wants every folder above its own files closed to others' writing.
        command = ["runuser", "-u", "munge", "--", "munged", "--force"]
        subprocess.run([*command, "--pid-file", "/run/munge/nlpflow.pid"], check=True)

    def _config(self) -> str:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 - 1024
        # KillWait: between SIGTERM and SIGKILL. MinJobAge: an ended job stays visible to squeue.
        return f"""{MINE}
SlurmctldHost={self.host}
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={self.folder}/state
SlurmdSpoolDir={self.folder}/spool
SlurmctldLogFile={self.folder}/log/slurmctld.log
SlurmdLogFile={self.folder}/log/slurmd.log
SlurmctldPidFile={self.folder}/slurmctld.pid
SlurmdPidFile={self.folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
MinJobAge=7200
KillWait=30
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName={self.host} CPUs={self.processors} RealMemory={memory} Gres=gpu:1 State=UNKNOWN
PartitionName=cpu Nodes={self.host} Default=YES MaxTime=2:00:00 State=UP
PartitionName=gpu Nodes={self.host} MaxTime=1:00:00 State=UP
"""

    def start_controller(self) -> None:
        """Start the controller and wait until it answers."""
        subprocess.run(["slurmctld"], check=True)
        wait_for(lambda: "UP" in self.query("scontrol", "ping"), "the controller")

    def kill_controller(self) -> None:
        """End the controller as a crash would; jobs run on."""
        _end(self.folder / "slurmctld.pid", signal.SIGKILL)

    def stop(self) -> None:
        """Cancel what runs, stop every daemon, remove what was written outside the folder."""
        if self.query("scontrol", "ping"):
            subprocess.run(["scancel", "--user", "root"], check=False)
            try:
                wait_for(lambda: not self.query("squeue", "-h"), "an empty queue", 90)
            except TimeoutError as error:
                print(error, file=sys.stderr)
        for name in ("slurmctld.pid", "slurmd.pid"):
            _end(self.folder / name, signal.SIGTERM)
        _end(Path("/run/munge/nlpflow.pid"), signal.SIGTERM)
        for process in Path("/proc").glob("[0-9]*"):
            _kill_forgotten(process)
        for path in (ETC / "slurm.conf", ETC / "gres.conf"):
            path.unlink(missing_ok=True)

    @staticmethod
    def query(*command: str) -> str:
        """What a command prints; nothing if it fails."""
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        return result.stdout if result.returncode == 0 else ""

    def jobs(self) -> list[dict[str, str]]:
        """Every job that the controller remembers, by the fields of `scontrol show job`."""
        lines = self.query("scontrol", "show", "job", "--oneliner").splitlines()
        return [dict(part.split("=", 1) for part in line.split() if "=" in part) for line in lines]


def _kill_forgotten(process: Path) -> None:
    """Kill a job's process whose parent has died: proctrack/linuxproc sees it no more."""
    with suppress(OSError, ProcessLookupError):  # it ended meanwhile
        if b"SLURM_CLUSTER_NAME=nlpflow" in (process / "environ").read_bytes().split(b"\0"):
            os.kill(int(process.name), signal.SIGKILL)


def _end(pid_file: Path, number: signal.Signals) -> None:
    """Send a signal to a daemon and wait for its end; after a while it is killed."""
    try:
        pid = int(pid_file.read_text())
        os.kill(pid, number)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return
    try:
        wait_for(lambda: not _alive(pid), f"the end of process {pid}", 60)
    except TimeoutError:
        os.kill(pid, signal.SIGKILL)
    pid_file.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="slurm-") as scratch, Slurm(Path(scratch)):
        status = subprocess.run(sys.argv[1:], check=False).returncode
    sys.exit(status)
