"""Response retrieval: is the true response ranked first among responses to other contexts?"""

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlpflow.baselines.nearest import NearestSentence
from nlpflow.metrics.chat import recall_at_1

CANDIDATES = 10
"""Responses that are ranked for each context, the true one among them."""


def candidates(known: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """The responses to rank, as `CANDIDATES` lists; each has one response for every context.

    The first list has the true ones. The others are true responses to other contexts only, drawn
    once for a test set. None, with a warning, if there are too few of them.

    Args:
        known: the true responses to each context; the first one counts
    """
    true = [responses[0] for responses in known]
    rng = np.random.default_rng(0)
    different = np.array(sorted(set(true)), dtype=object)
    others = [
        rng.permutation(different[~np.isin(different, list(responses))])[: CANDIDATES - 1]
        for responses in known
    ]
    if min(map(len, others)) < CANDIDATES - 1:
        logging.warning(
            "warning: recall_1 is left out: the test set has %s different responses, which are "
            "too few to draw %s wrong ones for each context",
            len(different),
            CANDIDATES - 1,
        )
        return None
    return [true, *([drawn[one] for drawn in others] for one in range(CANDIDATES - 1))]


def recall_of_outputs(
    outputs: Sequence[str], known: Sequence[Sequence[str]], train: Sequence[str]
) -> dict[str, float]:
    """`recall_1` of a model that only says something: the most similar candidate is its choice.

    Args:
        outputs: what it says to each context
        known: the true responses to each context; the first one counts
        train: responses of the training set, which tell how much each word counts
    """
    ranked = candidates(known)
    if ranked is None:
        return {}
    index = NearestSentence(train)
    scores: list[NDArray[np.float64]] = [index.cosines(outputs, texts) for texts in ranked]
    return {"recall_1": recall_at_1(np.stack(scores, axis=1))}
