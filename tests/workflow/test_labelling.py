"""Tagging and entities through the workflow: a small tagger and a small CRF, with a report."""

import json
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from project import Project

LABELLING = ("--configfile", "config/labelling.yaml")
TAGGER = Path("results/tagging/tagger/seed-1")
FINDER = Path("results/entities/finder/seed-1")
SENTENCES = {"train": 120, "dev": 20, "test": 20}
MODEL = {"embedding": 8, "hidden": 8, "characters": {"embedding": 4, "hidden": 4}}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The first sentences of the sample's files, run to the end, and the report of that."""
    project = Project(tmp_path_factory.mktemp("labelling"))
    for split, count in SENTENCES.items():
        for name in (f"tagged.{split}.conllu", f"entities.{split}.iob2"):
            path = project.folder / "data/sample" / name
            path.write_text("\n\n".join(path.read_text().split("\n\n")[:count]) + "\n\n")
    training = {"epochs": 2, "batch_size": 16}
    crf = {"output": "crf", "scheme": "IOBES", "constraints": True}
    config = {
        "name": "labelling",
        "datasets": {
            "tags": {"kind": "labelled", "corpus": "sample-tagged", "tags": "upos"},
            "entities": {
                "kind": "labelled",
                "corpus": "whole-entities",
                "split": {"dev": 0.2, "test": 0.2},
            },
            "elsewhere": {"kind": "test_labelled", "corpus": "sample-tagged", "tags": "upos"},
        },
        "experiments": {
            "tagger": {
                "task": "tagging",
                "dataset": "tags",
                "model": MODEL,
                "test_sets": ["test", "elsewhere"],
            },
            "finder": {"task": "entities", "dataset": "entities", "model": MODEL | crf},
        },
    }
    registry = project.folder / "config/corpora.yaml"
    corpora = yaml.safe_load(registry.read_text())
    whole = corpora["sample-entities"] | {"files": [{"address": "data/sample/whole.iob2"}]}
    registry.write_text(json.dumps(corpora | {"whole-entities": whole}))
    texts = [(project.folder / f"data/sample/entities.{split}.iob2") for split in SENTENCES]
    (project.folder / "data/sample/whole.iob2").write_text("".join(t.read_text() for t in texts))
    for experiment in config["experiments"].values():
        experiment["training"] = training
        experiment["figures"] = {"sentences": ["The dog ate the apple"], "sample": 1}
    (project.folder / "config/labelling.yaml").write_text(json.dumps(config))
    for arguments in ([], ["--report", "results/labelling.html"]):
        result = project.snakemake(*LABELLING, *arguments)
        assert result.returncode == 0, result.stderr
    return project


def test_second_run_of_labelling_does_nothing(labelled: Project) -> None:
    result = labelled.snakemake(*LABELLING)
    assert "Nothing to be done" in result.stdout + result.stderr


@pytest.mark.parametrize(("run", "score"), [(TAGGER, "accuracy"), (FINDER, "f1")])
def test_scores_and_predictions_of_a_labeller(labelled: Project, run: Path, score: str) -> None:
    folder = labelled.folder / run / "test"
    metrics = json.loads((folder / "metrics.json").read_text())
    assert 0 <= metrics["scores"][score] <= 100
    predictions = pd.read_csv(folder / "predictions.tsv", sep="\t", keep_default_na=False)
    assert predictions["sentence"].nunique() == metrics["sentences"]
    assert metrics["sentences"] == SENTENCES["test"] if run == TAGGER else metrics["sentences"] > 10


def test_a_corpus_without_a_split_is_divided_without_leakage(labelled: Project) -> None:
    folder = labelled.folder / "data/prepared/entities"
    counts = json.loads((folder / "leakage.json").read_text())
    assert set(counts) == {"train/dev", "train/test", "dev/test"}
    assert not any(count for found in counts.values() for count in found.values())
    metrics = json.loads((labelled.folder / FINDER / "test/metrics.json").read_text())
    assert metrics["sentences"] == pq.read_metadata(folder / "test.parquet").num_rows
    assert metrics["sentences_in_train"] == 0


def test_a_test_set_of_its_own_has_the_scores_of_the_same_sentences(labelled: Project) -> None:
    """Here it is the test file of the corpus trained on: networks and baselines score the same."""
    for folder in (TAGGER, Path("results/baselines/tagging/hmm.tags")):
        one, other = (
            json.loads((labelled.folder / folder / name / "metrics.json").read_text())
            for name in ("test", "elsewhere")
        )
        assert one.keys() == other.keys()
        from_files = {"data", "origins"}
        assert {key: one[key] for key in one.keys() - from_files} == {
            key: other[key] for key in other.keys() - from_files
        }


def test_archive_of_labellers_with_a_test_set_of_their_own(labelled: Project) -> None:
    result = labelled.nlpflow("archive", "config/labelling.yaml")
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(labelled.folder / "results/labelling.zip") as archive:
        assert f"{TAGGER}/elsewhere/metrics.json" in archive.namelist()


def test_constraints_leave_no_invalid_sequence(labelled: Project) -> None:
    metrics = json.loads((labelled.folder / FINDER / "test/metrics.json").read_text())
    assert metrics["scores"]["invalid_sequences"] == 0


@pytest.mark.parametrize("run", [TAGGER, FINDER])
def test_figures_of_a_labeller(labelled: Project, run: Path) -> None:
    figures = labelled.folder / run / "figures"
    for name in ("curves", "confusion", "frequency"):
        assert (figures / f"{name}.svg").stat().st_size > 1000
    assert len(list((figures / "marginals").glob("*.svg"))) == 2
    # A softmax has no transitions to show.
    drawn = len(list((figures / "transitions").glob("*.svg")))
    assert drawn >= 1 if run == FINDER else drawn == 0


def test_report_and_table_hold_networks_and_baselines(labelled: Project) -> None:
    report = (labelled.folder / "results/labelling.html").read_text()
    for category in ("transitions", "confusion", "marginals", "word frequency"):
        assert category in report
    for task in ("tagging", "entities"):
        table = (labelled.folder / f"results/compare/labelling/{task}/summary.html").read_text()
        for row in ("most frequent tag", "hidden Markov model", "CRF over features"):
            assert row in table
