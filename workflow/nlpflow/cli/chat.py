"""The subcommand `nlpflow chat`."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from nlpflow.cli.lines import Lines, open_lines, say
from nlpflow.cli.options import RunFolder, Source, Target
from nlpflow.text.streams import printable

if TYPE_CHECKING:
    from nlpflow.api import ChatRun

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
        float | None,
        typer.Option(
            metavar="P",
            min=0.01,
            max=1,
            help="With --temperature: draw only from the most probable words whose probabilities "
            "together are at least P; default: all words.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=2**32 - 1,
            help="With --temperature: random seed of the draws; default: 1.",
        ),
    ] = None,
) -> None:
    """Talk with a trained run of task `chat`.

    The run sees the last two turns, its own included. A line `/reset` forgets them; Ctrl-D ends the
    conversation. If the input is not a terminal, each line is a turn, and the output has one line
    for each: the response, or nothing for `/reset` and for an empty line.

    Example: nlpflow chat results/chat/sgd/seed-1 --temperature 0.7 --nucleus 0.9
    """
    draws = {"temperature": temperature, "nucleus": nucleus, "seed": seed}
    draws = {name: value for name, value in draws.items() if value is not None}
    if draws and temperature is None:
        raise typer.BadParameter(f"--{next(iter(draws))} needs --temperature")
    with open_lines(None, source, target, 1) as lines:
        from nlpflow.api.translation import ChatRun
        from nlpflow.settings.checks import checked
        from nlpflow.settings.translation import Sampling

        loaded = ChatRun(run)
        if draws:
            loaded.sample_with(checked(Sampling, draws, "command line"))
        shown = lines.typed and target is None
        if shown:
            say(f"{RESET} forgets the conversation, Ctrl-D ends it")
        for answer in _answers(loaded, lines, shown):
            lines.write(f"{ANSWER if shown and answer else ''}{answer}\n")


def _answers(run: "ChatRun", lines: Lines, prompts: bool) -> Iterator[str]:
    """The response to each line; empty for `/reset` and for an empty line."""
    turns: list[str] = []
    _prompt(prompts)
    for _, line in lines.numbered():
        turn = line.strip()
        if not turn or turn == RESET:
            turns = turns if turn != RESET else []
            yield ""
        else:
            turns.append(turn)
            turns.append(printable(run.respond(turns)))
            yield turns[-1]
        _prompt(prompts)


def _prompt(shown: bool) -> None:
    if shown:
        sys.stdout.write(PROMPT)
        sys.stdout.flush()
