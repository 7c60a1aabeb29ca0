"""The expected exceptions: a user's mistake and an interrupted training."""

SAVED = 75
"""Exit status of a training that has saved its state and must be started again (EX_TEMPFAIL of
sysexits.h)."""


class UserError(Exception):
    """A mistake in the input, the config or a download.

    The text is one line: what is wrong, where, and what to do.

    The command line and the workflow's scripts print the text without a traceback and exit with a
    non-zero status; any other exception is a bug in nlpflow and keeps its traceback.
    """


class Interrupted(Exception):
    """A signal stopped a training, whose state is saved; the exit status is `SAVED`."""
