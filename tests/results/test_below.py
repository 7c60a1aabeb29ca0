"""Experiments that score worse than a baseline on the same data."""

import pandas as pd

from nlpflow.results.below import COLUMNS, below_baselines, sentences

ROWS = [
    ("network", "test", "accuracy", 3, 90.0, 0.5),
    ("network", "test", "accuracy_unseen", 3, 10.0, 0.5),
    ("network", "dev", "accuracy", 3, 93.0, 0.5),
    ("other data", "test", "accuracy", 3, 80.0, 0.5),
    ("counted, a", "test", "accuracy", 1, 91.0, None),
    ("counted, a", "test", "accuracy_unseen", 1, 99.0, None),
    ("counted, a", "dev", "accuracy", 1, 92.0, None),
    ("features, a", "test", "accuracy", 1, 95.0, None),
    ("counted, b", "test", "accuracy", 1, 70.0, None),
]
SUMMARY = pd.DataFrame(ROWS, columns=["experiment", "test_set", "metric", "n", "mean", "sd"])
BASELINES = ["counted, a", "features, a", "counted, b"]
DATASETS = {"network": "a", "other data": "b"} | {name: name[-1] for name in BASELINES}


HEADLINE = ("accuracy", "accuracy_unseen")


def test_the_main_score_decides_on_the_same_data_and_test_set() -> None:
    found = below_baselines(SUMMARY, DATASETS, BASELINES, HEADLINE)
    assert list(found) == COLUMNS
    assert found.values.tolist() == [
        ["network", "test", "accuracy", 90.0, "features, a", 95.0],
        ["network", "test", "accuracy", 90.0, "counted, a", 91.0],
    ]
    assert sentences(found)[0] == (
        "network: accuracy 90.0 on test is worse than that of the baseline 'features, a' (95.0)"
    )


def test_a_task_without_baselines_has_none_below() -> None:
    assert below_baselines(SUMMARY, DATASETS, [], HEADLINE).empty
    assert below_baselines(SUMMARY.iloc[:0], {}, [], HEADLINE).empty


def test_the_headline_decides_and_not_the_order_of_the_files() -> None:
    """Scores are sorted by name in metrics.json: `aer`, which a baseline lacks, is the first."""
    rows = [
        ("network", "test", "aer", 1, 20.0, None),
        ("network", "test", "bleu_normalised", 1, 30.0, None),
        ("network", "test", "chrf2_normalised", 1, 60.0, None),
        ("nearest", "test", "bleu_normalised", 1, 35.0, None),
        ("nearest", "test", "chrf2_normalised", 1, 50.0, None),
    ]
    summary = pd.DataFrame(rows, columns=SUMMARY.columns)
    data = {"network": "a", "nearest": "a"}
    found = below_baselines(summary, data, ["nearest"], ("bleu", "chrf2", "aer"))
    assert found.values.tolist() == [["network", "test", "bleu_normalised", 30.0, "nearest", 35.0]]
    assert sentences(found) == [
        "network: BLEU (normalised) 30.0 on test is worse than that of the baseline 'nearest' "
        "(35.0)"
    ]


def test_where_less_is_better_more_is_worse() -> None:
    rows = [
        ("network", "test", "perplexity", 1, 30.0, None),
        ("n-grams", "test", "perplexity", 1, 20.0, None),
        ("table", "test", "perplexity", 1, 40.0, None),
    ]
    summary = pd.DataFrame(rows, columns=SUMMARY.columns)
    data = dict.fromkeys(("network", "n-grams", "table"), "a")
    found = below_baselines(summary, data, ["n-grams", "table"], ("perplexity",))
    assert found["baseline"].tolist() == ["n-grams"]
