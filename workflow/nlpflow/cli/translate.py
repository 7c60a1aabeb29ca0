"""The subcommand `nlpflow translate`."""

import os
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlpflow.cli.lines import open_lines, say
from nlpflow.cli.options import RunFolder, Source, Target, best
from nlpflow.errors import UserError
from nlpflow.text.streams import printable

if TYPE_CHECKING:
    from nlpflow.api import Translation, TranslationRun

MOST = 4096
"""How many lines are sorted by length and translated together."""


RunsAndTexts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="RUN|TEXT",
        help="Further runs, which decode together with the first, then texts; if no text is "
        "given, lines are read from --input.",
    ),
]


def translate(
    run: RunFolder,
    texts: RunsAndTexts = None,
    source: Source = None,
    target: Target = None,
    beam: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Keep the N best hypotheses in beam search; 1 is greedy search; default: the beam "
            "with which the run was evaluated.",
        ),
    ] = None,
    top: Annotated[
        int | None,
        best(
            "best translations of each line, one per row: line number, score and text, separated "
            "by tabs; K is at most the beam; default: only the text of the best translation",
            "--n-best",
        ),
    ] = None,
    attention: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Plot the attention of one text into FILE (.png or .svg)."
        ),
    ] = None,
) -> None:
    """Translate sentences with a trained run.

    Sentences may be raw text: they are normalised as the run's training set was. An empty line
    stays empty; with --top it gives one row with score 0.0000 and an empty text. Warnings about
    words that the run does not know are printed on standard error.

    Several runs with the same vocabulary decode together: every step takes the mean of their
    probabilities, and the search is that of the first run.

    Example: nlpflow translate results/translation/sample-additive/seed-1 "Je ne crains pas de
    mourir." --attention out.png
    """
    runs, texts = _runs_first(texts or [])
    if attention is not None:
        _check_drawing(attention, len(texts), top)
    with open_lines(texts, source, target, MOST) as lines:
        from nlpflow.cli.translation_warnings import TranslationWarnings

        loaded = _loaded(run, runs, beam, top, attention is not None)
        warnings = TranslationWarnings(loaded.translator, loaded.run.normalisation, lines)
        for chunk in lines.chunks:
            ranked = _ranked(loaded, chunk.lines, top)
            lines.write("".join(_rows(chunk.first, ranked, top)))
            if attention is None or ranked[0]:  # otherwise `_draw` reports the same problem
                warnings.add(chunk, ranked)
        warnings.finish()
    if attention is not None:
        _draw(ranked[0], attention)


def _check_drawing(path: Path, texts: int, top: int | None) -> None:
    problem = ""
    if texts != 1:
        problem = f"plots exactly one text, but the command has {texts}"
    elif top is not None:
        problem = "cannot be combined with --top"
    elif path.suffix not in (".png", ".svg"):
        problem = f"the name must end in .png or .svg, and {path} does not"
    elif not path.parent.is_dir():
        problem = f"there is no folder {path.parent}"
    if problem:
        raise typer.BadParameter(problem, param_hint="--attention")


def _runs_first(arguments: list[str]) -> tuple[list[Path], list[str]]:
    """The arguments before the first text, which are folders of runs, and the texts."""
    # Not pathlib: a text may be longer than any name of a file.
    runs = list(takewhile(lambda one: os.path.isfile(f"{one}/run.json"), arguments))
    return [*map(Path, runs)], arguments[len(runs) :]


def _loaded(
    run: Path, others: list[Path], beam: int | None, top: int | None, drawn: bool
) -> "TranslationRun":
    from nlpflow.api.translation import TranslationRun

    loaded = TranslationRun(run, others or None, beam)
    beam = loaded.translator.decoding.beam
    if top is not None and top > beam:
        raise UserError(f"--top {top} needs a beam of {top} or more, not {beam}: add --beam {top}")
    if drawn and not loaded.translator.model.decoder.has_attention:
        raise UserError(f"run {run} has no attention to plot; choose a run of another experiment")
    return loaded


def _ranked(run: "TranslationRun", lines: list[str], top: int | None) -> "list[list[Translation]]":
    """The translations of each line, best first; an empty line has none."""
    if top is not None:
        return run.n_best(lines, top)
    return [[output] if output.src_tokens else [] for output in run.outputs(lines)]


def _rows(first: int, ranked: "list[list[Translation]]", top: int | None) -> Iterator[str]:
    for number, outputs in enumerate(ranked, start=first):
        # The translation of an empty line is certain: its log-probability is 0.
        for score, text in [(output.score, output.text) for output in outputs] or [(0.0, "")]:
            # Subwords for single bytes can form a line feed.
            text = printable(text)
            yield f"{text}\n" if top is None else f"{number}\t{score:.4f}\t{text}\n"


def _draw(outputs: "list[Translation]", path: Path) -> None:
    from nlpflow.figures.heatmap import attention_matrix
    from nlpflow.figures.style import Style, save

    if not outputs:
        raise UserError("--attention: the sentence is empty after normalisation")
    output = outputs[0]
    figure = attention_matrix(output.weights, output.src_tokens, output.tgt_tokens, Style())
    save(figure, path.with_suffix(""), Style(), formats=[path.suffix[1:]])
    say(f"attention plotted to {path}")
