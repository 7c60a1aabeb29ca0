"""The one exception that stands for a user's mistake or a failing outside world."""


class UserError(Exception):
    """Bad input, config or download: its text is one line that says what, where and what to do.

    The command line and the workflow's scripts print the text without a traceback and exit with a
    non-zero status; any other exception is a defect of ours and keeps its traceback.
    """
