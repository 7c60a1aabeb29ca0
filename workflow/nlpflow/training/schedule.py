"""The step size of every update: a pure function of what is already done, so it has no state."""

import math
from collections.abc import Sequence

from nlpflow.settings.training import Training


def step_size(settings: Training, update: int, passed: float, scores: Sequence[float]) -> float:
    """The step size of one update.

    - `constant`, with or without warm-up;
    - `inverse_sqrt`: falls with the root of the updates once warmed up (Vaswani et al. 2017, 5.3);
    - `cosine`: half a cosine wave from the full size to zero (Loshchilov & Hutter 2017, eq. 5);
    - `plateau`: times `plateau_factor` whenever the dev score has stopped growing.

    :param update: number of the update since the start, from 1
    :param passed: share of all epochs' batches that are done, 0 to 1
    :param scores: dev score of every finished epoch
    """
    factor = 1.0
    if settings.warmup_updates:
        factor = min(1.0, update / settings.warmup_updates)
    match settings.schedule:
        case "inverse_sqrt":
            warmed = max(1, settings.warmup_updates)
            factor *= math.sqrt(warmed / max(update, warmed))
        case "cosine":
            factor *= (1 + math.cos(math.pi * passed)) / 2
        case "plateau":
            factor *= settings.plateau_factor ** reductions(scores, settings.plateau_patience)
    return settings.learning_rate * factor


def reductions(scores: Sequence[float], patience: int) -> int:
    """How often `patience` epochs in a row have brought no better score."""
    best, waited, count = float("-inf"), 0, 0
    for score in scores:
        best, waited = (score, 0) if score > best else (best, waited + 1)
        if waited == patience:
            waited, count = 0, count + 1
    return count
