"""`nlpflow tag`."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from nlpflow.cli.lines import open_lines
from nlpflow.cli.options import RunFolder, Target, Texts, best, read_from
from nlpflow.text.streams import batches

MOST = 128
"""Sentences labelled at once."""


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
            help="Format of the output; default: conllu for CoNLL-U, else colour on a terminal and "
            "columns elsewhere.",
        ),
    ] = None,
    marginals: Annotated[
        bool, typer.Option("--marginals", help="Print the probability of each tag at its word.")
    ] = False,
    top: Annotated[
        int,
        best("best tag sequences of each sentence, each with its log probability", "--k-best"),
    ] = 1,
) -> None:
    """Tag the words of sentences, or find their entities, with a trained run.

    Words stand between spaces or tabs. In columns every sentence ends with a blank line, and an
    empty line gives the blank line alone. In colour every sentence is one line, and an empty line
    stays empty. In CoNLL-U an empty line gives nothing, and sent_id is the number of the line. With
    --top each sentence is repeated, best tags first, under its rank and log probability; an empty
    line is not. CoNLL-U that is read comes back as it stands, but for the tags.

    Example: nlpflow tag results/tagging/ewt-characters/seed-1 "The old man the boat ." --marginals
    """
    if texts and conllu:
        raise typer.BadParameter("CoNLL-U is not read from texts", param_hint="--conllu")
    with open_lines(texts, source, target, MOST) as lines:
        from nlpflow.cli.conllu_lines import conllu_sentences
        from nlpflow.cli.tag_answers import open_answers
        from nlpflow.cli.tag_formats import WRITERS, read_plain

        answers = open_answers(run, marginals, top)
        terminal = sys.stdout.isatty() and target is None
        written = written or ("conllu" if conllu else "colour" if terminal else "columns")
        write = WRITERS["terminal" if terminal and written == "conllu" else written]
        sentences = conllu_sentences(lines) if conllu else read_plain(lines)
        if conllu and written != "conllu":  # what stands between sentences belongs to the format
            sentences = (sentence for sentence in sentences if sentence.words)
        for batch in batches(sentences, 1 if lines.typed else MOST, lambda read: len(read.lines)):
            lines.write("".join(map(write, answers.of(batch))))
