"""Scores against costs: the front, the points, and when a plot is drawn."""

from pathlib import Path

import pandas as pd
import pytest

from nlpflow.figures.style import Style, save
from nlpflow.figures.trade_off import _ticks, on_front, trade_off
from nlpflow.metrics.names import plot_label
from nlpflow.results.trade_offs import data_of_tests, trade_offs
from nlpflow.tables import write_json

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
ONE_SET = dict.fromkeys(SIZES, "d")


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
    (found,) = trade_offs(RUNS, cards(SIZES), ["bleu"], ONE_SET)
    cost, name, table = found
    assert (cost, name) == ("parameters", "parameters_bleu_normalised")  # all took equally long
    figure = trade_off(table, "bleu_normalised", cost, Style())
    axes = figure.axes[0]
    front, *_ = axes.get_lines()
    assert front.get_xdata().tolist() == [1000, 2_500_000]
    assert front.get_ydata().tolist() == [21.5, 41.5]
    assert figure.texts[0].get_text() == "1  small\n2  large\n3  slow"
    assert [text.get_text() for text in axes.texts] == ["1", "2", "3"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1k", "10k", "100k", "1M"]


def test_round_ticks() -> None:
    assert _ticks(0.36, 3.59) == pytest.approx([0.5, 1, 2])
    assert _ticks(692e3, 3.69e6) == pytest.approx([1e6, 2e6])
    assert _ticks(1.1, 1.9) == [1.1, 1.9]


def test_few_sizes_give_no_plot() -> None:
    assert list(trade_offs(RUNS, cards(dict.fromkeys(SIZES, 7)), ["bleu"], ONE_SET)) == []
    assert list(trade_offs(RUNS, cards(SIZES), ["accuracy"], ONE_SET)) == []
    assert list(trade_offs(RUNS, {}, ["bleu"], ONE_SET)) == []


def test_other_test_data_is_another_plot() -> None:
    other = RUNS.assign(experiment=RUNS["experiment"] + ", other data", value=99.0)
    sizes = SIZES | {f"{label}, other data": size for label, size in SIZES.items()}
    tested_on = {label: "b" if "other" in label else "a" for label in sizes}
    found = list(trade_offs(pd.concat([RUNS, other]), cards(sizes), ["bleu"], tested_on))
    assert [plot_label(name) for _, name, _ in found] == [
        "BLEU (normalised) and number of parameters (a)",
        "BLEU (normalised) and number of parameters (b)",
    ]
    assert [set(table["experiment"]) for _, _, table in found] == [
        set(SIZES),
        {f"{label}, other data" for label in SIZES},
    ]


def test_datasets_with_one_test_set_are_one(tmp_path: Path) -> None:
    files, labels = [], {}
    for name, digest in (("few", "x"), ("many", "x"), ("german", "y")):
        folder = tmp_path / name / "seed-1" / "test"
        folder.mkdir(parents=True)
        files.append(folder / "metrics.json")
        write_json(files[-1], {"scores": {}, "data": {"table": digest}})
        labels[name] = f"experiment {name}"
    datasets = {label: name for name, label in labels.items()}
    assert data_of_tests(files, labels, datasets) == {
        "experiment few": "few",
        "experiment many": "few",
        "experiment german": "german",
    }


def test_same_bytes(tmp_path: Path) -> None:
    ((cost, _, table),) = trade_offs(RUNS, cards(SIZES), ["bleu"], ONE_SET)
    for name in ("a", "b"):
        save(trade_off(table, "bleu", cost, Style()), tmp_path / name, Style())
    for ending in ("svg", "png"):
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no runs"):
        trade_off(RUNS[:0].assign(parameters=[]), "bleu", "parameters", Style())
