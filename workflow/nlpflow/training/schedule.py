"""What is already done decides: learning rate, end of training, weights that are kept.

Pure functions of the updates and of the dev scores so far; none has a state of its own.
"""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from nlpflow.settings.training import Training

Weights = dict[str, Tensor]


def learning_rate(settings: Training, update: int, passed: float, scores: Sequence[float]) -> float:
    """The learning rate of one update.

    - `constant`, with or without warm-up;
    - `inverse_sqrt`: falls with the root of the updates once warmed up (Vaswani et al. 2017, 5.3);
    - `cosine`: half a cosine wave from the full rate to zero (Loshchilov & Hutter 2017, eq. 5);
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


def best_epoch(scores: Sequence[float]) -> int:
    """The first epoch (from 1) with the greatest score; 0 if there is none."""
    best, epoch = float("-inf"), 0
    for number, score in enumerate(scores, start=1):
        if score > best:
            best, epoch = score, number
    return epoch


def is_finished(scores: Sequence[float], settings: Training) -> bool:
    """All epochs are done, or `patience` of them have brought no better score."""
    done = len(scores)
    return done >= settings.epochs or done - best_epoch(scores) >= settings.patience


def kept_epochs(scores: Sequence[float], settings: Training) -> list[int]:
    """The epochs whose weights are averaged at the end, in order; of equal ones the earlier."""
    epochs = list(range(1, len(scores) + 1))
    if settings.average_of == "best":
        # A score of NaN counts as the worst.
        worth = [-math.inf if math.isnan(score) else score for score in scores]
        epochs = sorted(epochs, key=lambda epoch: -worth[epoch - 1])[: settings.average]
    return sorted(epochs[-settings.average :])


def mean_weights(kept: Mapping[int, Weights]) -> Weights:
    """The mean of several epochs' weights; integers are those of the last one."""
    *others, last = (kept[epoch] for epoch in sorted(kept))
    if not others:
        return last
    return {
        name: torch.stack([*(weights[name] for weights in others), tensor]).mean(dim=0)
        if tensor.is_floating_point()
        else tensor
        for name, tensor in last.items()
    }
