"""Schedules of a training: learning rate, early stopping, and which epochs' weights are kept.

All are pure functions of the number of updates and of the dev scores so far.
"""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from nlpflow.settings.training import Training

Weights = dict[str, Tensor]
Worth = tuple[float, float, float]
"""How good an epoch is, for comparison; greater is better. The three parts are the dev score; the
negative dev loss while the score is at its lowest possible value (its floor), otherwise 0; and the
negative dev loss.

The best weights are selected by all three. Patience and the plateau schedule use the first two: the
dev loss counts only while the score is at its floor, and afterwards a lower loss alone does not
prolong the training.
"""


def worth(score: float, loss: float, floor: float) -> Worth:
    """The worth of an epoch; NaN counts as the worst value.

    Args:
        score: dev score
        loss: dev loss
        floor: the lowest possible score
    """
    score, gain = (-math.inf if math.isnan(value) else value for value in (score, -loss))
    return score, gain if score <= floor else 0.0, gain


def learning_rate(settings: Training, update: int, passed: float, worths: Sequence[Worth]) -> float:
    """The learning rate of one update, by the schedule of the settings.

    - `constant`: the same throughout, after a warm-up if there is one;
    - `inverse_sqrt`: after the warm-up it falls with the square root of the number of updates
      (Vaswani et al. 2017, 5.3);
    - `cosine`: half a cosine wave from the full rate to zero (Loshchilov & Hutter 2017, eq. 5);
    - `plateau`: multiplied by `plateau_factor` whenever the dev score has stopped improving.

    Args:
        settings: section `training` of the experiment
        update: number of the update since the start, from 1
        passed: share of all epochs' batches that are done, 0 to 1
        worths: of every finished epoch
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
            factor *= settings.plateau_factor ** reductions(worths, settings.plateau_patience)
    return settings.learning_rate * factor


def reductions(worths: Sequence[Worth], patience: int) -> int:
    """How often `patience` epochs in a row have brought no improvement."""
    best, waited, count = (-math.inf, -math.inf), 0, 0
    for score, gain, _ in worths:
        best, waited = ((score, gain), 0) if (score, gain) > best else (best, waited + 1)
        if waited == patience:
            waited, count = 0, count + 1
    return count


def is_finished(worths: Sequence[Worth], settings: Training) -> bool:
    """Whether all epochs are done or `patience` epochs in a row have brought no improvement."""
    return len(worths) >= settings.epochs or reductions(worths, settings.patience) > 0


def kept_epochs(worths: Sequence[Worth], settings: Training) -> list[int]:
    """The epochs whose weights are averaged at the end, in ascending order."""
    epochs = list(range(1, len(worths) + 1))
    if settings.average_of == "best":
        # The sort is stable also in reverse: of two equal epochs the earlier one comes first.
        epochs.sort(key=lambda epoch: worths[epoch - 1], reverse=True)
        epochs = epochs[: settings.average]
    return sorted(epochs[-settings.average :])


def mean_weights(kept: Mapping[int, Weights]) -> Weights:
    """The mean of the weights of several epochs; integer tensors are taken from the last one."""
    *others, last = (kept[epoch] for epoch in sorted(kept))
    if not others:
        return last
    return {
        name: torch.stack([*(weights[name] for weights in others), tensor]).mean(dim=0)
        if tensor.is_floating_point()
        else tensor
        for name, tensor in last.items()
    }
