"""Names of scores: each column of the expected results has one that people use."""

import csv
from pathlib import Path

import pytest
import yaml

from nlpflow.metrics.names import SCORES, base_of, lower_is_better, metric_heading, metric_label

ROOT = Path(__file__).parents[2]


def columns() -> set[str]:
    """The metrics of all expected results, but for lists of words, which are corpora."""
    found = set()
    for file in ROOT.glob("results/reference/*/*/summary.tsv"):
        with file.open(encoding="utf-8", newline="") as stream:
            found |= {row["metric"] for row in csv.DictReader(stream, delimiter="\t")}
    return found - yaml.safe_load((ROOT / "config/corpora.yaml").read_text()).keys()


def test_every_score_of_the_expected_results_has_a_name_that_is_no_column() -> None:
    assert len(columns()) > 20
    assert {metric for metric in columns() if base_of(metric) not in SCORES} == set()
    assert {metric for metric in columns() if "_" in metric_heading(metric)} == set()


@pytest.mark.parametrize(
    ("metric", "heading"),
    [
        ("bleu", "BLEU"),
        ("bleu_normalised", "BLEU (normalised)"),
        (
            "bleu_normalised_without_overlap",
            "BLEU (normalised, without overlap with training)",
        ),
        ("exact_normalised", "exact match (normalised), %"),
        ("fluency_perplexity", "perplexity of the output (lower is better)"),
        ("aer", "alignment error rate, % (lower is better)"),
        ("wordsim-353", "wordsim-353"),
        ("my_list", "my list"),
    ],
)
def test_heading(metric: str, heading: str) -> None:
    assert metric_heading(metric) == heading


def test_names_differ() -> None:
    assert len({metric_label(metric) for metric in SCORES}) == len(SCORES)


def test_a_list_of_words_that_starts_like_a_score_has_no_direction() -> None:
    assert lower_is_better("perplexity")
    assert not lower_is_better("perplexity-list")
