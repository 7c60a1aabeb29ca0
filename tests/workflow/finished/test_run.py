"""The whole workflow: what a run leaves behind, and the commands that use it."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from project import SMALL, small_project

RUN = Path("results/translation/additive/seed-1")


def test_second_run_does_nothing(finished):
    result = finished.snakemake(*SMALL)
    assert result.returncode == 0
    assert "Nothing to be done" in result.stdout + result.stderr


def test_default_config_lists_jobs_on_a_clean_tree(finished, tmp_path):
    clean = type(finished)(tmp_path / "clean")
    result = clean.snakemake("-n")
    assert result.returncode == 0
    assert "Exception" not in result.stdout + result.stderr  # two rules for one file
    jobs = clean.jobs()
    assert jobs["train_translation"] == 5
    assert jobs["lesson"] == 5
    assert "download" not in jobs  # the sample needs no network


def test_another_config_runs_nothing_of_the_default(finished):
    result = finished.snakemake("-n", *SMALL, "--forceall")
    assert "prepared/small/" in result.stdout
    assert "prepared/sample/" not in result.stdout


def test_outputs(finished):
    run = finished.folder / RUN
    metrics = json.loads((run / "test/metrics.json").read_text())
    names = {f"{name}_normalised" for name in ("bleu", "chrf2", "exact")}
    assert set(metrics["scores"]) == names | {
        "fluency_perplexity",
        "fluency_perplexity_references",
    }
    assert "version:" in metrics["signatures"]["bleu_normalised"]
    predictions = pd.read_csv(run / "test/predictions.tsv", sep="\t", keep_default_na=False)
    assert len(predictions) == metrics["sources"]
    weights = pd.read_csv(run / "test/attention.tsv", sep="\t")
    assert weights["sentence"].nunique() == 3
    assert "xyzzy" in set(weights["src_token"])
    totals = weights.groupby(["sentence", "tgt_position"])["weight"].sum()
    assert totals.tolist() == pytest.approx([1] * len(totals), abs=1e-4)
    for kind in ("svg", "png"):
        assert (run / f"figures/curves.{kind}").stat().st_size > 1000
        assert len(list((run / "figures/attention").glob(f"*.{kind}"))) == 3
    assert not [path for path in run.rglob("*") if path.suffix in (".pt", ".pkl", ".pickle")]


def test_differences(finished):
    folder = finished.folder / "results/compare/small/translation"
    found = pd.read_csv(folder / "significance.tsv", sep="\t").set_index("metric")
    assert list(found.index) == ["bleu_normalised", "chrf2_normalised", "exact_normalised"]
    assert set(found["experiment"]) == {"additive"}
    assert set(found["compared_with"]) == {"plain"}
    means = pd.read_csv(folder / "summary.tsv", sep="\t").set_index(["experiment", "metric"])[
        "mean"
    ]
    for metric, difference in found["difference"].items():
        expected = means["additive", metric] - means["plain", metric]
        assert difference == pytest.approx(expected, abs=1e-3)  # six digits of two scores
        assert (folder / f"figures/difference_{metric}.svg").stat().st_size > 1000
    assert "Differences" in (folder / "summary.html").read_text()


def test_receipt_records_the_digest_found(finished):
    archive = finished.folder / "data/raw/example.org/small/fra-eng.zip"
    receipt = json.loads(Path(f"{archive}.receipt.json").read_text())
    assert receipt["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()


def test_report_holds_captions_and_figures(finished):
    report = (finished.folder / "results/small.html").read_text()
    assert "Loss per target token" in report
    assert "Alignment error rate" in report
    assert "sentence-1" in report


def test_translate_raw_sentence(finished, tmp_path):
    picture = tmp_path / "out.png"
    result = finished.nlpflow(
        "translate", str(RUN), "Je suis FATIGUÉ!", "--attention", str(picture)
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not picture.with_suffix(".svg").exists()


def test_translate_lines_and_report_unknown_words(finished):
    result = finished.nlpflow("translate", str(RUN), stdin="je suis .\n\nxyzzy .\n")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 3
    assert "not in the vocabulary of this run: xyzzy" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "a"], "nowhere is not a trained run"),
        (["results/translation/plain/seed-1", "a", "--attention", "x.png"], "no attention to plot"),
    ],
)
def test_translate_errors_are_one_line(finished, arguments, message):
    result = finished.nlpflow("translate", *arguments)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


def test_a_test_set_of_ones_own(finished):
    """Two lines of the training set and two others: trains nothing, scores both ways."""
    train = pd.read_parquet(finished.folder / "data/prepared/small/train.parquet")
    known = train[["source_raw", "target_raw"]].head(2).to_numpy().tolist()
    pairs = [*known, ["Le xyzzy dort là-bas.", "A xyzzy sleeps."], ["Xyzzy ?", "Xyzzy?"]]
    lines = "".join(f"{source}\t{target}\n" for source, target in pairs)
    (finished.folder / "own.tsv").write_text(lines)
    config = finished.read_config() | {
        "name": "own",
        "test_sets": {"mine": {"languages": ["fra", "eng"], "files": ["own.tsv"]}},
    }
    config["experiments"]["additive"]["test_sets"] = ["test", "mine"]
    (finished.folder / "config/own.yaml").write_text(json.dumps(config))
    own = ("--configfile", "config/own.yaml")
    expected = {"prepare_test_set": 1, "evaluate_translation": 1, "compare": 1, "cards": 1}
    expected |= {"baseline_translation_elsewhere": 1, "summary": 1, "playground": 1}
    assert finished.jobs(*own) == expected
    result = finished.snakemake(*own)
    assert result.returncode == 0, result.stderr
    metrics = json.loads((finished.folder / RUN / "mine/metrics.json").read_text())
    assert metrics["sources"] == 4
    assert metrics["overlap"] == {"pairs": 2, "source": 2, "target": 2}
    assert "bleu_normalised_without_overlap" in metrics["scores"]
    table = (finished.folder / "results/compare/own/translation/summary.html").read_text()
    assert "mine" in table


def test_checkpoints_in_another_folder(finished, tmp_path):
    """A run whose results are lost is not trained again where its checkpoint has survived."""
    chosen = (*SMALL, "--config", f"checkpoints={tmp_path / 'kept'}")
    weights = finished.folder / RUN / "weights.safetensors"
    before = weights.read_bytes()
    log = finished.folder / "logs/train/translation/additive.seed-1.log"
    for said in ("epoch 1/", f"resuming from the checkpoint in {tmp_path}/kept"):
        weights.unlink()
        result = finished.snakemake(*chosen, "--", str(RUN / "weights.safetensors"))
        assert result.returncode == 0, result.stderr
        assert weights.read_bytes() == before
        assert said in log.read_text()
    assert finished.snakemake(*SMALL).returncode == 0  # scores are younger than weights again


def test_a_failing_download_leaves_its_cause_in_the_log(tmp_path):
    project = small_project(tmp_path)
    result = project.snakemake(*SMALL, "--config", "mirror=empty")
    assert result.returncode != 0
    (log,) = (project.folder / "logs/download").rglob("*.log")
    assert "empty/example.org/small/fra-eng.zip" in log.read_text()
    assert "Traceback" not in log.read_text()
