"""Where the display is shown: a terminal that moves its cursor, or a stream of lines."""

import os
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from typing import Protocol, TextIO

from rich.console import Console, ConsoleDimensions, Group
from rich.live import Live
from rich.text import Text

from nlpflow.jobs import DISPLAYED
from snakemake_logger_plugin_nlpflow.running import Jobs, drawing

REDRAW_SECONDS = 0.5


class Output(Protocol):
    """What the display is shown on."""

    moves: bool
    """Whether the display is redrawn in place; then no line is added when a job starts or ends."""

    def say(self, text: str, error: bool = False) -> None:
        """Text that stays."""
        ...

    def begin(self, jobs: Jobs) -> None:
        """Start to show running jobs."""
        ...

    def close(self) -> None:
        """No more jobs run; text that stays may follow."""
        ...


class Lines:
    """A file, a pipe or a simple terminal: lines, and nothing else."""

    moves = False

    def __init__(self, stream: TextIO):
        self.stream = stream

    def say(self, text: str, error: bool = False) -> None:
        """Text that stays."""
        print(text, file=self.stream, flush=True)

    def begin(self, jobs: Jobs) -> None:
        """Lines need no preparation."""

    def close(self) -> None:
        """Nothing is left to do."""


class Screen:
    """A terminal: running jobs are drawn at its end again and again, text that stays goes above.

    Meanwhile standard output and standard error of this process, and so of the jobs that it starts,
    are a file, because their text would tear the drawing apart; what they write is shown above it.
    A pipe would not do: jobs must be able to write on after Snakemake has been killed.
    """

    moves = True

    def __init__(self, nocolor: bool):
        self.nocolor = nocolor
        self.console = _console(sys.stderr, nocolor)
        self._lock = threading.RLock()
        self._live: Live | None = None
        self._ended = threading.Event()
        self._stopped = StoppedPython()

    def say(self, text: str, error: bool = False) -> None:
        """Text that stays."""
        with self._lock:
            self._show_caught()
            self.console.print(Text(text, style="red" if error else ""), soft_wrap=True)

    def begin(self, jobs: Jobs) -> None:
        """Draw the jobs from now on."""
        self.jobs = jobs
        self._caught, self._rest, self._read = tempfile.TemporaryFile(), b"", 0  # noqa: SIM115
        _flush()
        self._terminals = {number: os.dup(number) for number in (1, 2) if os.isatty(number)}
        terminal = os.fdopen(os.dup(2), "w", encoding=sys.stderr.encoding, errors="replace")
        for number in self._terminals:
            os.dup2(self._caught.fileno(), number)
        os.environ[DISPLAYED] = "1"
        self.console = _console(terminal, self.nocolor)
        self._live = Live(
            console=self.console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()
        self.console.show_cursor(True)  # it would stay hidden if this process were killed
        self._ended.clear()
        self._thread = threading.Thread(target=self._draw, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Give the terminal back as it was."""
        if self._live is None:
            return
        self._ended.set()
        self._thread.join()
        self._live.stop()
        self._live = None
        _flush()
        for number, terminal in self._terminals.items():
            os.dup2(terminal, number)
            os.close(terminal)
        self._show_caught(last=True)
        self._caught.close()
        os.environ.pop(DISPLAYED, None)
        self.console.file.close()
        self.console = _console(sys.stderr, self.nocolor)

    def _draw(self) -> None:
        """Until the end, draw the jobs and what was caught."""
        assert self._live is not None
        while not self._ended.wait(REDRAW_SECONDS):
            with self._lock:
                self._show_caught()
                width, height = os.get_terminal_size(self.console.file.fileno())
                # Of some terminals the size is unknown, and 0.
                self.console.size = ConsoleDimensions(width or 80, height or 24)
                lines = drawing(self.jobs, self.console.width, self.console.height - 2)
                cropped = [Text(line, no_wrap=True, overflow="ellipsis") for line in lines]
                cropped[0].stylize("bold")
                self._live.update(Group("", *cropped), refresh=True)

    def _show_caught(self, last: bool = False) -> None:
        """Print what was written to standard output and error since, in whole lines."""
        if self._live is None and not last:
            return
        while data := os.pread(self._caught.fileno(), 1 << 16, self._read):
            self._read += len(data)
            self._rest += data
        *lines, self._rest = self._rest.split(b"\n")
        if last and self._rest:
            lines.append(self._rest)
        decoded = (line.decode("utf-8", errors="replace") for line in lines)
        for line in self._stopped.without(decoded, last):
            self.console.print(Text.from_ansi(line), soft_wrap=True)


class StoppedPython:
    """Removes the traceback that Python prints if Ctrl-C comes before a job has its own handler."""

    def __init__(self) -> None:
        self._traceback: list[str] = []

    def without(self, lines: Iterable[str], last: bool) -> Iterator[str]:
        """The lines but for tracebacks of KeyboardInterrupt; these may begin in an earlier call."""
        for line in lines:
            begins = line.startswith("Traceback (most recent call last)")
            if begins or (self._traceback and line[:1] in ("", " ")):
                self._traceback.append(line)
                continue
            if line != "KeyboardInterrupt" or not self._traceback:
                yield from [*self._traceback, line]
            self._traceback = []
        if last:
            yield from self._traceback


def _console(file: TextIO, nocolor: bool) -> Console:
    return Console(file=file, no_color=nocolor or None, highlight=False)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
