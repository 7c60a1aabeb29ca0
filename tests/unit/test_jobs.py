"""What the workflow's own processes do with signals."""

import subprocess
import sys

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
