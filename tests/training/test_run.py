"""The key of a training: what changes it, and what it says."""

from pathlib import Path

import torch

from nlpflow.training.run import training_key

SETTINGS = {"seed": 1, "training": {"learning_rate": 0.1, "parts": [], "inner": {"a": None}}}
CPU = torch.device("cpu")


def test_settings_stand_there_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "data" / "train.npy"
    file.parent.mkdir()
    file.write_bytes(b"abc")
    key = training_key(SETTINGS, [file], "code digest", CPU)
    assert key["seed"] == "1"
    assert key["training.learning_rate"] == "0.1"
    assert key["training.parts"] == "[]"
    assert key["training.inner.a"] == "null"
    assert key["code"] == "code digest"
    assert key["device"] == "cpu"
    assert key["torch"] == torch.__version__
    assert key["data data/train.npy"].startswith("ba7816bf")  # SHA-256 of abc
    file.write_bytes(b"abd")
    again = training_key(SETTINGS, [file], "code digest", CPU)
    assert [name for name in key if key[name] != again[name]] == ["data data/train.npy"]
