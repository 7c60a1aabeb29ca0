"""The command `nlpflow`: trained runs put to use, one module per verb.

What a verb needs is imported when it runs, so that `--help` need not wait for torch.
"""

import io
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from nlpflow.cli import identify, init, results, tag, train, translate, vectors
from nlpflow.cli.lines import abandon_output, say
from nlpflow.cli.options import READING
from nlpflow.errors import SAVED, Interrupted, UserError


class _Verbs(TyperGroup):
    """The verbs; a closed pipe ends them with status 141, where Typer would say 1."""

    def invoke(self, ctx: Any) -> int:
        if sys.stdout is None:
            raise UserError("standard output: is closed")
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()  # at Python's end it would be too late to notice that nobody reads
        except BrokenPipeError:
            abandon_output()
            return 141
        return int(status or 0)


app = typer.Typer(
    cls=_Verbs,
    help="Use the runs that the nlpflow workflow has trained. A wheel has these verbs and the "
    "library; the workflow needs a clone of nlpflow's repository.",
    epilog="Exit status: 0 done, 1 an error that one line explains, 2 wrong usage, "
    "3 verify: some scores are of other data and do not compare, "
    f"{SAVED} training interrupted and saved, 130 Ctrl-C, 141 nobody reads the output any more.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=READING)(translate.translate)
app.command(epilog=READING)(identify.identify)
app.command(epilog=READING)(tag.tag)
app.command(epilog=READING)(vectors.neighbours)
app.command(epilog=READING)(vectors.analogy)
app.command()(train.train)
app.command()(results.verify)
app.command()(results.archive)
app.command()(init.init)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb and return the exit status; without arguments, print the help."""
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        return int(app(args=words, prog_name="nlpflow", standalone_mode=False) or 0)
    except UserError as error:
        say(str(error))
        return 1
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        verb = context.command_path if context else "nlpflow"
        say(f"{error.format_message()} (see {verb} --help)")
        return error.exit_code
    except Interrupted as interruption:
        say(str(interruption))
        return SAVED
