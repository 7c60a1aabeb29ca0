"""`nlpflow neighbours` and `nlpflow analogy`."""

import argparse

from nlpflow.cli.arguments import RUN, Commands


def add_neighbours(commands: Commands) -> None:
    """The verb `neighbours`."""
    parser = commands.add_parser(
        "neighbours",
        help="the words nearest to a word, by a run of word embeddings",
        description="The words with the most similar vectors. For each word a line: the word, then "
        "its neighbours with their cosines, divided by tabs.",
        epilog="example: nlpflow neighbours results/embeddings/english-skipgram/seed-1 king tea",
    )
    parser.add_argument("run", metavar="RUN", help=RUN)
    parser.add_argument("words", metavar="WORD", nargs="+", help="a word")
    parser.add_argument("--top", type=int, default=10, metavar="K", help="so many (%(default)s)")
    parser.set_defaults(run_command=_neighbours)


def _neighbours(values: argparse.Namespace) -> int:
    from nlpflow.tasks.embeddings.command import neighbours

    return neighbours(values.run, values.words, values.top)


def add_analogy(commands: Commands) -> None:
    """The verb `analogy`."""
    parser = commands.add_parser(
        "analogy",
        help="a is to b as c is to what? by a run of word embeddings",
        description="What is to C as B is to A: the words nearest to B - A + C, a line each with "
        "its cosine.",
        epilog="example: nlpflow analogy results/embeddings/english-skipgram/seed-1 man king woman",
    )
    parser.add_argument("run", metavar="RUN", help=RUN)
    for name in ("a", "b", "c"):
        parser.add_argument(name, metavar=name.upper(), help="a word")
    parser.add_argument("--top", type=int, default=5, metavar="K", help="so many (%(default)s)")
    parser.set_defaults(run_command=_analogy)


def _analogy(values: argparse.Namespace) -> int:
    from nlpflow.tasks.embeddings.command import analogy

    return analogy(values.run, (values.a, values.b, values.c), values.top)
