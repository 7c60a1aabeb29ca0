"""The progress display of `snakemake --logger nlpflow`.

On a terminal it is redrawn in place; otherwise it is printed line by line. Snakemake finds the
package by its name and imports it at each start, whatever logger is asked for, so modules that the
display needs are imported only when it is used.
"""

import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

if TYPE_CHECKING:
    from snakemake_logger_plugin_nlpflow.screen import Output

CHATTER = (
    "Adding ",
    "Assuming unrestricted shared filesystem",
    "Conda environments: ignored",
    "Creating report",
    "Elapsed time",
    "Group jobs: inactive",
    "Loading script code",
    "Provided ",
    "Removing temporary output",
    "Report created",
    "Rules claiming more threads",
    "Select jobs to execute",
    "Singularity containers: ignored",
    "Using shell",
)
"""Beginnings of messages that say nothing about this run; Snakemake's own log still has them."""
LOG_NAMED = "Complete log(s)"
"""The beginning of the message that names Snakemake's log; it is shown only after a failure."""


class LogHandler(LogHandlerBase):
    """Turns Snakemake's records into what the display shows."""

    def __post_init__(self) -> None:
        from snakemake_logger_plugin_nlpflow.running import Jobs

        common = self.common_settings
        # With these options the user asks for Snakemake's own output.
        self.verbatim = bool(common.dryrun or common.verbose or common.debug_dag)
        self.jobs = Jobs()
        self.failed = self.closed = False
        self.output = _output(bool(common.stdout), self.verbatim, bool(common.nocolor))
        self.events: dict[str | None, Callable[[Any], None]] = {
            LogEvent.RUN_INFO: self._begin,
            LogEvent.JOB_INFO: self._start,
            LogEvent.JOB_FINISHED: self._finish,
            LogEvent.PROGRESS: self._progress,
            LogEvent.JOB_ERROR: self._fail,
            LogEvent.SHELLCMD: self._command,
            LogEvent.JOB_STARTED: _ignore,
            LogEvent.RESOURCES_INFO: _ignore,
            LogEvent.WORKFLOW_STARTED: _ignore,
            LogEvent.RULEGRAPH: _ignore,
        }

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record; a defect here is printed and does not end Snakemake's log."""
        try:
            if self.verbatim:
                self.output.say(self.format(record))
            else:
                self.events.get(getattr(record, "event", None), self._message)(record)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Give the terminal back; Snakemake calls this more than once."""
        if not self.closed:
            self.closed = True
            self.output.close()
            if self.jobs.total:
                self.output.say(self.jobs.summary())
        super().close()

    def _begin(self, record: Any) -> None:
        self.jobs.total = record.stats["total"]
        self.output.say(f"{self.jobs.total} jobs to do")
        self.output.begin(self.jobs)

    def _start(self, record: Any) -> None:
        name = self.jobs.start(record)
        if not self.output.moves:
            self.output.say(f"started {name}")

    def _finish(self, record: Any) -> None:
        line = self.jobs.finish(record.job_id)
        if not self.output.moves:
            self.output.say(line)

    def _progress(self, record: Any) -> None:
        self.jobs.done, self.jobs.total = record.done, record.total

    def _fail(self, record: Any) -> None:
        self.failed = True
        self.output.say(self.jobs.failure(record), error=True)

    def _command(self, record: Any) -> None:
        if record.shellcmd:  # --printshellcmds; a script has none
            self.output.say(record.shellcmd)

    def _message(self, record: logging.LogRecord) -> None:
        """Whatever is neither a step of the run nor chatter."""
        error = record.levelno >= logging.ERROR
        self.failed |= error
        text = self.format(record)
        shown = self.failed if text.startswith(LOG_NAMED) else not text.startswith(CHATTER)
        if text and text != "None" and (error or shown):
            self.output.say(text, error=error)

    @property
    def writes_to_stream(self) -> bool:
        """The plugin writes to the terminal in place of Snakemake."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Snakemake's log file stays."""
        return False

    @property
    def has_filter(self) -> bool:
        """Snakemake's filter: `--quiet` holds here too."""
        return False

    @property
    def has_formatter(self) -> bool:
        """Messages that this plugin does not format itself are formatted by Snakemake."""
        return False

    @property
    def needs_rulegraph(self) -> bool:
        """No picture of the rules is drawn."""
        return False


def _output(stdout: bool, verbatim: bool, nocolor: bool) -> "Output":
    """Where to show: a terminal that can move its cursor, or any other stream."""
    from snakemake_logger_plugin_nlpflow.screen import Lines, Screen

    stream = sys.stdout if stdout else sys.stderr
    dumb = os.environ.get("TERM", "dumb") in ("dumb", "unknown")
    if verbatim or dumb or not stream.isatty():
        return Lines(stream)
    return Screen(nocolor)


def _ignore(record: Any) -> None:
    pass
