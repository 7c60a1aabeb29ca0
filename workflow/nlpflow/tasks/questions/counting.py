"""How answers are scored."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nlpflow.metrics.questions import hits, normalised, scores
from nlpflow.tasks.translation.counted import Counting, Groups, Strings
from nlpflow.tasks.translation.learner import TranslationTestSet


def _count(outputs: Strings, references: Sequence[Strings], train: Strings) -> pd.DataFrame:
    return hits(outputs, references)


def known_answers(test_set: TranslationTestSet, train: Strings) -> Groups:
    """Whether an answer to each question is an answer in training; the others cannot be learnt."""
    known = {normalised(answer) for answer in train}
    numbers = [
        int(all(normalised(answer) not in known for answer in answers))
        for answers in test_set.references
    ]
    return Groups("answer", np.array(numbers), ["in training", "new"])


COUNTINGS = {"questions": Counting(_count, scores, known_answers)}
"""By the name of the task."""
