"""The subcommand `nlpflow chat`."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from nlpflow.cli.lines import Lines, open_lines, say
from nlpflow.cli.options import RunFolder, Source, Target
from nlpflow.text.streams import printable

if TYPE_CHECKING:
    from nlpflow.tasks.translation.translator import Translator

RESET = "/reset"
PROMPT = "you: "
ANSWER = "run: "


def chat(
    run: RunFolder,
    source: Source = None,
    target: Target = None,
    temperature: Annotated[
        float | None,
        typer.Option(
            metavar="T",
            min=0.01,
            max=10,
            help="Draw each response at random, with scores divided by T; default: as the run was "
            "evaluated.",
        ),
    ] = None,
    nucleus: Annotated[
        float,
        typer.Option(
            metavar="P",
            min=0.01,
            max=1,
            help="With --temperature: draw only from the most probable words whose probabilities "
            "together are at least P.",
        ),
    ] = 1.0,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, help="With --temperature: random seed of the draws.")
    ] = 1,
) -> None:
    """Talk with a trained run of task `chat`.

    The run sees the last two turns, its own included. A line `/reset` forgets them; Ctrl-D ends the
    conversation. If the input is not a terminal, each line is a turn, and the output has one line
    for each: the response, or nothing for `/reset` and for an empty line.

    Example: nlpflow chat results/chat/sgd/seed-1 --temperature 0.7 --nucleus 0.9
    """
    with open_lines(None, source, target, 1) as lines:
        from nlpflow.settings.chat import ChatExperiment
        from nlpflow.settings.translation import Sampling
        from nlpflow.tasks.translation.loading import load_translator

        translator, opened = load_translator(run, kinds=(ChatExperiment,))
        if temperature is not None:
            drawn = Sampling(temperature=temperature, nucleus=nucleus, seed=seed)
            changed = translator.decoding.model_copy(update={"sampling": drawn, "beam": 1})
            translator.decoding = changed
        shown = lines.typed and target is None
        if shown:
            say(f"{RESET} forgets the conversation, Ctrl-D ends it")
        for answer in _answers(translator, opened.normalisation, lines, shown):
            lines.write(f"{ANSWER if shown and answer else ''}{answer}\n")


def _answers(
    translator: "Translator", normalisation: str, lines: Lines, prompts: bool
) -> Iterator[str]:
    """The response to each line; empty for `/reset` and for an empty line."""
    from nlpflow.tasks.translation.translator import normalise_sentences
    from nlpflow.text.dialogues import context

    turns: list[str] = []
    _prompt(prompts)
    for number, (_, line) in enumerate(lines.numbered()):
        turn = line.strip()
        if not turn or turn == RESET:
            turns = turns if turn != RESET else []
            yield ""
        else:
            turns.append(turn)
            (source,) = normalise_sentences([context(turns)], normalisation)
            answer = printable(_respond(translator, source, number)) if source else ""
            turns.append(answer)
            yield answer
        _prompt(prompts)


def _respond(translator: "Translator", source: str, number: int) -> str:
    """The response to a context; draws differ from turn to turn."""
    sampling = translator.decoding.sampling
    if sampling is None:
        return translator.translate([source])[0].text
    moved = sampling.model_copy(update={"seed": sampling.seed + number})
    before = translator.decoding
    translator.decoding = before.model_copy(update={"sampling": moved})
    (output,) = translator.translate([source])
    translator.decoding = before
    return output.text


def _prompt(shown: bool) -> None:
    if shown:
        sys.stdout.write(PROMPT)
        sys.stdout.flush()
