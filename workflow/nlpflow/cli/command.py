"""The subcommand `nlpflow command`."""

import json
from typing import TYPE_CHECKING, Any

from nlpflow.cli.lines import open_lines
from nlpflow.cli.options import RunFolder, Source, Target, Texts
from nlpflow.text.streams import printable

if TYPE_CHECKING:
    from nlpflow.tasks.translation.translator import Translation

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
        from nlpflow.cli.translation_warnings import TranslationWarnings
        from nlpflow.settings.commands import BashExperiment, FramesExperiment
        from nlpflow.tasks.translation.loading import load_translator
        from nlpflow.tasks.translation.translator import normalise_sentences

        translator, opened = load_translator(run, kinds=(BashExperiment, FramesExperiment))
        warnings = TranslationWarnings(translator, opened.normalisation, lines)
        for chunk in lines.chunks:
            requests = normalise_sentences(chunk.lines, opened.normalisation)
            found = iter(translator.translate([request for request in requests if request]))
            outputs = [[next(found)] if request else [] for request in requests]
            lines.write("".join(_row(answers, opened.settings["task"]) for answers in outputs))
            warnings.add(chunk, outputs)
        warnings.finish()


def _row(answers: "list[Translation]", task: str) -> str:
    if not answers:
        return "\n"
    text = printable(answers[0].text)
    return f"{text}\t{json.dumps(_described(text, task), ensure_ascii=False)}\n"


def _described(text: str, task: str) -> dict[str, Any]:
    """A command as JSON values."""
    if task == "bash":
        from nlpflow.metrics.shell import parses

        return {"command": text, "parses": parses(text)}
    from nlpflow.text.frames import parse

    frame = parse(text)
    if frame is None:
        return {"command": text, "intent": None, "slots": None}
    slots = [slot._asdict() for slot in frame.slots]
    return {"command": text, "intent": frame.intent, "slots": slots}
