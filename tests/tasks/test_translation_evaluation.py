"""Evaluation on a test set of one's own, with and without what the training set has. Untrained."""

import json
from pathlib import Path

import pandas as pd
import pytest
import torch

from asked import assert_says_what_it_was_made_with, evaluation_job
from nlpflow.jobs import Inputs
from nlpflow.metrics.translation import METRICS, score
from nlpflow.runs.run import Run, load_run, save_run
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tables import read_json, read_table
from nlpflow.tasks.translation.evaluation import evaluate
from nlpflow.tasks.translation.fluency import FluencyJudge
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import Words

SOURCE = Words(tuple("abcdefg"), (1,) * 7)
TARGET = Words(tuple("ABCDEF"), (1,) * 6)
TRAIN = ["A B C", "A B C D", "B C", "F F", "D A E"]
SOURCES = ["a b c", "g f", "a b c", "e d c b", "c c", "b"]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    SOURCE.save(folder / "source.vocab")
    TARGET.save(folder / "target.vocab")
    settings = TranslationExperiment(
        task="translation",
        vocabulary="tiny",
        model={"attention": "general", "embedding": 8, "hidden": 8},
        decoding={"max_tokens": 6, "beam": 3},
    )
    torch.manual_seed(3)
    model = build_seq2seq(settings.model, len(SOURCE), len(TARGET), 5)
    described = Run(
        experiment="tiny",
        seed=1,
        settings=settings.model_dump(mode="json"),
        normalisation="tutorial",
        languages=("fra", "eng"),
        vocabulary=str(folder),
        digests={"source": SOURCE.digest, "target": TARGET.digest},
        sizes={"max_length": 5},
    )
    empty = pd.DataFrame({"epoch": [1]})
    save_run(folder / "run", described, model.state_dict(), empty, empty, {})
    return folder / "run"


def evaluated(run: Path, folder: Path, source: list[bool], target: list[bool]) -> dict:
    """metrics.json of a test set whose second half is what the run says."""
    translator, _ = load_translator(run)
    said = [output.text for output in translator.translate(SOURCES)]
    references = ["A B C D", "F F", "D A", *said[3:]]
    table = pd.DataFrame({"source": SOURCES, "target": references, "target_raw": references})
    table.assign(overlap_source=source, overlap_target=target).to_parquet(folder / "own.parquet")
    pd.DataFrame({"target": TRAIN}).to_parquet(folder / "train.parquet")
    pd.DataFrame().to_parquet(folder / "references.parquet")
    settings = {"figures": {"sample": 1}, "decoding": {"max_tokens": 6, "beam": 3}}
    job = evaluation_job("translation", run, folder, folder / "out", settings, "own")
    evaluate(job)
    assert_says_what_it_was_made_with(job)
    metrics = json.loads((folder / "out/metrics.json").read_text())
    expected = score(said, [[reference] for reference in references])
    for name, value in zip(METRICS, expected, strict=True):
        assert metrics["scores"][f"{name}_normalised"] == pytest.approx(value)
    judge = FluencyJudge(TARGET, TRAIN)
    for which, texts in (("", said), ("_references", references)):
        found = metrics["scores"].pop(f"fluency_perplexity{which}")
        assert found == pytest.approx(judge.perplexity([text.lower() for text in texts]))
    predictions = pd.read_csv(folder / "out/predictions.tsv", sep="\t", keep_default_na=False)
    assert predictions["source"].tolist() == SOURCES
    assert predictions["output"].tolist() == said
    assert metrics["decoding"]["beam"] == 3
    return metrics


def test_scores_with_and_without_the_overlap(run: Path, tmp_path: Path) -> None:
    source = [True, False, False, False, False, False]
    target = [True, True, True, False, False, False]
    metrics = evaluated(run, tmp_path, source, target)
    assert metrics["overlap"] == {"pairs": 3, "source": 1, "target": 3}
    assert metrics["scores"]["exact_normalised"] == 50
    assert metrics["scores"]["exact_normalised_without_overlap"] == 100
    assert set(metrics["scores"]) == {
        f"{name}_normalised{which}" for name in METRICS for which in ("", "_without_overlap")
    }


