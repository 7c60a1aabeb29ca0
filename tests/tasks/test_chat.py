"""Chat from a small corpus to scores, and `nlpflow chat` on the trained run."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from asked import evaluation_job, training_job
from nlpflow.cli import main
from nlpflow.settings.chat import ChatExperiment
from nlpflow.settings.data import PairDataset
from nlpflow.tables import read_json
from nlpflow.tasks.chat import baselines
from nlpflow.tasks.chat.evaluation import evaluate, likelihood_scores
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.translation.likelihood import log_likelihoods
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.training import train
from nlpflow.vocabulary import EOS
from pairs_on_disk import write_pairs

pytestmark = pytest.mark.long

FRUIT = [
    "apple",
    "pear",
    "plum",
    "cherry",
    "grape",
    "lemon",
    "mango",
    "melon",
    "peach",
    "quince",
    "fig",
    "date",
]
DATASET = PairDataset(
    kind="pairs", corpus="c", source="eng", target="eng_replies", normalisation="cased"
)


def pairs() -> pd.DataFrame:
    rows = [
        (f"{greeting} | I want a {fruit}.", f"Here is your {fruit}.")
        for greeting in ("Hello.", "Good day.", "Can I help you?")
        for fruit in FRUIT
    ]
    rows += [(greeting, "Hi, can I help you?") for greeting in ("Hello.", "Good day.")] * 6
    table = pd.DataFrame(rows, columns=["source", "target"], dtype="str")
    return table.assign(source_raw=table["source"], target_raw=table["target"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    table = pairs()
    return write_pairs(
        tmp_path_factory.mktemp("chat"), dict.fromkeys(("train", "dev", "test"), table)
    )


@pytest.fixture(scope="module")
def run(data: Path) -> Path:
    settings = ChatExperiment(
        task="chat",
        vocabulary="v",
        model={"attention": "additive", "copying": True, "embedding": 24, "hidden": 24},
        training={"learning_rate": 0.01, "batch_size": 8, "epochs": 15, "patience": 15},
        decoding={"max_tokens": 12},
    )
    train(training_job(settings, DATASET, data, data / "run"))
    return data / "run"


def test_scores(data: Path, run: Path) -> None:
    settings = {"decoding": {"max_tokens": 12}, "figures": {}}
    job = evaluation_job("chat", run, data, run / "test", settings)
    evaluate(job)
    scores = read_json(run / "test/metrics.json")["scores"]
    assert scores["exact"] >= 90
    assert scores["recall_1"] >= 90
    assert 1 <= scores["perplexity"] < 1.5
    assert scores["bleu_delexicalised"] > 90
    assert 0 < scores["distinct_1"] < scores["distinct_2"] + 50


def test_log_likelihoods_do_not_depend_on_the_batch(run: Path) -> None:
    """Each equals the sum that teacher forcing of this sentence alone gives."""
    translator, _ = load_translator(run, kinds=(ChatExperiment,))
    sources = ["Hello. | I want a fig.", "Hello."]
    targets = ["Here is your fig.", "Hi, can I help you?"]
    sums, counts = log_likelihoods(translator, sources, targets)
    for one, source, target in zip(sums, sources, targets, strict=True):
        (alone,), (count,) = log_likelihoods(translator, [source], [target])
        assert one == pytest.approx(alone, rel=1e-4)
        ids = torch.tensor([[*translator.target.encode(target), EOS]])
        assert count == ids.shape[1]
    assert counts.tolist() == [6, 8]
    assert np.exp(sums).max() <= 1


def test_a_second_true_response_is_no_wrong_one(
    run: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of ten different responses one context has two, so eight are left for it."""
    translator, _ = load_translator(run, kinds=(ChatExperiment,))
    sources = [f"Hello. | I want {number} figs." for number in range(10)]
    known = [[f"Here are {number} figs."] for number in range(10)]
    assert "recall_1" in likelihood_scores(translator, sources, known)
    known[3].append("Here are 4 figs.")
    assert "recall_1" not in likelihood_scores(translator, sources, known)
    assert "the test set has 10 different responses" in caplog.text


def test_ensembles_are_refused_before_training() -> None:
    values = {"task": "chat", "vocabulary": "v", "model": {"attention": "dot"}}
    ChatExperiment.model_validate(values)
    with pytest.raises(ValueError, match=r"decoding.ensemble: not possible with task 'chat'"):
        ChatExperiment.model_validate(
            values | {"decoding": {"ensemble": ["results/chat/a/seed-1"]}}
        )


def test_baselines(data: Path, tmp_path: Path) -> None:
    for name in ("fixed", "nearest"):
        folder = tmp_path / name
        folder.mkdir()
        files = {
            "metrics": folder / "metrics.json",
            "predictions": folder / "predictions.tsv",
            "breakdown": folder / "breakdown.tsv",
        }
        tables = {key: data / f"{key}.parquet" for key in ("train", "test", "references")}
        values = DATASET.model_dump(mode="json")
        baselines.evaluate(BaselineJob("chat", name, values, tables, {"test": files}))
        scores = read_json(folder / "metrics.json")["scores"]
        # Of 38 different contexts two have the most frequent response.
        assert scores["exact"] == pytest.approx(100 if name == "nearest" else 100 * 2 / 38)
        assert scores["commonest"] <= 100
        assert "perplexity" not in scores
        if name == "nearest":
            assert scores["recall_1"] == 100
        else:  # what it says is no more similar to the true response than to another one of a fruit
            assert scores["recall_1"] == pytest.approx(100 * 2 / 38)


def said(arguments: list[str], text: str, monkeypatch: pytest.MonkeyPatch, capsys) -> list[str]:
    stream = io.TextIOWrapper(io.BytesIO(text.encode()))
    monkeypatch.setattr("sys.stdin", stream)
    assert main(["chat", *arguments]) == 0
    return capsys.readouterr().out.split("\n")[:-1]


def test_a_conversation_from_a_script(run: Path, monkeypatch, capsys) -> None:
    """The run sees its own last turn; `/reset` forgets it."""
    lines = ["Hello.", "I want a fig.", "", "/reset", "Hello."]
    found = said([str(run)], "\n".join(lines) + "\n", monkeypatch, capsys)
    assert found == ["Hi, can I help you?", found[1], "", "", "Hi, can I help you?"]
    assert "fig" in found[1]


def test_draws_are_seeded(run: Path, monkeypatch, capsys) -> None:
    text = "Hello.\n" * 6
    options = [str(run), "--temperature", "5"]
    first, again, other = (
        said([*options, "--seed", seed], text, monkeypatch, capsys) for seed in ("1", "1", "2")
    )
    assert first == again
    assert first != other
    assert len(set(first)) > 1  # the draws of two turns differ
    narrow = said([*options, "--nucleus", "0.01"], text, monkeypatch, capsys)
    assert narrow[0] == "Hi, can I help you?"


@pytest.mark.parametrize("option", [["--nucleus", "0.5"], ["--seed", "2"]])
def test_options_of_draws_need_draws(run: Path, option: list[str], capsys) -> None:
    assert main(["chat", str(run), *option]) == 2
    assert f"{option[0]} needs --temperature" in capsys.readouterr().err


def test_a_run_of_another_task(run: Path, capsys) -> None:
    assert main(["command", str(run), "x"]) == 1
    assert "is of task 'chat'; a run of task bash or frames is needed" in capsys.readouterr().err
