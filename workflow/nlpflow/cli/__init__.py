"""The command `nlpflow`: trained runs put to use.

The modules hold the options of the verbs and no more: what a verb does is imported when it is
typed, so that `--help` need not wait for torch.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from nlpflow.cli.identify import add_identify
from nlpflow.cli.init import add_init
from nlpflow.cli.results import add_archive, add_verify
from nlpflow.cli.tag import add_tag
from nlpflow.cli.train import add_train
from nlpflow.cli.translate import add_translate
from nlpflow.cli.vectors import add_analogy, add_neighbours
from nlpflow.errors import SAVED, Interrupted, UserError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; a user's error is one line on stderr and exit status 1."""
    parser = argparse.ArgumentParser(
        prog="nlpflow", description="Use the runs that the nlpflow workflow has trained."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    add_translate(commands)
    add_identify(commands)
    add_tag(commands)
    add_neighbours(commands)
    add_analogy(commands)
    add_train(commands)
    add_verify(commands)
    add_archive(commands)
    add_init(commands)
    values, rest = parser.parse_known_args(arguments)
    if values.command == "translate" and not any(word.startswith("--") for word in rest):
        values.sentences += rest  # argparse takes no sentence that stands behind an option
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        status = _status(values)
        sys.stdout.flush()  # at Python's end it would be too late to notice that nobody reads
        return status
    except BrokenPipeError:
        # Who reads the output has seen enough; Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _status(values: argparse.Namespace) -> int:
    """What the subcommand returns."""
    try:
        return int(values.run_command(values))
    except UserError as error:
        print(f"nlpflow: {error}", file=sys.stderr)
        return 1
    except Interrupted as interruption:
        print(f"nlpflow: {interruption}", file=sys.stderr)
        return SAVED
    except KeyboardInterrupt:
        return 130
