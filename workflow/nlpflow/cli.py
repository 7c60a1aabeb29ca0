"""The command `nlpflow`: trained runs put to use."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nlpflow.errors import UserError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; a user's error is one line on stderr and exit status 1."""
    parser = argparse.ArgumentParser(
        prog="nlpflow", description="Use the runs that the nlpflow workflow has trained."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_translate(commands)
    _add_train(commands)
    values, rest = parser.parse_known_args(arguments)
    if values.command == "translate" and not any(word.startswith("--") for word in rest):
        values.sentences += rest  # argparse takes no sentence that stands behind an option
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return int(values.run_command(values))
    except UserError as error:
        print(f"nlpflow: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody reads on, as after `| head`. What is buffered has nowhere to go at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _add_translate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
    parser.add_argument("run", metavar="RUN", help="folder of a run: .../<experiment>/seed-<n>")
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
        type=_positive,
        metavar="N",
        help="hypotheses searched side by side; 1: greedy search (default: the run's)",
    )
    parser.add_argument(
        "--n-best",
        type=_positive,
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
    # Imported here: --help must not wait for torch.
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


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of at least 1, not {text!r}")
    return int(text)


def _add_train(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "train",
        help="train one run without Snakemake",
        description="Train one run on data that the workflow has prepared and encoded, without "
        "Snakemake: on a machine that has none, or for measurements.",
        epilog="example: nlpflow train sample-additive --output /tmp/run",
    )
    parser.add_argument("experiment", metavar="EXPERIMENT", help="an experiment of the config")
    parser.add_argument("--configfile", default="config/config.yaml", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="random seed, default: %(default)s")
    parser.add_argument(
        "--data", default="data", help="folder of prepared/, vocabularies/, encoded/ (%(default)s)"
    )
    parser.add_argument("--output", required=True, metavar="DIR", help="folder of the new run")
    parser.set_defaults(run_command=_train)


def _train(values: argparse.Namespace) -> int:
    from nlpflow.tasks.command import train

    return train(values.experiment, values.configfile, values.seed, values.data, values.output)


if __name__ == "__main__":
    sys.exit(main())
