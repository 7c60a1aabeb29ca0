"""The command `nlpflow`, with one module per group of subcommands.

Modules that a subcommand needs are imported when it runs, so that `--help` does not wait for
PyTorch.
"""

import io
import logging
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from nlpflow.cli import (
    chat,
    command,
    export,
    identify,
    init,
    page,
    results,
    tag,
    train,
    translate,
    vectors,
)
from nlpflow.cli.lines import abandon_output, say
from nlpflow.cli.options import READING
from nlpflow.errors import SAVED, Interrupted, UserError

CLOSED_PIPE = 141
"""Exit status if the reader of the output has closed the pipe: 128 + 13, the number of SIGPIPE."""


class _Verbs(TyperGroup):
    """The group of subcommands.

    If the reader of the output has closed the pipe, nlpflow exits with 141, as other tools do.
    """

    def make_context(self, *arguments: Any, **extra: Any) -> Any:
        """Parse the arguments; this prints the help if they ask for it."""
        try:
            return super().make_context(*arguments, **extra)
        except BrokenPipeError:
            abandon_output()
            raise typer.Exit(CLOSED_PIPE) from None

    def invoke(self, ctx: Any) -> int:
        """Run a subcommand and return the exit status."""
        if sys.stdout is None:
            raise UserError("standard output: is closed")
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()  # when Python exits it is too late to notice a closed pipe
        except BrokenPipeError:
            abandon_output()
            return CLOSED_PIPE
        return int(status or 0)


app = typer.Typer(
    cls=_Verbs,
    help="Use the models that the nlpflow workflow has trained. The installed package has these "
    "commands and the library; the workflow itself needs a clone of nlpflow's repository.",
    epilog="Exit status: 0 success; 1 an error, explained in one line; 2 wrong usage; "
    "3 (only `verify`) some scores cannot be compared because the data have changed; "
    f"{SAVED} training interrupted and saved; 130 Ctrl-C; {CLOSED_PIPE} the reader of the output "
    "has closed the pipe.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=READING)(translate.translate)
app.command(epilog=READING)(command.command)
app.command(epilog=READING)(chat.chat)
app.command(epilog=READING)(identify.identify)
app.command(epilog=READING)(tag.tag)
app.command(epilog=READING)(vectors.neighbours)
app.command(epilog=READING)(vectors.analogy)
app.command()(train.train)
app.command()(page.page)
app.command()(export.export)
app.command()(results.verify)
app.command()(results.archive)
app.command()(results.summary)
app.command()(init.init)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the exit status; without arguments, print the help."""
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")
    logging.basicConfig(format="nlpflow: %(message)s")
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        return int(app(args=words, prog_name="nlpflow", standalone_mode=False) or 0)
    except UserError as error:
        say(str(error))
        return 1
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "nlpflow"
        say(f"{error.format_message()} (see {command} --help)")
        return error.exit_code
    except Interrupted as interruption:
        say(str(interruption))
        return SAVED
