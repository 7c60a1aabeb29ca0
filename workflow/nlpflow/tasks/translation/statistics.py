"""What the comparison of two runs of translation resamples."""

from collections.abc import Mapping

import pandas as pd

from nlpflow.metrics.significance import Statistic, accuracy_aggregate
from nlpflow.metrics.translation import (
    SEPARATOR,
    bleu_aggregate,
    bleu_statistics,
    chrf_aggregate,
    chrf_statistics,
    exact_statistics,
)


def statistics(predictions: pd.DataFrame, settings: Mapping[str, str]) -> dict[str, Statistic]:
    """N-grams of each output; see `nlpflow.tasks.interface.Statistics`."""
    outputs = predictions["output"].tolist()
    references = [text.split(SEPARATOR) for text in predictions["references"]]
    return {
        "bleu": Statistic(bleu_statistics(outputs, references), bleu_aggregate),
        "chrf2": Statistic(chrf_statistics(outputs, references), chrf_aggregate),
        "exact": Statistic(exact_statistics(outputs, references), accuracy_aggregate),
    }
