"""The subcommand `nlpflow command`."""

import json
from typing import TYPE_CHECKING, Any

from nlpflow.cli.lines import open_lines
from nlpflow.cli.options import RunFolder, Source, Target, Texts
from nlpflow.text.streams import printable

if TYPE_CHECKING:
    from nlpflow.api import Command

MOST = 1024
"""How many lines are sorted by length and read together."""


def command(
    run: RunFolder, texts: Texts = None, source: Source = None, target: Target = None
) -> None:
    """Print the command that a request asks for, with a trained run; nothing is ever executed.

    Each line has the command, a tab, and the same as JSON. For a run of task `bash`, the JSON says
    whether the command parses; for a run of task `frames`, it has the intent and the slots, or null
    if the command is not well-formed. An empty line stays empty.

    Example: nlpflow command results/frames/hwu-copy/seed-1 "turn off the light in the kitchen"
    """
    with open_lines(texts, source, target, MOST) as lines:
        from nlpflow.api.translation import CommandRun
        from nlpflow.cli.translation_warnings import TranslationWarnings

        loaded = CommandRun(run)
        warnings = TranslationWarnings(loaded.translator, loaded.run.normalisation, lines)
        for chunk in lines.chunks:
            outputs = [[one] if one.src_tokens else [] for one in loaded.outputs(chunk.lines)]
            commands = [
                [loaded.described(printable(one.text)) for one in found] for found in outputs
            ]
            lines.write("".join(map(_row, commands)))
            warnings.add(chunk, outputs)
        warnings.finish()


def _row(commands: "list[Command]") -> str:
    if not commands:
        return "\n"
    (command,) = commands
    found: dict[str, Any] = {"command": command.text}
    if command.parses is not None:
        found["parses"] = command.parses
    elif command.frame is None:
        found |= {"intent": None, "slots": None}
    else:
        slots = [slot._asdict() for slot in command.frame.slots]
        found |= {"intent": command.frame.intent, "slots": slots}
    return f"{command.text}\t{json.dumps(found, ensure_ascii=False)}\n"
