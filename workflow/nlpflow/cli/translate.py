"""`nlpflow translate`."""

import argparse
from pathlib import Path

from nlpflow.cli.arguments import RUN, Commands, positive


def add_translate(commands: Commands) -> None:
    """The verb `translate`."""
    parser = commands.add_parser(
        "translate",
        help="translate sentences with a trained run",
        description="Translate sentences with a trained run. Sentences may be raw: they go "
        "through the run's own normalisation. Without any, they are read line by line from "
        "--input or standard input, of any size, as UTF-8; an empty line stays empty. Words that "
        "the run does not know are reported on standard error.",
        epilog="example: nlpflow translate results/translation/sample-additive/seed-1 "
        '"Je ne crains pas de mourir." --attention out.png',
    )
    parser.add_argument("run", metavar="RUN", help=RUN)
    parser.add_argument("sentences", metavar="SENTENCE", nargs="*", help="a source sentence")
    parser.add_argument("--input", type=Path, metavar="FILE", help="read lines from a file")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write to a file, which is replaced when the last line is translated",
    )
    parser.add_argument(
        "--beam",
        type=positive,
        metavar="N",
        help="hypotheses searched side by side; 1: greedy search (default: the run's)",
    )
    parser.add_argument(
        "--n-best",
        type=positive,
        metavar="M",
        help="write the M best translations of each line, at most as many as the beam has: line "
        "number, score and text, divided by tabs",
    )
    parser.add_argument(
        "--attention",
        type=Path,
        metavar="FILE",
        help="draw the attention of the (only) sentence; .png or .svg",
    )
    parser.set_defaults(run_command=_translate)


def _translate(values: argparse.Namespace) -> int:
    from nlpflow.tasks.translation.command import Request, translate

    return translate(
        Request(
            Path(values.run),
            values.sentences,
            values.input,
            values.output,
            values.beam,
            values.n_best,
            values.attention,
        )
    )
