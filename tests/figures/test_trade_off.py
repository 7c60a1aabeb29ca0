"""Scores against costs: the front, the points, and when a plot is drawn."""

from pathlib import Path

import pandas as pd
import pytest

from nlpflow.figures.style import Style, save
from nlpflow.figures.trade_off import on_front, trade_off
from nlpflow.results.trade_offs import trade_offs

RUNS = pd.DataFrame(
    [
        (experiment, seed, "test", "bleu_normalised", value + seed)
        for experiment, value in (("small", 20.0), ("large", 40.0), ("slow", 30.0))
        for seed in (1, 2)
    ]
    + [("nearest, d", None, "test", "bleu_normalised", 10.0)],
    columns=["experiment", "seed", "test_set", "metric", "value"],
)
SIZES = {"small": 1000, "large": 2_500_000, "slow": 3_000_000}


def cards(sizes: dict[str, int]) -> dict[str, dict]:
    return {
        f"{label}/seed-{seed}": {"label": label, "seed": seed, "parameters": size, "seconds": 60.0}
        for label, size in sizes.items()
        for seed in (1, 2)
    }


def test_pareto_front() -> None:
    points = pd.DataFrame({"cost": [1, 2, 2, 3, 4], "mean": [5.0, 4.0, 6.0, 6.0, 9.0]})
    assert on_front(points, lower_wins=False) == [True, False, True, False, True]
    assert on_front(points, lower_wins=True) == [True, True, False, False, False]


def test_points_and_names() -> None:
    (found,) = trade_offs(RUNS, cards(SIZES), ["bleu"])
    cost, metric, table = found
    assert (cost, metric) == ("parameters", "bleu_normalised")  # all took equally long
    figure = trade_off(table, metric, cost, Style())
    axes = figure.axes[0]
    front, *_ = axes.get_lines()
    assert front.get_xdata().tolist() == [1000, 2_500_000]
    assert front.get_ydata().tolist() == [21.5, 41.5]
    assert figure.texts[0].get_text() == "1  small\n2  large\n3  slow"
    assert [text.get_text() for text in axes.texts] == ["1", "2", "3"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1k", "3M"]


def test_few_sizes_give_no_plot() -> None:
    assert list(trade_offs(RUNS, cards(dict.fromkeys(SIZES, 7)), ["bleu"])) == []
    assert list(trade_offs(RUNS, cards(SIZES), ["accuracy"])) == []
    assert list(trade_offs(RUNS, {}, ["bleu"])) == []


def test_same_bytes(tmp_path: Path) -> None:
    ((cost, metric, table),) = trade_offs(RUNS, cards(SIZES), ["bleu"])
    for name in ("a", "b"):
        save(trade_off(table, metric, cost, Style()), tmp_path / name, Style())
    for ending in ("svg", "png"):
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no runs"):
        trade_off(RUNS[:0].assign(parameters=[]), "bleu", "parameters", Style())
