"""Results whose data differ from those of the published ones: in the tables and in the report."""

from pathlib import Path

import pandas as pd

from nlpflow.results.comparison import read_scores, summarise, summary_html
from nlpflow.results.differences import DIFFERENCE_COLUMNS
from nlpflow.results.other_data import mark, marked, read_notes, unmarked
from nlpflow.tables import write_json

NOTE = "pairs: data differ from those of the published results (2019-04-07, 10 pairs)"
LISTS = "lists: data differ from those of the published results (2020-01-01)"
LABELS = {"old": "as published", "new": "<today>", "counted.today": "counted, today"}
DATASETS = {"as published": "then", "<today>": "today", "counted, today": "today"}


def notes(folder: Path) -> dict[str, str]:
    files = []
    for dataset, found in {"then": ["", ""], "today": ["", NOTE, NOTE], "words": [LISTS]}.items():
        files.append(folder / dataset / "versions.json")
        files[-1].parent.mkdir()
        write_json(files[-1], [{"corpus": "c", "other_data": note} for note in found])
    return read_notes(files)


def scores(folder: Path) -> pd.DataFrame:
    files = [
        folder / "old/seed-1/test/metrics.json",
        folder / "old/seed-1/words/metrics.json",
        folder / "new/seed-1/test/metrics.json",
        folder / "new/seed-1/words/metrics.json",
        folder / "counted.today/test/metrics.json",
    ]
    for file in files:
        file.parent.mkdir(parents=True)
        write_json(file, {"scores": {"bleu": 1.0}})
    return read_scores(files, LABELS)


def test_datasets_with_other_data_have_a_note_each(tmp_path: Path) -> None:
    assert notes(tmp_path) == {"today": NOTE, "words": LISTS}


def test_runs_baselines_and_test_sets_are_marked(tmp_path: Path) -> None:
    runs = mark(scores(tmp_path), notes(tmp_path), DATASETS)
    assert runs["other_data"].tolist() == ["", LISTS, NOTE, f"{NOTE}; {LISTS}", NOTE]
    plain = mark(unmarked(runs), {}, DATASETS)
    assert unmarked(runs).equals(plain)
    assert "other_data" not in plain
    page = summary_html(
        summarise(runs), pd.DataFrame(columns=DIFFERENCE_COLUMNS), {"Data": marked(runs)}
    )
    assert "<h2>Data</h2>" in page
    assert "&lt;today&gt;, counted, today" in page
    assert page.count(NOTE) == 2
    assert "as published</th><td class='text'>lists: data differ" in page


def test_the_known_data_leave_no_trace(tmp_path: Path) -> None:
    runs = mark(scores(tmp_path), {}, DATASETS)
    assert list(runs) == ["experiment", "seed", "test_set", "metric", "value"]
    page = summary_html(
        summarise(runs), pd.DataFrame(columns=DIFFERENCE_COLUMNS), {"Other data": marked(runs)}
    )
    assert "ther data" not in page
