"""What a run's card says."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import torch

from nlpflow import VERSION
from nlpflow.results.cards import cards_html, collect_cards
from nlpflow.runs import machine
from nlpflow.runs.card import run_card
from nlpflow.tables import digest_of
from nlpflow.training.run import training_key

CPU = torch.device("cpu")


def card(folder: Path, **settings: int) -> dict[str, Any]:
    parent = folder / "results/embeddings/first/seed-1"
    parent.mkdir(parents=True, exist_ok=True)
    (parent / "run.json").touch()
    (parent / "vectors.safetensors").write_bytes(b"abc")
    (folder / "train.npy").write_bytes(b"abd")
    data = {"train": folder / "train.npy", "pretrained": parent / "vectors.safetensors"}
    key = training_key(settings | {"seed": 7}, data, "code", CPU)
    return run_card(settings, key, data, CPU, 1.23)


def test_card_names_everything_that_the_run_was_made_from(tmp_path: Path) -> None:
    values = card(tmp_path, epochs=3)
    assert (values["code"], values["seed"]) == ("code", 7)
    files = {"train": b"abd", "pretrained": b"abc"}
    assert values["data"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert list(values["parents"]) == ["embeddings/first/seed-1/vectors.safetensors"]
    assert (values["nlpflow"], values["torch"]) == (VERSION, torch.__version__)
    assert values["device"] == "cpu"
    assert values["processor"]
    assert values["seconds"] == 1.2
    assert datetime.fromisoformat(values["finished"]).tzinfo is not None


def test_runs_of_two_folders_of_results_are_both_parents(tmp_path: Path) -> None:
    data = {}
    for name in "ab":
        run = tmp_path / name / "results/embeddings/first/seed-1"
        run.mkdir(parents=True)
        (run / "run.json").touch()
        (run / "vectors.safetensors").write_text(name)
        data[f"pretrained {name}"] = run / "vectors.safetensors"
    parents = run_card({}, training_key({"seed": 7}, data, "code", CPU), data, CPU, 1)["parents"]
    place = "embeddings/first/seed-1/vectors.safetensors"
    assert parents == {
        place: hashlib.sha256(b"a").hexdigest(),
        f"{place} (pretrained b)": hashlib.sha256(b"b").hexdigest(),
    }


def test_card_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    assert str(tmp_path.parent) not in json.dumps(card(tmp_path))


def test_config_digest_is_of_the_settings(tmp_path: Path) -> None:
    assert card(tmp_path, epochs=3)["config"] == digest_of({"epochs": 3})
    assert card(tmp_path, epochs=4)["config"] != digest_of({"epochs": 3})


def test_processors_of_one_name_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cpuinfo"
    monkeypatch.setattr(machine, "CPU_INFO", file)
    file.write_text("model\t\t: 2\nmodel name\t: AMD EPYC\ncpu family\t: 26\n\nmodel name\t: X\n")
    assert machine.processor() == "AMD EPYC, cpu family 26, model 2"
    file.write_text("CPU implementer\t: 0x41\n")
    assert machine.processor()


def test_page_of_cards_tells_of_pretrained_vectors_and_of_other_data(tmp_path: Path) -> None:
    coverage = {"words": 2000, "share": 0.918, "missing": 164}
    files = []
    for experiment, vectors in [
        ("plain", {}),
        ("tagger", {"vectors": coverage}),
        ("translator", {"vectors": {"source": coverage, "target": coverage}}),
    ]:
        files.append(tmp_path / experiment / "seed-3/card.json")
        files[-1].parent.mkdir(parents=True)
        files[-1].write_text(json.dumps(card(tmp_path) | vectors))
    labels = {"plain": "a plain one", "tagger": "a tagger", "translator": "a translator"}
    page = cards_html(collect_cards(files, labels))
    assert page.count("a plain one") == 1
    assert page.count("91.8% of 2,000") == 3
    assert "source: 91.8% of 2,000, target: 91.8% of 2,000" in page
    assert "words with a pretrained vector" in page
    note = "pairs: data differ from those of the published results (2019-04-07)"
    assert "data that differ" not in page
    cards = collect_cards(files, labels, {"a tagger": note})
    assert {name: card.get("other_data") for name, card in cards.items()} == {
        "plain/seed-3": None,
        "tagger/seed-3": note,
        "translator/seed-3": None,
    }
    assert note in cards_html(cards)
    without = cards_html(collect_cards(files[:1], labels))
    assert "words with a pretrained vector" not in without
