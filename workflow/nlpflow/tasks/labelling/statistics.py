"""Statistics per sentence that the comparison of two tagging or entities runs resamples."""

from collections.abc import Mapping
from typing import cast

import pandas as pd

from nlpflow.metrics.labelling import sentence_accuracies
from nlpflow.metrics.spans import count_spans, f1_aggregate
from nlpflow.metrics.statistics import Statistic, accuracy_aggregate
from nlpflow.text.tag_schemes import Scheme


def statistics(predictions: pd.DataFrame, settings: Mapping[str, str]) -> dict[str, Statistic]:
    """Count correct words or entities per sentence; see `nlpflow.tasks.interface.Statistics`."""
    sentences = predictions.groupby("sentence", sort=False)
    gold, predicted = (sentences[column].agg(list).tolist() for column in ("gold", "predicted"))
    if "scheme" not in settings:
        return {"accuracy": Statistic(sentence_accuracies(gold, predicted), accuracy_aggregate)}
    counted = count_spans(gold, predicted, cast(Scheme, settings["scheme"]))
    return {"f1": Statistic(counted.counts.sum(axis=1), f1_aggregate)}
