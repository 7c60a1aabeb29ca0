"""What the workflow's own processes do with signals and with errors of the disk."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

WARNED = """
import os, signal, subprocess
from nlpflow.jobs import leave_warnings_to_scripts

leave_warnings_to_scripts()
os.kill(os.getpid(), signal.SIGUSR1)
print("alive", flush=True)
subprocess.run(["sh", "-c", "kill -USR1 $$; echo so is what it started"], check=True)
"""


def test_a_warning_kills_neither_snakemake_nor_what_it_starts() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WARNED], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "alive\nso is what it started\n"


FAILING = """
import sys
from nlpflow.jobs import job

with job(sys.argv[1]):
    raise OSError(int(sys.argv[2]), "as the system says it", "data/table.tsv")
"""


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS])
def test_an_error_of_the_disk_is_one_line(tmp_path: Path, number: int) -> None:
    command = [sys.executable, "-c", FAILING, str(tmp_path / "log"), str(number)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == (
        f"error: data/table.tsv: cannot be read or written: {os.strerror(number)}; "
        "make room or correct the permissions, then type the same command\n"
    )
    assert (tmp_path / "log").read_text() == result.stderr


def test_another_error_keeps_its_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FAILING, str(tmp_path / "log"), str(errno.EBADF)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "Traceback" in (tmp_path / "log").read_text()
