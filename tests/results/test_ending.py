"""What a terminal says when a config has been run."""

import shutil
from pathlib import Path

import pytest

from made_summary import contender
from made_summary import scores as made_scores
from nlpflow.cli import main
from nlpflow.results.ending import scores_to_look_at
from nlpflow.results.summary import TaskScores
from nlpflow.settings.plan.summary import TaskFacts
from nlpflow.settings.tasks import TASKS
from project import ROOT

CONFIG = str(ROOT / "config/config.yaml")
BASELINE = contender("baseline", weights="")


def scores(name: str, *rows: tuple[str, str, float]) -> TaskScores:
    """Rows: label, metric, mean."""
    trained = {label: contender(label) for label, *_ in rows if label != "baseline"}
    facts = TaskFacts(
        name=name,
        title=TASKS[name].title,
        headline=TASKS[name].headline,
        contenders=trained | {"baseline": BASELINE},
    )
    return made_scores(facts, [(label, "test", metric, mean) for label, metric, mean in rows])


TRANSLATION = scores(
    "translation",
    ("plain", "bleu_normalised", 20.0),
    ("plain", "exact_normalised", 50.0),
    ("additive", "bleu_normalised", 40.0),
    ("additive", "bleu_without_overlap_normalised", 39.0),
    ("additive", "exact_normalised", 10.0),
    ("additive", "aer", 30.0),
)
TAGGING = scores("tagging", ("baseline", "accuracy", 99.5), ("tagger", "accuracy", 95.0))
ENTITIES = scores("entities", ("crf", "f1", 80.0), ("crf", "precision", 81.0))
LISTS = scores("embeddings", ("skip-gram", "men-3000", 57.0))
NOTHING = scores("embeddings")

BLEU = "translation: BLEU (normalised) 40.0 ± 0.2 (additive)"
EXACT = "translation: exact match (normalised) 10.0 ± 0.2 % (additive)"
AER = "translation: alignment error rate 30.0 ± 0.2 %, lower is better (additive)"
ACCURACY = "tagging: accuracy 95.0 ± 0.2 % (tagger)"
F1 = "entities: F1 80.0 ± 0.2 % (crf)"


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ([TRANSLATION], [BLEU, EXACT, AER]),
        ([ENTITIES, TAGGING, LISTS, TRANSLATION], [BLEU, ACCURACY, F1]),
        ([TAGGING, TRANSLATION], [BLEU, ACCURACY, EXACT]),
        ([LISTS], ["word embeddings: men-3000 57.0 ± 0.2 (skip-gram)"]),
        ([NOTHING], []),
    ],
)
def test_three_scores(tasks: list[TaskScores], expected: list[str]) -> None:
    assert scores_to_look_at(tasks) == expected


def test_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["summary", CONFIG, "--results", str(tmp_path)]
    assert main(arguments) == 1
    missing = f"{tmp_path}/compare/sample/bash/summary.tsv: is missing; run the workflow"
    assert missing in capsys.readouterr().err
    shutil.copytree(ROOT / "results/reference/sample", tmp_path / "compare/sample")
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    command = f"snakemake --configfile {CONFIG} --report {tmp_path}/sample.html"
    assert lines[0] == f"report:     not made yet; type {command}"
    tasks = [line.split(":")[0] for line in lines[5:]]
    assert tasks == ["  translation", "  tagging", "  entities"]
    (tmp_path / "sample.html").touch()
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith(f"report:     {tmp_path}/sample.html\n")
