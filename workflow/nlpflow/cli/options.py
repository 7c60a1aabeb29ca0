"""Arguments and options that several subcommands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

READING = (
    "Texts are UTF-8, one per line, with LF or CRLF at the end of a line. If a line is invalid "
    "UTF-8 or longer than a million bytes, the lines before it are processed, and the command ends "
    "with status 1. In arguments, invalid bytes are replaced. The output is UTF-8 in every locale; "
    "control characters are replaced in it. If a text begins with a hyphen, write -- before the "
    "texts."
)
"""Shown below the help of every subcommand that reads texts."""


def read_from(*aliases: str) -> Any:
    """The option `--input`."""
    return typer.Option(
        "--input",
        *aliases,
        metavar="FILE",
        help="Read lines from FILE; - is standard input, the default if no texts are given.",
    )


def best(what: str, *aliases: str) -> Any:
    """The option `--top`."""
    return typer.Option("--top", *aliases, metavar="K", min=1, help=f"Print the K {what}.")


RunFolder = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        help="Folder of a run (an experiment trained with one random seed): "
        ".../<experiment>/seed-<n>.",
    ),
]
Texts = Annotated[
    list[str] | None,
    typer.Argument(metavar="TEXT", help="Texts; if none is given, lines are read from --input."),
]
Source = Annotated[Path | None, read_from()]
Target = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write to FILE; an existing FILE is replaced only after all lines have been "
        "processed; default: standard output.",
    ),
]
ResultsFolder = Annotated[
    Path, typer.Option("--results", metavar="DIR", help="Folder of the workflow's results.")
]
