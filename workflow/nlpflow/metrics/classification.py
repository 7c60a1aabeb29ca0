"""Scores of a probabilistic classifier: accuracy, calibration, confusions."""

import numpy as np
import numpy.typing as npt
import pandas as pd

BINS = 10
"""Number of bins of equal width for probabilities."""


def accuracy(correct: npt.NDArray[np.bool_]) -> float:
    """The share of correct answers in per cent; NaN if there are no answers."""
    return 100 * float(correct.mean()) if len(correct) else float("nan")


def macro_accuracy(correct: npt.NDArray[np.bool_], classes: npt.NDArray) -> float:
    """The mean of the classes' accuracies in per cent, so that rare classes count as much.

    Args:
        correct: whether each answer is correct, (answers,)
        classes: the true class of each answer, (answers,)
    """
    return float(np.mean([accuracy(correct[classes == one]) for one in np.unique(classes)]))


def calibration(
    probability: npt.NDArray[np.floating], correct: npt.NDArray[np.bool_], bins: int = BINS
) -> pd.DataFrame:
    """Accuracy of the answers by their probability.

    Args:
        probability: of each answer, from 0 to 1, (answers,)
        correct: whether each answer is correct, (answers,)
        bins: number of bins of equal width

    Returns:
        one row per bin that has answers: `low` and `high` (the bin's ends; `low` belongs to the
        bin), `sentences` (number of answers), `confidence` (their mean probability) and `accuracy`
        (share of correct answers, 0 to 1)
    """
    index = np.minimum((probability * bins).astype(int), bins - 1)
    table = pd.DataFrame({"bin": index, "confidence": probability, "accuracy": correct})
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
    """Expected calibration error of a table from `calibration`, in per cent.

    It is the mean distance between confidence and accuracy over the bins, each weighted by its
    number of answers (Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3).
    """
    distance = (table["confidence"] - table["accuracy"]).abs()
    return float(100 * (distance * table["sentences"]).sum() / table["sentences"].sum())


def confusions(truth: npt.NDArray, answer: npt.NDArray) -> pd.DataFrame:
    """Count the answers to each class.

    Args:
        truth: the true classes, (answers,)
        answer: the answers, (answers,)

    Returns:
        columns `truth`, `answer` and `count`; pairs that never occur are left out
    """
    table = pd.DataFrame({"truth": truth, "answer": answer})
    counted = table.groupby(["truth", "answer"], observed=True).size()
    return counted.reset_index(name="count")
