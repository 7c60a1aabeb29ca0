"""The key of a training: what changes it, and what it says."""

from pathlib import Path

import torch

from nlpflow.jobs import Inputs
from nlpflow.training.run import _processes, training_key

SETTINGS = {"seed": 1, "training": {"learning_rate": 0.1, "parts": [], "inner": {"a": None}}}
CPU = torch.device("cpu")


def test_settings_stand_there_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "data" / "train.npy"
    file.parent.mkdir()
    file.write_bytes(b"abc")
    key = training_key(SETTINGS, {"train": file}, "code digest", CPU)
    assert key["seed"] == "1"
    assert key["training.learning_rate"] == "0.1"
    assert key["training.parts"] == "[]"
    assert key["training.inner.a"] == "null"
    assert key["code"] == "code digest"
    assert key["device"] == "cpu"
    assert key["torch"] == torch.__version__
    assert key["data train"].startswith("ba7816bf")  # SHA-256 of abc
    file.write_bytes(b"abd")
    again = training_key(SETTINGS, {"train": file}, "code digest", CPU)
    assert [name for name in key if key[name] != again[name]] == ["data train"]


def test_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    """Folders named alike, as those of random seeds are, and several files of one input."""
    places = [tmp_path / f"results/embeddings/{name}/seed-1" for name in "ab"]
    for number, place in enumerate(places):
        place.mkdir(parents=True)
        (place / "vectors.safetensors").write_text(f"{number}")
    encoded = tmp_path / "seed-1"
    encoded.mkdir()
    (encoded / "vectors.safetensors").touch()
    (encoded / ".snakemake_timestamp").touch()
    pretrained = tuple(place / "vectors.safetensors" for place in places)
    inputs = Inputs({"encoded": (encoded,), "pretrained": pretrained, "dev": pretrained[:1]})
    before = training_key(SETTINGS, inputs.named_files(), "code", CPU)
    assert [name for name in before if name.startswith("data ")] == [
        "data encoded/vectors.safetensors",
        "data pretrained 1 vectors.safetensors",
        "data pretrained 2 vectors.safetensors",
        "data dev",
    ]
    for changed, names in {
        pretrained[0]: ["data pretrained 1 vectors.safetensors", "data dev"],
        pretrained[1]: ["data pretrained 2 vectors.safetensors"],
    }.items():
        content = changed.read_text()
        changed.write_text("other")
        after = training_key(SETTINGS, inputs.named_files(), "code", CPU)
        assert [name for name in before if before[name] != after[name]] == names
        changed.write_text(content)


def test_the_card_has_every_number_of_processes() -> None:
    assert _processes((2,)) == 2
    assert _processes((2, 1)) == "2, then 1"
