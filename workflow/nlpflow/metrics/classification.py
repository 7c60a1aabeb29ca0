"""Scores of a classifier that gives probabilities: accuracy, calibration, confusions."""

import numpy as np
import numpy.typing as npt
import pandas as pd

BINS = 10
"""Bins of equal width that probabilities fall into."""


def accuracy(right: npt.NDArray[np.bool_]) -> float:
    """The share of right answers in per cent; NaN where there are none at all."""
    return 100 * float(right.mean()) if len(right) else float("nan")


def macro_accuracy(right: npt.NDArray[np.bool_], classes: npt.NDArray) -> float:
    """The mean over the classes of the accuracy on each, in per cent: rare ones count as much."""
    return float(np.mean([accuracy(right[classes == one]) for one in np.unique(classes)]))


def calibration(
    probability: npt.NDArray[np.floating], right: npt.NDArray[np.bool_], bins: int = BINS
) -> pd.DataFrame:
    """How often answers of some probability are right.

    A row a bin that has answers: `low` and `high` (its ends; an answer of exactly `low` is in
    it), `sentences`, `confidence` (their mean probability) and `accuracy` (share that is right).

    Args:
        probability: of each answer, from 0 to 1, (answers,)
    """
    place = np.minimum((probability * bins).astype(int), bins - 1)
    table = pd.DataFrame({"bin": place, "confidence": probability, "accuracy": right})
    groups = table.groupby("bin")
    found = groups.agg(
        sentences=("accuracy", "size"),
        confidence=("confidence", "mean"),
        accuracy=("accuracy", "mean"),
    ).reset_index()
    found.insert(0, "low", found["bin"] / bins)
    found.insert(1, "high", (found["bin"] + 1) / bins)
    return found.drop(columns="bin")


def calibration_error(table: pd.DataFrame) -> float:
    """Expected calibration error of a table of `calibration`, in per cent.

    The mean distance of confidence and accuracy, each bin weighted by its answers (Guo et al.
    2017, "On Calibration of Modern Neural Networks", equation 3).
    """
    distance = (table["confidence"] - table["accuracy"]).abs()
    return float(100 * (distance * table["sentences"]).sum() / table["sentences"].sum())


def confusions(truth: npt.NDArray, answer: npt.NDArray) -> pd.DataFrame:
    """How often each answer was given for each class: `truth`, `answer`, `count`; no zeros."""
    table = pd.DataFrame({"truth": truth, "answer": answer})
    counted = table.groupby(["truth", "answer"], observed=True).size()
    return counted.reset_index(name="count")
