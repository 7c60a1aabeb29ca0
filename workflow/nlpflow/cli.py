"""The command `nlpflow`: trained runs put to use."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nlpflow.errors import SAVED, Interrupted, UserError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; a user's error is one line on stderr and exit status 1."""
    parser = argparse.ArgumentParser(
        prog="nlpflow", description="Use the runs that the nlpflow workflow has trained."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_translate(commands)
    _add_identify(commands)
    _add_tag(commands)
    _add_neighbours(commands)
    _add_analogy(commands)
    _add_train(commands)
    _add_verify(commands)
    _add_archive(commands)
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


def _add_identify(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "identify",
        help="tell the language of texts with a trained run",
        description="Tell the language of texts with a trained run: for each a line with the "
        "language and its probability, divided by a tab. Without any, texts are read line by line "
        "from standard input. The answer is und where no language reaches the threshold, and for "
        "text without letters or in a script that the run was not trained on.",
        epilog='example: nlpflow identify results/language_id/four/seed-1 "Yo creo que sí."',
    )
    parser.add_argument("run", metavar="RUN", help="folder of a run: .../<experiment>/seed-<n>")
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


def _add_tag(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "tag",
        help="tag sentences, or find their entities, with a trained run",
        description="Tag the words of sentences, or find their entities, with a run of task "
        "tagging or entities. Words stand between spaces. Without sentences they are read line "
        "by line from a file or from standard input.",
        epilog="example: nlpflow tag results/tagging/ewt-characters/seed-1 "
        '"The old man the boat ." --marginals',
    )
    parser.add_argument("run", metavar="RUN", help="folder of a run: .../<experiment>/seed-<n>")
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
        type=_positive,
        default=1,
        metavar="N",
        help="write the N best tag sequences of each sentence, each with its log probability",
    )
    parser.set_defaults(run_command=_tag)


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


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


def _add_neighbours(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "neighbours",
        help="the words nearest to a word, by a run of word embeddings",
        description="The words with the most similar vectors. For each word a line: the word, then "
        "its neighbours with their cosines, divided by tabs.",
        epilog="example: nlpflow neighbours results/embeddings/english-skipgram/seed-1 king tea",
    )
    parser.add_argument("run", metavar="RUN", help="folder of a run: .../<experiment>/seed-<n>")
    parser.add_argument("words", metavar="WORD", nargs="+", help="a word")
    parser.add_argument("--top", type=int, default=10, metavar="K", help="so many (%(default)s)")
    parser.set_defaults(run_command=_neighbours)


def _neighbours(values: argparse.Namespace) -> int:
    from nlpflow.tasks.embeddings.command import neighbours

    return neighbours(values.run, values.words, values.top)


def _add_analogy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "analogy",
        help="a is to b as c is to what? by a run of word embeddings",
        description="What is to C as B is to A: the words nearest to B - A + C, a line each with "
        "its cosine.",
        epilog="example: nlpflow analogy results/embeddings/english-skipgram/seed-1 man king woman",
    )
    parser.add_argument("run", metavar="RUN", help="folder of a run: .../<experiment>/seed-<n>")
    for name in ("a", "b", "c"):
        parser.add_argument(name, metavar=name.upper(), help="a word")
    parser.add_argument("--top", type=int, default=5, metavar="K", help="so many (%(default)s)")
    parser.set_defaults(run_command=_analogy)


def _analogy(values: argparse.Namespace) -> int:
    from nlpflow.tasks.embeddings.command import analogy

    return analogy(values.run, (values.a, values.b, values.c), values.top)


def _add_train(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "train",
        help="train one run without Snakemake",
        description="Train one run on data that the workflow has prepared and encoded, without "
        "Snakemake: on a machine that has none, or for measurements. Interrupted, it goes on "
        "when it is started again.",
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


def _add_verify(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "verify",
        help="hold the results of a config against the reference",
        description="Hold what the workflow has measured with a config against the reference in "
        "this repository. A figure may be three standard deviations over random seeds away from "
        "the reference's with the same seed; with the same code, data and versions on the same "
        "kind of processor it must be equal. Exits with 1 if a figure fails.",
        epilog="example: nlpflow verify attentions",
    )
    parser.add_argument("config", metavar="CONFIG", help="the `name` of a config")
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="default: %(default)s"
    )
    parser.set_defaults(run_command=_verify)


def _verify(values: argparse.Namespace) -> int:
    from nlpflow.reference import report

    return report(values.results, values.config)


def _add_archive(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "archive",
        help="one zip of what a config has measured",
        description="Write one zip with config, metrics, figures, report, run cards and pinned "
        "versions of a config that has been run and reported, described as an RO-Crate. Weights "
        "and predictions stay out.",
        epilog="example: nlpflow archive config/attentions.yaml",
    )
    parser.add_argument("configfile", metavar="CONFIGFILE", type=Path, help="the config's file")
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="default: %(default)s"
    )
    parser.add_argument(
        "--output", type=Path, metavar="ZIP", help="default: <results>/<name of the config>.zip"
    )
    parser.set_defaults(run_command=_archive)


def _archive(values: argparse.Namespace) -> int:
    from nlpflow.crate import archive
    from nlpflow.settings.loading import load_config, read_yaml

    config, _ = load_config(read_yaml(values.configfile), Path())
    output = values.output or values.results / f"{config.name}.zip"
    return archive(values.results, config.name, values.configfile, output)


if __name__ == "__main__":
    sys.exit(main())
