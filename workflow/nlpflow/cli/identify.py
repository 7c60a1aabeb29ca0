"""`nlpflow identify`."""

import argparse

from nlpflow.cli.arguments import RUN, Commands


def add_identify(commands: Commands) -> None:
    """The verb `identify`."""
    parser = commands.add_parser(
        "identify",
        help="tell the language of texts with a trained run",
        description="Tell the language of texts with a trained run: for each a line with the "
        "language and its probability, divided by a tab. Without any, texts are read line by line "
        "from standard input. The answer is und where no language reaches the threshold, and for "
        "text without letters or in a script that the run was not trained on.",
        epilog='example: nlpflow identify results/language_id/four/seed-1 "Yo creo que sí."',
    )
    parser.add_argument("run", metavar="RUN", help=RUN)
    parser.add_argument("texts", metavar="TEXT", nargs="*", help="a text")
    parser.add_argument(
        "--top", type=int, default=1, metavar="K", help="answer so many languages (%(default)s)"
    )
    parser.add_argument(
        "--threshold",
        type=float,
        default=0.0,
        metavar="P",
        help="leave out languages with a lower probability (%(default)s)",
    )
    parser.add_argument(
        "--csv",
        metavar="FILE",
        help="identify a column of a CSV file with a header; it is written with the answers in "
        "columns of their own",
    )
    parser.add_argument("--column", metavar="NAME", help="the column of --csv")
    parser.set_defaults(run_command=_identify)


def _identify(values: argparse.Namespace) -> int:
    from nlpflow.tasks.language_id.command import identify

    return identify(
        values.run, values.texts, values.top, values.threshold, values.csv, values.column
    )
