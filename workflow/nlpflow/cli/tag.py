"""The subcommand `nlpflow tag`."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from nlpflow.cli.lines import open_lines
from nlpflow.cli.options import RunFolder, Target, Texts, best, read_from
from nlpflow.text.streams import batches

MOST = 128
"""Sentences tagged at once."""


def tag(
    run: RunFolder,
    texts: Texts = None,
    source: Annotated[Path | None, read_from("--file")] = None,
    target: Target = None,
    conllu: Annotated[
        bool, typer.Option("--conllu", help="Read CoNLL-U rather than one sentence per line.")
    ] = False,
    written: Annotated[
        Literal["conllu", "columns", "colour"] | None,
        typer.Option(
            "--format",
            help="Choose the output format; default: conllu with --conllu; otherwise colour on a "
            "terminal, and columns elsewhere.",
        ),
    ] = None,
    marginals: Annotated[
        bool, typer.Option("--marginals", help="Print the probability of each printed tag.")
    ] = False,
    top: Annotated[
        int,
        best(
            "most probable tag sequences of each sentence with their log-probabilities", "--k-best"
        ),
    ] = 1,
) -> None:
    """Tag words, or find entities, with a trained run.

    Words are separated by spaces or tabs. `--format columns` writes one word per line and a blank
    line after each sentence; an empty input line becomes a single blank line. `--format colour`
    writes one sentence per line; an empty line stays empty. In `--format conllu`, the sent_id of a
    sentence is the number of its line; an empty line produces no output. With --conllu, everything
    but the tags is copied from the input. With --top, each sentence is printed K times, the most
    probable tags first, below a line with its rank and log-probability; an empty line is printed
    once.

    Example: nlpflow tag results/tagging/english/seed-1 "The old man the boat ." --marginals
    """
    if texts and conllu:
        raise typer.BadParameter(
            "reads a file or standard input; do not give texts", param_hint="--conllu"
        )
    with open_lines(texts, source, target, MOST) as lines:
        from nlpflow.cli.conllu_lines import conllu_sentences
        from nlpflow.cli.tag_answers import open_answers
        from nlpflow.cli.tag_formats import WRITERS, read_plain

        answers = open_answers(run, marginals, top)
        terminal = sys.stdout.isatty() and target is None
        written = written or ("conllu" if conllu else "colour" if terminal else "columns")
        write = WRITERS["terminal" if terminal and written == "conllu" else written]
        sentences = conllu_sentences(lines) if conllu else read_plain(lines)
        if conllu and written != "conllu":  # lines between sentences exist in CoNLL-U only
            sentences = (sentence for sentence in sentences if sentence.words)
        for batch in batches(sentences, 1 if lines.typed else MOST, lambda read: len(read.lines)):
            lines.write("".join(map(write, answers.of(batch))))
