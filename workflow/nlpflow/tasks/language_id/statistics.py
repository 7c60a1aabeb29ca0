"""What the comparison of two runs of language identification resamples."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from nlpflow.metrics.statistics import Statistic, accuracy_aggregate


def statistics(predictions: pd.DataFrame, settings: Mapping[str, str]) -> dict[str, Statistic]:
    """Whether each answer is right; see `nlpflow.tasks.interface.Statistics`."""
    right = (predictions["language"] == predictions["answer"]).to_numpy(np.int64)
    return {
        "accuracy": Statistic(np.column_stack([right, np.ones_like(right)]), accuracy_aggregate)
    }
