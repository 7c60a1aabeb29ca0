"""The two exceptions that are not bugs: a user's mistake, and an interrupted training."""

SAVED = 75
"""Exit status of a job that has saved and is to run again (EX_TEMPFAIL of sysexits.h)."""


class UserError(Exception):
    """Bad input, config or download: its text is one line that says what, where and what to do.

    The command line and the workflow's scripts print the text without a traceback and exit with a
    non-zero status; any other exception is a defect of ours and keeps its traceback.
    """


class Interrupted(Exception):
    """A signal has ended a training; its state is saved. The text is one line, status `SAVED`."""
