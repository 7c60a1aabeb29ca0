"""The jobs of a run of Snakemake: how many, which ones run, how far they are."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlpflow.jobs import JobStatus, StatusFile, clock

LAST_LINES = 40
"""How many lines of a failed job's log are shown, counted from its end."""
INDENT = "    "


@dataclass(frozen=True)
class Job:
    """A job that runs."""

    name: str
    logs: tuple[str, ...]
    begun: float
    """When the job started, in seconds since 1970."""

    def status(self) -> JobStatus | None:
        """The status that the job has written; None if it has written none."""
        return StatusFile(self.logs[0]).read(self.begun) if self.logs else None

    def details(self) -> list[str]:
        """The texts after the job's name, the most important first."""
        status = self.status()
        if status is None:
            return [clock(time.time() - self.begun)]
        return [status.step, *status.details()]


@dataclass
class Jobs:
    """The jobs of a run; changed while Snakemake's records come in, read while it is drawn."""

    total: int = 0
    done: int = 0
    running: dict[int, Job] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    """The failed jobs, except those that Snakemake has started again."""
    begun: float = field(default_factory=time.time)

    def start(self, record: Any) -> str:
        """Record that a job has started, for the first time or again; return its name."""
        name = name_of(record.rule_name, record.wildcards)
        self.failed.discard(record.jobid)
        self.running[record.jobid] = Job(name, tuple(record.log), time.time())
        return name

    def finish(self, number: int) -> str:
        """Record that a job has succeeded; return the line that says so."""
        self.done += 1
        job = self.running.pop(number, None)
        if job is None:  # `--quiet rules` does not say what starts
            return self._counted()
        return f"done {job.name} in {clock(time.time() - job.begun)}: {self._counted()}"

    def failure(self, record: Any) -> str:
        """Record that a job has failed; return its name and the end and the path of its log."""
        self.failed.add(record.jobid)
        job = self.running.pop(record.jobid, None)
        parts = [f"Error in {job.name if job else record.rule_name}:"]
        parts += [f"{INDENT}{name}: {value}" for name, value in record.aux.items()]
        parts += [f"{INDENT}{record.shellcmd}"] if record.shellcmd else []
        for log in record.log:
            parts += [f"{INDENT}{line}" for line in _end_of(Path(log))]
            parts.append(f"{INDENT}log: {log}")
        return "\n".join(parts)

    def heading(self) -> str:
        """One line about all of them."""
        waiting = max(0, self.total - self.done - len(self.running))
        times = clock(time.time() - self.begun)
        return f"{self._counted()}, {len(self.running)} running, {waiting} left, {times}"

    def summary(self) -> str:
        """One line when nothing runs any more."""
        return f"{self._counted()} in {clock(time.time() - self.begun)}"

    def _counted(self) -> str:
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{self.done} of {self.total} jobs done{failed}"


def name_of(rule: str, wildcards: Mapping[str, Any]) -> str:
    """A rule and the values of its wildcards; a number follows the name of its wildcard."""
    values = {name: str(value) for name, value in wildcards.items()}
    return " ".join(
        [rule, *(f"{name} {value}" if value.isdigit() else value for name, value in values.items())]
    )


def drawing(jobs: Jobs, width: int, height: int) -> list[str]:
    """The lines that show the jobs now, none wider than the terminal if words allow it.

    If each job fits into one line, the jobs are set in columns; otherwise the details of a job go
    below its name. Jobs that report their progress come first. Jobs that do not fit on the screen
    are only counted.
    """
    rows = [(job.name, job.details()) for job in list(jobs.running.values())]
    rows.sort(key=lambda row: len(row[1]) == 1)
    blocks = [[line] for line in _in_columns(rows)]
    if any(len(line) > width for [line] in blocks):
        blocks = [list(_below_the_name(*row, width)) for row in rows]
    lines = list(_wrapped(jobs.heading().split(" "), width, "", " "))
    for number, block in enumerate(blocks):
        if len(lines) + len(block) + (number + 1 < len(blocks)) > height:
            return [*lines, f"  and {len(blocks) - number} more"]
        lines += block
    return lines


def _in_columns(rows: list[tuple[str, list[str]]]) -> Iterator[str]:
    if not rows:
        return
    cells = [[f"  {name}", *details] for name, details in rows]
    widths = [0] * max(map(len, cells))
    for row in cells:
        for column, cell in enumerate(row[:-1]):
            widths[column] = max(widths[column], len(cell))
    for row in cells:
        yield "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=False)
        ).rstrip()


def _below_the_name(name: str, details: list[str], width: int) -> Iterator[str]:
    line = "  ".join([f"  {name}", *details])
    if len(line) <= width:
        yield line
    else:
        yield f"  {name}"
        yield from _wrapped(details, width, INDENT, "  ")


def _wrapped(items: list[str], width: int, indent: str, between: str) -> Iterator[str]:
    """Items one after the other, in as many lines as they need."""
    line = indent + items[0]
    for item in items[1:]:
        if len(line) + len(between) + len(item) > width:
            yield line
            line = indent + item
        else:
            line += between + item
    yield line


def _end_of(log: Path) -> list[str]:
    """The last lines of a log, and how many stand before them."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ["(it has no log)"]
    before = len(lines) - LAST_LINES
    return [*([f"({before} lines before)"] if before > 0 else []), *lines[-LAST_LINES:]]
