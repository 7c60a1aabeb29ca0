"""`nlpflow tag`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nlpflow.cli.lines import open_lines
from nlpflow.cli.options import Run, Target, Texts, best, read_from
from nlpflow.text.streams import batches

if TYPE_CHECKING:
    from conllu.models import TokenList

    from nlpflow.cli.tag_formats import Labelled
    from nlpflow.tasks.labelling.labeller import Labeller
    from nlpflow.text.tag_schemes import Scheme

MOST = 128
"""Sentences labelled at once."""


def tag(
    run: Run,
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
    line is not.

    Example: nlpflow tag results/tagging/ewt-characters/seed-1 "The old man the boat ." --marginals
    """
    if texts and conllu:
        raise typer.BadParameter("CoNLL-U is not read from texts", param_hint="--conllu")
    with open_lines(texts, source, target, MOST) as lines:
        from nlpflow.cli import tag_formats
        from nlpflow.tasks.labelling.labeller import load_labeller
        from nlpflow.tasks.labelling.scoring import scheme_of

        labeller, settings, normalisation = load_labeller(run)
        scheme = scheme_of(settings)
        plain = "colour" if sys.stdout.isatty() and target is None else "columns"
        write = tag_formats.WRITERS[written or ("conllu" if conllu else plain)]
        read = tag_formats.read_conllu if conllu else tag_formats.read_plain
        for batch in batches(read(lines), 1 if lines.typed else MOST, len):
            found = _label(labeller, batch, normalisation, scheme, marginals, top)
            lines.write("".join(map(write, found)))


def _label(
    labeller: "Labeller",
    sentences: "Sequence[TokenList]",
    normalisation: str,
    scheme: "Scheme | None",
    marginals: bool,
    top: int,
) -> "Iterator[Labelled]":
    """The `top` best tags of each sentence; an empty one has none, once."""
    from nlpflow.cli.tag_formats import Labelled, words_of
    from nlpflow.prepare.tagged import normalise_words
    from nlpflow.text.tag_schemes import read_spans, write_tags

    filled = [normalise_words(words, normalisation) for words in map(words_of, sentences) if words]
    candidates: Iterator[list[tuple[list[str], float | None]]]
    if top > 1:
        candidates = ([*ranked] for ranked in labeller.k_best(filled, top))
    else:
        candidates = ([(tags, None)] for tags in labeller.label(filled))
    tables = iter(labeller.probabilities(filled) if marginals else [])
    numbers = labeller.vocabulary.tag_ids
    for sentence in sentences:
        words = words_of(sentence)
        table = next(tables, None) if words else None
        for rank, (tags, score) in enumerate(next(candidates) if words else [([], None)], start=1):
            shares = []
            if table is not None:
                shares = [float(table[at, numbers[name]]) for at, name in enumerate(tags)]
            # Entities are shown in IOB2, whatever the model has inside.
            shown = write_tags(read_spans(tags, scheme)[0], len(tags)) if scheme else tags
            yield Labelled(sentence, words, shown, scheme is not None, shares, rank, score)
