"""`nlpflow tag`."""

import argparse
import sys

from nlpflow.cli.arguments import RUN, Commands, positive
from nlpflow.errors import UserError


def add_tag(commands: Commands) -> None:
    """The verb `tag`."""
    parser = commands.add_parser(
        "tag",
        help="tag sentences, or find their entities, with a trained run",
        description="Tag the words of sentences, or find their entities, with a run of task "
        "tagging or entities. Words stand between spaces. Without sentences they are read line "
        "by line from a file or from standard input.",
        epilog="example: nlpflow tag results/tagging/ewt-characters/seed-1 "
        '"The old man the boat ." --marginals',
    )
    parser.add_argument("run", metavar="RUN", help=RUN)
    parser.add_argument("sentences", metavar="SENTENCE", nargs="*", help="words between spaces")
    parser.add_argument("--file", metavar="FILE", help="read from this file")
    parser.add_argument(
        "--conllu", action="store_true", help="what is read is CoNLL-U, not a sentence a line"
    )
    parser.add_argument(
        "--format",
        choices=["conllu", "columns", "colour"],
        help="what is written; default: conllu for CoNLL-U, else colour on a terminal and columns "
        "elsewhere",
    )
    parser.add_argument(
        "--marginals", action="store_true", help="write the probability of each tag at its word"
    )
    parser.add_argument(
        "--k-best",
        type=positive,
        default=1,
        metavar="N",
        help="write the N best tag sequences of each sentence, each with its log probability",
    )
    parser.set_defaults(run_command=_tag)


def _tag(values: argparse.Namespace) -> int:
    from nlpflow.tasks.labelling.command import Format, Request, tag

    if values.sentences and (values.file or values.conllu):
        raise UserError("tag: give sentences, or --file and --conllu, not both")
    plain: Format = "colour" if sys.stdout.isatty() else "columns"
    written: Format = values.format or ("conllu" if values.conllu else plain)
    return tag(
        Request(
            values.run,
            values.sentences,
            values.file,
            values.conllu,
            written,
            values.marginals,
            values.k_best,
        )
    )
