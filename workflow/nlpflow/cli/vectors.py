"""The subcommands `nlpflow neighbours` and `nlpflow analogy`: they use a run's word vectors."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlpflow.cli.lines import MOST_WARNINGS, open_lines, say
from nlpflow.cli.options import RunFolder, Source, Target, best
from nlpflow.errors import UserError
from nlpflow.text.streams import printable
from nlpflow.text.words import BLANK, split_words

if TYPE_CHECKING:
    from nlpflow.api import EmbeddingsRun

MOST = 4096
"""Lines read at once."""


def neighbours(
    run: RunFolder,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD",
            help="Words; if none is given, they are read from --input, one per line.",
        ),
    ] = None,
    source: Source = None,
    target: Target = None,
    top: Annotated[int, best("nearest words")] = 10,
) -> None:
    """Print the nearest neighbours of words.

    It prints one line per word: the word, then its neighbours with their cosines, separated by
    tabs. An empty line stays empty. For an unknown word it prints the word alone, and an error on
    standard error. The neighbours of the other words are printed, and the exit status is 1.

    Example: nlpflow neighbours results/embeddings/english-skipgram/seed-1 king tea
    """
    _answer(
        run,
        words,
        source,
        target,
        1,
        lambda trained, asked: trained.vectors.neighbours(asked[0], top),
    )


def analogy(
    run: RunFolder,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD",
            help="Three words A B C; if none is given, they are read from --input, three per line.",
        ),
    ] = None,
    source: Source = None,
    target: Target = None,
    top: Annotated[int, best("best answers")] = 5,
) -> None:
    """Complete analogies: A is to B as C is to which word?

    It prints one line per question: the three words, then the words nearest to B - A + C with their
    cosines, separated by tabs. An empty line stays empty. For a question with an unknown word it
    prints the three words alone, and an error on standard error. The answers to the other questions
    are printed, and the exit status is 1.

    Example: nlpflow analogy results/embeddings/english-skipgram/seed-1 man king woman
    """
    if words and len(words) != 3:
        raise typer.BadParameter(f"{len(words)} words instead of three", param_hint="A B C")
    question = [" ".join(words)] if words else None
    _answer(
        run,
        question,
        source,
        target,
        3,
        lambda one, asked: one.vectors.analogy(asked[0], asked[1], asked[2], top),
    )


def _answer(
    run: Path,
    texts: Sequence[str] | None,
    source: Path | None,
    target: Path | None,
    count: int,
    ask: "Callable[[EmbeddingsRun, list[str]], Iterable[tuple[str, float]]]",
) -> None:
    """Answer each line of `count` words; exit with status 1 if one could not be answered."""
    from nlpflow.api.embeddings import EmbeddingsRun

    failed = 0
    with open_lines(texts, source, target, MOST) as lines:
        trained = EmbeddingsRun(run)
        for number, line in lines.numbered():
            asked = split_words(line) if count > 1 else [line.strip(BLANK)]
            found = list[str]()
            try:
                if any(asked):
                    asked = trained.asked(asked, count)
                    found = [f"{word} {cosine:.3f}" for word, cosine in ask(trained, asked)]
            except UserError as error:
                failed += 1
                if failed <= MOST_WARNINGS:
                    say(f"{lines.where(number)}{error}")
            lines.write("\t".join(map(printable, [" ".join(asked), *found])) + "\n")
    if failed > MOST_WARNINGS:
        say(f"errors in {failed - MOST_WARNINGS:,} more lines are not shown")
    if failed:
        raise typer.Exit(1)
