"""Scores of predicted commands: bash, or frames in brackets (`nlpflow.text.frames`).

Each score is computed from counts of single sentences, so that a table of counts is enough to
resample a test set.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from nlpflow.metrics.shell import parses, template
from nlpflow.metrics.spans import f1_aggregate
from nlpflow.metrics.statistics import Statistic, accuracy_aggregate
from nlpflow.text.frames import Frame, parse

Grammar = Literal["bash", "frames"]

SLOTS = ("slots_correct", "slots_wrong", "slots_missed")
COLUMNS: dict[Grammar, tuple[str, ...]] = {
    "bash": ("exact", "template", "parses"),
    "frames": ("exact", "intent", "well_formed", *SLOTS),
}
"""The counts of each sentence, by grammar."""


def counts(
    outputs: Sequence[str],
    references: Sequence[Sequence[str]],
    grammar: Grammar,
    intents: Collection[str],
) -> pd.DataFrame:
    """The counts of each sentence, see `COLUMNS`; a hit in any reference counts.

    - `exact`: the output equals a reference, apart from white space
    - `template`: its template equals that of a reference (`nlpflow.metrics.shell.template`)
    - `parses`: it has no syntax error
    - `well_formed`: it has the form of a frame, and its intent is known
    - `intent`: its intent is that of a reference
    - `slots_correct`, `slots_wrong`, `slots_missed`: name and value of a slot are compared; an
      output that is not well-formed has no slots; with several references, the most similar counts

    Args:
        outputs: a command for each sentence
        references: all reference commands of each sentence
        grammar: of outputs and references
        intents: the known ones, for frames
    """
    count = _bash if grammar == "bash" else _frames
    both = zip(outputs, references, strict=True)
    rows = [count(tidy(output), [*map(tidy, known)], intents) for output, known in both]
    return pd.DataFrame(rows, columns=list(COLUMNS[grammar]), dtype="int64")


def tidy(command: str) -> str:
    """A command with single spaces and none around it."""
    return " ".join(command.split())


def scores(counted: pd.DataFrame) -> dict[str, float]:
    """The scores, in per cent, of a table of `counts`."""
    found = statistics(counted, {}).items()
    return {name: float(one.aggregate(one.sentences.sum(axis=0) * 1.0)) for name, one in found}


def statistics(predictions: pd.DataFrame, settings: Mapping[str, str]) -> dict[str, Statistic]:
    """The statistics of each score for resampling; see `nlpflow.tasks.interface.Statistics`.

    Args:
        predictions: with the columns of `counts`, as numbers or as text
        settings: not used
    """
    ones = np.ones(len(predictions), np.int64)
    present = [name for name in dict.fromkeys(sum(COLUMNS.values(), ())) if name in predictions]
    counted = predictions[present].apply(pd.to_numeric)
    found = {
        name: Statistic(
            np.column_stack([counted[name].to_numpy(np.int64), ones]), accuracy_aggregate
        )
        for name in ("exact", "template", "intent", "parses", "well_formed")
        if name in counted
    }
    if SLOTS[0] in counted:
        found["slot_f1"] = Statistic(counted[list(SLOTS)].to_numpy(np.int64), f1_aggregate)
    return found


def _bash(output: str, references: list[str], intents: Collection[str]) -> tuple[int, ...]:
    templates = [template(reference) for reference in references]
    return int(output in references), int(template(output) in templates), int(parses(output))


def _frames(output: str, references: list[str], intents: Collection[str]) -> tuple[int, ...]:
    found = parse(output)
    known = [frame for frame in map(parse, references) if frame is not None]
    well_formed = found is not None and found.intent in intents
    right = well_formed and found is not None and any(found.intent == one.intent for one in known)
    compared = [_slots(found if well_formed else None, frame) for frame in known]
    slots = max(compared, key=lambda one: one[0] - one[1] - one[2], default=(0, 0, 0))
    return int(output in references), int(right), int(well_formed), *slots


def _slots(found: Frame | None, gold: Frame) -> tuple[int, int, int]:
    """Correct, wrong and missed slots."""
    predicted = Counter(found.slots) if found is not None else Counter()
    wanted = Counter(gold.slots)
    correct = (predicted & wanted).total()
    return correct, predicted.total() - correct, wanted.total() - correct
