"""What is already done decides: learning rate, end of training, weights that are kept.

Pure functions of the updates and of the dev figures so far; none has a state of its own.
"""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from nlpflow.settings.training import Training

Weights = dict[str, Tensor]
Worth = tuple[float, float, float]
"""What an epoch is worth, greater is better: the dev score, the negative dev loss while the score
is at its floor (else 0), the negative dev loss.

All three choose the weights. Patience and plateau follow the first two: a score at its floor says
nothing yet, and above it a lower loss alone keeps no training going.
"""


def worth(score: float, loss: float, floor: float) -> Worth:
    """Of one epoch's dev figures; what is not a number counts as the worst."""
    score, gain = (-math.inf if math.isnan(value) else value for value in (score, -loss))
    return score, gain if score <= floor else 0.0, gain


def learning_rate(settings: Training, update: int, passed: float, worths: Sequence[Worth]) -> float:
    """The learning rate of one update.

    - `constant`, with or without warm-up;
    - `inverse_sqrt`: falls with the root of the updates once warmed up (Vaswani et al. 2017, 5.3);
    - `cosine`: half a cosine wave from the full rate to zero (Loshchilov & Hutter 2017, eq. 5);
    - `plateau`: times `plateau_factor` whenever the dev figures have stopped growing.

    Args:
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
    """How often `patience` epochs in a row have been no better."""
    best, waited, count = (-math.inf, -math.inf), 0, 0
    for score, gain, _ in worths:
        best, waited = ((score, gain), 0) if (score, gain) > best else (best, waited + 1)
        if waited == patience:
            waited, count = 0, count + 1
    return count


def is_finished(worths: Sequence[Worth], settings: Training) -> bool:
    """All epochs are done, or `patience` of them in a row have been no better."""
    return len(worths) >= settings.epochs or reductions(worths, settings.patience) > 0


def kept_epochs(worths: Sequence[Worth], settings: Training) -> list[int]:
    """The epochs whose weights are averaged at the end, in order; of equal ones the earlier."""
    epochs = list(range(1, len(worths) + 1))
    if settings.average_of == "best":
        # Stable also in reverse: of equal epochs the earlier one comes first.
        epochs.sort(key=lambda epoch: worths[epoch - 1], reverse=True)
        epochs = epochs[: settings.average]
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
