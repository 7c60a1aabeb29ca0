"""What the verbs of the command line have in common."""

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What a verb adds its parser to."""

RUN = "folder of a run: .../<experiment>/seed-<n>"


def positive(text: str) -> int:
    """A whole number from 1 on, for argparse."""
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)
