"""Scores of many runs: the tidy table, its means, and the table of the report."""

import re
import statistics
from pathlib import Path

import pandas as pd
import pytest

from nlpflow.results.below import COLUMNS
from nlpflow.results.comparison import (
    read_floors,
    read_scores,
    read_signatures,
    summarise,
    summary_html,
    wide_table,
)
from nlpflow.results.differences import DIFFERENCE_COLUMNS
from nlpflow.tables import read_json, write_json

NONE = pd.DataFrame(columns=DIFFERENCE_COLUMNS)
LABELS = {"big": "a big one", "small": "<small> & plain"}
BLEU = {("big", 1): 10.0, ("big", 2): 13.0, ("big", 10): 13.5, ("small", 1): 4.25}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three runs of one experiment, one of another, without an alignment error rate."""
    paths = []
    for (experiment, seed), bleu in BLEU.items():
        path = tmp_path / experiment / f"seed-{seed}" / "test" / "metrics.json"
        path.parent.mkdir(parents=True)
        scores = {"bleu": bleu, "exact": bleu / 2}
        if experiment == "big":
            scores["aer"] = 40 + seed
        write_json(path, {"scores": scores, "sources": 7})
        paths.append(path)
    return paths


def test_tidy_table(files: list[Path]) -> None:
    runs = read_scores(files, LABELS)
    assert list(runs) == ["experiment", "seed", "test_set", "metric", "value"]
    assert len(runs) == 3 * 3 + 2
    assert set(runs["test_set"]) == {"test"}
    bleu = runs[runs["metric"] == "bleu"]
    assert bleu["experiment"].tolist() == ["a big one"] * 3 + ["<small> & plain"]
    assert bleu["seed"].tolist() == [1, 2, 10, 1]
    assert bleu["value"].tolist() == list(BLEU.values())


def test_test_sets_are_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "big" / "seed-1" / name / "metrics.json" for name in ("dev", "test")]
    for path, value in zip(paths, (1.0, 2.0), strict=True):
        path.parent.mkdir(parents=True)
        write_json(path, {"scores": {"bleu": value}})
    summary = summarise(read_scores(paths, LABELS))
    assert summary[["test_set", "mean", "n"]].values.tolist() == [["dev", 1.0, 1], ["test", 2.0, 1]]


def test_runs_without_scores_make_empty_tables_and_a_page_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "big" / "seed-1" / "test" / "metrics.json"
    path.parent.mkdir(parents=True)
    write_json(path, {"scores": {}})
    runs = read_scores([path], LABELS)
    summary = summarise(runs)
    assert list(summary) == ["experiment", "test_set", "metric", "n", "mean", "sd"]
    assert len(runs) == len(summary) == 0
    assert "No run has a score" in summary_html(summary, NONE)
    assert list(wide_table(summary)) == ["experiment", "test set", "n"]


def test_mean_and_standard_deviation(files: list[Path]) -> None:
    summary = summarise(read_scores(files, LABELS)).set_index(["experiment", "metric"])
    values = [10.0, 13.0, 13.5]
    big = summary.loc[("a big one", "bleu")]
    assert big["n"] == 3
    assert big["mean"] == pytest.approx(statistics.mean(values))
    assert big["sd"] == pytest.approx(statistics.stdev(values))  # n - 1
    small = summary.loc[("<small> & plain", "bleu")]
    assert small["n"] == 1
    assert small["mean"] == 4.25
    assert pd.isna(small["sd"])


def test_order_is_that_of_the_config(files: list[Path]) -> None:
    for given in (files, files[::-1]):
        names = list(dict.fromkeys(LABELS[path.parts[-4]] for path in given))
        summary = summarise(read_scores(given, LABELS))
        assert list(summary["experiment"].unique()) == names


def test_html(files: list[Path], tmp_path: Path) -> None:
    html = summary_html(summarise(read_scores(files, LABELS)), NONE)
    (tmp_path / "summary.html").write_text(html, encoding="utf-8")
    assert "<small>" not in html  # labels are text
    heads, *rows = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in html.split("<tr>")[1:])
    error = "alignment error rate, % (lower is better)"
    assert heads[:3] == ["experiment", "test set", "n"]
    assert sorted(heads[3:]) == ["BLEU", error, "exact match, %"]
    found = [dict(zip(heads, row, strict=True)) for row in rows]
    sd = statistics.stdev([10.0, 13.0, 13.5])
    assert [row["experiment"] for row in found] == ["a big one", "&lt;small&gt; &amp; plain"]
    assert [row["n"] for row in found] == ["3", "1"]
    assert [row["BLEU"] for row in found] == [f"12.2 ± {sd:.1f}", "4.2"]
    assert [row[error] for row in found] == ["44.3 ± 4.9", ""]  # 41, 42, 50


def test_html_keeps_the_experiments_order(files: list[Path]) -> None:
    html = summary_html(summarise(read_scores(files, {"big": "z", "small": "a"})), NONE)
    assert html.index(">z</th>") < html.index(">a</th>")


def test_every_experiment_and_test_set_has_its_row() -> None:
    rows = [
        (experiment, seed, test_set, "bleu", 1.0)
        for experiment in ("second", "first")
        for seed in (1, 2)
        for test_set in ("test", "dev")
    ]
    columns = ["experiment", "seed", "test_set", "metric", "value"]
    html = summary_html(summarise(pd.DataFrame(rows, columns=columns)), NONE)
    assert html.count("1.0 ± 0.0") == 4


def test_more_decimals_near_a_hundred() -> None:
    rows = [
        ("good", 1, "test", "accuracy", 99.9612),
        ("good", 2, "test", "accuracy", 99.9712),
        ("fair", 1, "test", "accuracy", 98.7654),
    ]
    columns = ["experiment", "seed", "test_set", "metric", "value"]
    html = summary_html(summarise(pd.DataFrame(rows, columns=columns)), NONE)
    assert "<td>99.966 ± 0.007</td>" in html
    assert "<td>98.8</td>" in html


def test_differences_stand_below_and_stars_mark_the_significant(files: list[Path]) -> None:
    rows = [
        ("z <b>", "a", "test", "bleu", 3, 1.234, 0.5, 2.0, 0.049),
        ("z <b>", "a", "test", "chrf2", 3, -0.5, -1.0, 0.25, 0.05),
        ("b", "a", "test", "bleu", 1, 0.0, 0.0, 0.0, 1.0),
    ]
    html = summary_html(
        summarise(read_scores(files, LABELS)), pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS)
    )
    below = html.split("Differences")[1]
    assert "<td>+1.23 [+0.50, +2.00] *</td>" in below
    assert "<td>-0.50 [-1.00, +0.25]</td>" in below
    assert below.index("z &lt;b&gt;") < below.index(">b</th>")
    assert "Differences" not in summary_html(summarise(read_scores(files, LABELS)), NONE)


def test_what_scores_are_measured_with_stands_below(files: list[Path]) -> None:
    signed = {"bleu": "nrefs:1|tok:zh"}
    for file in files[:2]:
        write_json(file, read_json(file) | {"signatures": signed})
    table = read_signatures(files)
    assert table.values.tolist() == [["test", "bleu", "nrefs:1|tok:zh"]]
    html = summary_html(summarise(read_scores(files, LABELS)), NONE, {"Measured with": table})
    assert "<h2>Measured with</h2>" in html
    assert "tok:zh" in html.partition("Measured with")[2]
    other = read_json(files[2]) | {"signatures": {"bleu": "nrefs:1|tok:char"}}
    write_json(files[2], other)
    assert len(read_signatures(files)) == 2  # two tokenizers in a table are two rows


def test_a_dev_score_at_its_floor_is_a_warning(tmp_path: Path) -> None:
    files = [tmp_path / name / "seed-1/card.json" for name in ("big", "small")]
    for file, said in zip(files, ({"floor": "bleu never above 0"}, {}), strict=True):
        file.parent.mkdir(parents=True)
        write_json(file, said)
    found = read_floors(files, LABELS)
    assert found.values.tolist() == [["a big one", "1", "BLEU never above 0"]]
    summary = summarise(read_scores([], LABELS))
    assert "random seed" in summary_html(summary, NONE, {"Warning: floor": found})
    assert "Warning" not in summary_html(summary, NONE, {"Warning: floor": found.iloc[:0]})


def test_means_of_warnings_are_rounded(files: list[Path]) -> None:
    row = ("big", "test", "exact", 88.88888888888889, "nearest", 99.14814814814815)
    below = pd.DataFrame([row], columns=COLUMNS)
    html = summary_html(summarise(read_scores(files, LABELS)), NONE, {"Warning": below})
    assert "<td>88.9</td>" in html
    assert "<td>99.148</td>" in html
