"""Options that several verbs have."""

from pathlib import Path
from typing import Annotated, Any

import typer

READING = (
    "Texts are UTF-8, one per line; LF or CRLF ends a line. A line that is not UTF-8, or longer "
    "than a million bytes, ends the command with status 1 after the answers to the lines before "
    "it; in arguments invalid bytes are replaced. Control characters are replaced in the output, "
    "which is UTF-8 whatever the locale. After -- a text may begin with a hyphen."
)
"""What holds for every verb that reads texts, below its help."""


def read_from(*aliases: str) -> Any:
    """The option `--input`."""
    return typer.Option(
        "--input",
        *aliases,
        metavar="FILE",
        help="Read lines from FILE; - is standard input, the default where no texts are given.",
    )


def best(what: str, *aliases: str) -> Any:
    """The option `--top`."""
    return typer.Option("--top", *aliases, metavar="K", min=1, help=f"Print the K {what}.")


RunFolder = Annotated[
    Path, typer.Argument(metavar="RUN", help="Folder of a run: .../<experiment>/seed-<n>.")
]
Texts = Annotated[
    list[str] | None,
    typer.Argument(metavar="TEXT", help="Texts; without any, lines are read."),
]
Source = Annotated[Path | None, read_from()]
Target = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write to FILE, which is replaced when the last line is answered; default: standard "
        "output.",
    ),
]
ResultsFolder = Annotated[
    Path, typer.Option("--results", metavar="DIR", help="Folder of the workflow's results.")
]