def test_no_overlap(run: Path, tmp_path: Path) -> None:
    metrics = evaluated(run, tmp_path, [False] * 6, [False] * 6)
    assert metrics["overlap"] == {"pairs": 0, "source": 0, "target": 0}
    for name in METRICS:
        scores = metrics["scores"]
        assert scores[f"{name}_normalised_without_overlap"] == scores[f"{name}_normalised"]


def test_nothing_but_overlap(run: Path, tmp_path: Path) -> None:
    metrics = evaluated(run, tmp_path, [True] * 6, [False] * 6)
    assert metrics["overlap"]["pairs"] == 6
    assert not [name for name in metrics["scores"] if name.endswith("_without_overlap")]


def test_into_a_script_without_spaces(run: Path, tmp_path: Path) -> None:
    """Scores, breakdown and fluency say that they count characters or words of Chinese."""
    values = read_json(run / "run.json")
    described = Run.model_validate(values | {"languages": ["zho", "cmn"]}, strict=False)
    translator, _ = load_translator(run)
    folder = tmp_path / "run"
    settings = described.model_copy(update={"vocabulary": str(run.parent)})
    empty = pd.DataFrame({"epoch": [1]})
    save_run(folder, settings, translator.model.state_dict(), empty, empty, {})
    known = ["我看书。", "你读书。", "我读书。", "你看茶。", "我看茶。", "你看书。"]
    table = pd.DataFrame({"source": known[::-1], "target": known, "target_raw": known})
    unseen = [False] * len(known)
    own = table.assign(overlap_source=unseen, overlap_target=unseen)
    own.to_parquet(tmp_path / "own.parquet")
    pd.DataFrame({"target": known}).to_parquet(tmp_path / "train.parquet")
    pd.DataFrame().to_parquet(tmp_path / "references.parquet")
    options = {"figures": {"sample": 1}, "decoding": {"max_tokens": 6, "beam": 3}}
    evaluate(evaluation_job("translation", folder, tmp_path, tmp_path / "out", options, "own"))
    metrics = read_json(tmp_path / "out/metrics.json")
    assert "tok:zh" in metrics["signatures"]["bleu_normalised"]
    assert metrics["signatures"]["fluency_perplexity"] == "order:3|tok:characters"
    assert metrics["measured_with"] == {"tokenizer": "zh"}
    breakdown = read_table(tmp_path / "out/breakdown.tsv", "kind", "bucket")
    assert breakdown[["kind", "bucket"]].values.tolist()[0] == ["characters", "4–5"]


def test_an_ensemble_is_evaluated_like_a_run(run: Path, tmp_path: Path) -> None:
    described = Run.model_validate(read_json(run / "run.json"), strict=False)
    other = tmp_path / "other"
    weights = {name: -weight for name, weight in load_run(run)[1].items()}
    empty = pd.DataFrame({"epoch": [1]})
    settings = described.model_copy(update={"vocabulary": str(run.parent)})
    save_run(other, settings, weights, empty, empty, {})
    table = pd.DataFrame({"source": SOURCES, "target": SOURCES, "target_raw": SOURCES})
    own = table.assign(overlap_source=False, overlap_target=False)
    own.to_parquet(tmp_path / "own.parquet")
    pd.DataFrame({"target": TRAIN}).to_parquet(tmp_path / "train.parquet")
    pd.DataFrame().to_parquet(tmp_path / "references.parquet")
    decoding = {"max_tokens": 6, "beam": 3, "ensemble": ["results/other/seed-{seed}"]}
    options = {"figures": {"sample": 1}, "decoding": decoding}
    job = evaluation_job("translation", run, tmp_path, tmp_path / "out", options, "own")
    files = (other / "weights.safetensors", other / "run.json")
    job = job._replace(inputs=Inputs({**job.inputs.paths, "ensemble": files}))
    evaluate(job)
    assert_says_what_it_was_made_with(job)
    predictions = pd.read_csv(tmp_path / "out/predictions.tsv", sep="\t", keep_default_na=False)
    said = predictions["output"].tolist()
    together, _ = load_translator(run, others=[other])
    assert said == [output.text for output in together.translate(SOURCES)]
    assert said != [output.text for output in load_translator(run)[0].translate(SOURCES)]
    assert read_json(tmp_path / "out/metrics.json")["decoding"]["ensemble"] == decoding["ensemble"]
