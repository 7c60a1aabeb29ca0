"""Statistics per sentence that the comparison of two language identification runs resamples."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nlpflow.metrics.statistics import Statistic, accuracy_aggregate


def statistics(predictions: pd.DataFrame, settings: Mapping[str, str]) -> dict[str, Statistic]:
    """Whether each answer is correct; see `nlpflow.tasks.interface.Statistics`."""
    correct = (predictions["language"] == predictions["answer"]).to_numpy(np.int64)
    return {
        "accuracy": Statistic(np.column_stack([correct, np.ones_like(correct)]), accuracy_aggregate)
    }
