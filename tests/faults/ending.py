"""How a command of the workflow ended: what a user sees of a fault."""

import re
import subprocess
from pathlib import Path


def last_line(log: Path) -> str:
    """The last line of a job's log, which holds one line for the fault and no traceback."""
    text = log.read_text()
    assert "Traceback" not in text
    lines = text.splitlines()
    assert sum(line.startswith("error: ") for line in lines) == 1, text
    return lines[-1]


def failed(result: subprocess.CompletedProcess[str]) -> str:
    """All that a command that failed in order has said."""
    said = result.stdout + result.stderr
    assert result.returncode == 1, said
    assert "Traceback" not in said
    return said


def check_fault(said: str, log: Path, message: str) -> None:
    """The log's last line is the message (a pattern), and the terminal has shown the same line."""
    line = last_line(log)
    assert re.fullmatch(f"error: {message}", line), line
    assert line in said.splitlines()


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file, hidden ones too, by its path below the folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pattern(words: str) -> str:
    """The regular expression of a message in which … stands for anything."""
    return re.escape(words).replace("…", ".+")
