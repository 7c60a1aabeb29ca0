"""How commands are scored: bash, and frames in brackets."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nlpflow.metrics.commands import counts, scores
from nlpflow.tasks.translation.counted import Counting, Groups, Strings
from nlpflow.tasks.translation.learner import TranslationTestSet
from nlpflow.text.frames import parse
from nlpflow.text.parts import parts_of


def _count_bash(outputs: Strings, references: Sequence[Strings], train: Strings) -> pd.DataFrame:
    return counts(outputs, references, "bash", ())


def _count_frames(outputs: Strings, references: Sequence[Strings], train: Strings) -> pd.DataFrame:
    return counts(outputs, references, "frames", known_intents(train))


def known_intents(train: Strings) -> frozenset[str]:
    """The intents of the training commands."""
    return frozenset(frame.intent for frame in map(parse, train) if frame is not None)


def origins(test_set: TranslationTestSet, train: Strings) -> Groups:
    """Where the parts of each command can come from.

    All of them are in the training commands; or those that are not are in the request, so that a
    network can copy them; or neither has some of them.
    """
    known = {part for command in train for part in parts_of(command)}
    numbers = []
    for source, references in zip(test_set.sources, test_set.references, strict=True):
        own = {*parts_of(source)}
        new = [{*parts_of(text)} - known for text in references]
        fewest = min(new, key=lambda parts: (len(parts - own), len(parts)))
        numbers.append(2 if fewest - own else 1 if fewest else 0)
    return Groups("parts of the command", np.array(numbers), ["known", "in the request", "new"])


COUNTINGS = {
    "bash": Counting(_count_bash, scores, origins),
    "frames": Counting(_count_frames, scores, origins),
}
"""By the name of the task."""
