"""Which scores of a run are held-out scores of its present weights."""

from pathlib import Path
from typing import Any

import pytest

from nlpflow.errors import UserError
from nlpflow.metrics.held_out import held_out_scores
from nlpflow.metrics.names import SCORES, is_of_model
from nlpflow.tables import write_json


def add(folder: Path, test_set: str, weights: str, scores: dict[str, Any]) -> None:
    (folder / test_set).mkdir()
    metrics = {"data": {"weights": weights}, "scores": scores, "settings": {}}
    write_json(folder / test_set / "metrics.json", metrics)


def test_only_scores_of_the_model_on_test_sets(tmp_path: Path) -> None:
    add(tmp_path, "test", "now", {"bleu": 1.5, "aer": 20.0, "aer_uniform": 70.0})
    add(tmp_path, "dev", "now", {"bleu": 99.0})
    add(tmp_path, "own", "now", {"exact": None, "bleu": float("nan"), "similarity": 3.0})
    add(tmp_path, "older", "before", {"bleu": 50.0})
    add(tmp_path, "empty", "now", {"perplexity_add_k": 9.0})
    assert held_out_scores(tmp_path, "now") == {
        "own": {"similarity": 3.0},
        "test": {"bleu": 1.5, "aer": 20.0},
    }
    assert held_out_scores(tmp_path, "later") == {}


def test_a_damaged_file(tmp_path: Path) -> None:
    add(tmp_path, "test", "now", {"bleu": 1.0})
    (tmp_path / "test/metrics.json").write_text("[]")
    with pytest.raises(UserError, match=r"test/metrics\.json: damaged, run the workflow again"):
        held_out_scores(tmp_path, "now")


def test_values_that_do_not_measure_the_model() -> None:
    assert {name for name in SCORES if not is_of_model(name)} == {
        *("aer_diagonal", "aer_uniform"),
        *("distinct_2_references", "fluency_perplexity_references"),
        *("accuracy_bigrams", "f1_bigrams", "perplexity_add_k"),
    }
    assert is_of_model("bleu_normalised")
    assert is_of_model("a list of words")
