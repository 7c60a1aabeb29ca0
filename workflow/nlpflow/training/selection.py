"""What the dev scores decide: when training stops, and which epochs' weights are kept."""

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from nlpflow.settings.training import Training

Weights = dict[str, Tensor]


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
        # A score that is no number counts as the worst.
        worth = [-math.inf if math.isnan(score) else score for score in scores]
        epochs = sorted(epochs, key=lambda epoch: -worth[epoch - 1])[: settings.average]
    return sorted(epochs[-settings.average :])


def mean_weights(kept: Mapping[int, Weights]) -> Weights:
    """The mean of several epochs' weights; what is no floating-point number is the last one's."""
    *others, last = (kept[epoch] for epoch in sorted(kept))
    if not others:
        return last
    return {
        name: torch.stack([*(weights[name] for weights in others), tensor]).mean(dim=0)
        if tensor.is_floating_point()
        else tensor
        for name, tensor in last.items()
    }
