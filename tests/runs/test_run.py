"""Runs on disk: what comes back, byte by byte, and what a damaged one says."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from nlpflow.errors import UserError
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.runs.run import Run, load_run, save_run
from nlpflow.settings.translation_model import GRUModel
from nlpflow.tables import read_table, write_json, write_table
from nlpflow.tasks.translation.model import build_seq2seq

HISTORY = pd.DataFrame({"epoch": [1, 2], "train_loss": [1 / 3, 2e-7], "dev_bleu": [0.0, 12.5]})
TIMINGS = pd.DataFrame({"epoch": [1, 2], "seconds": [0.5, 1.0]})


def build(tied: bool = False) -> Seq2Seq:
    torch.manual_seed(0)
    settings = GRUModel(
        attention="additive", embedding=4, hidden=4, bidirectional=True, tied_embeddings=tied
    )
    return build_seq2seq(settings, 6, 7, 5)


def saved(folder: Path, model: Seq2Seq | None = None) -> Run:
    run = Run(
        experiment="sample-été",
        seed=3,
        settings={"task": "translation", "model": {"hidden": 4}, "test_sets": ["dev"]},
        normalisation="cased",
        languages=("fra", "eng"),
        vocabulary=str(folder.parent / "vocabularies" / "sample"),
        digests={"source": "ab", "target": "cd"},
        sizes={"max_length": 5},
    )
    save_run(folder, run, (model or build()).state_dict(), HISTORY, TIMINGS, {"device": "cpu"})
    return run


@pytest.mark.parametrize("tied", [False, True])
def test_round_trip(tmp_path: Path, tied: bool) -> None:
    model = build(tied)
    run = saved(tmp_path / "run", model)
    loaded, weights = load_run(tmp_path / "run")
    digest = hashlib.sha256((tmp_path / "run/weights.safetensors").read_bytes()).hexdigest()
    assert loaded == run.model_copy(update={"weights": digest})
    assert weights.keys() == model.state_dict().keys()
    for name, weight in model.state_dict().items():
        assert weights[name].dtype == weight.dtype
        assert weights[name].numpy().tobytes() == weight.numpy().tobytes()


def test_tied_weights_are_tied_again(tmp_path: Path) -> None:
    saved(tmp_path / "run", build(tied=True))
    _, weights = load_run(tmp_path / "run")
    model = build(tied=True)
    model.load_state_dict(weights)
    assert model.decoder.output.weight is model.decoder.embedding.weight


def test_same_run_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        saved(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == [
        "card.json",
        "history.tsv",
        "run.json",
        "timings.tsv",
        "weights.safetensors",
    ]
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_moved_project_finds_its_vocabulary(tmp_path: Path) -> None:
    saved(tmp_path / "old" / "run")
    (tmp_path / "old").rename(tmp_path / "new")
    loaded, _ = load_run(tmp_path / "new" / "run")
    assert loaded.vocabulary == str(tmp_path / "new" / "vocabularies" / "sample")


def test_the_vocabulary_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(tmp_path / "run")
    monkeypatch.chdir(tmp_path / "run")
    assert Path(load_run(Path())[0].vocabulary).resolve() == tmp_path / "vocabularies" / "sample"


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        load_run(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    return message


def test_no_folder(tmp_path: Path) -> None:
    assert "run.json is missing" in refusal(tmp_path / "nowhere")


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    assert "run.json is missing" in refusal(tmp_path)


def test_a_file_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refusal(tmp_path / "file")


def test_weights_are_missing(tmp_path: Path) -> None:
    saved(tmp_path / "run")
    (tmp_path / "run" / "weights.safetensors").unlink()
    assert "weights.safetensors is missing" in refusal(tmp_path / "run")


@pytest.mark.parametrize("keep", [0, 4, 40, 300, -1])
def test_cut_weights(tmp_path: Path, keep: int) -> None:
    saved(tmp_path / "run")
    file = tmp_path / "run" / "weights.safetensors"
    whole = file.read_bytes()
    file.write_bytes(whole[:keep])
    message = refusal(tmp_path / "run")
    for content in (whole, whole[:keep]):
        assert hashlib.sha256(content).hexdigest() in message
    assert "train it again" in message


@pytest.mark.parametrize("content", [b"", b"abcd", b"\xff" * 100, b"\x02" + bytes(7) + b"{}"[:1]])
def test_weights_of_no_known_format(tmp_path: Path, content: bytes) -> None:
    """Their digest may be right: whoever gives away a run can write anything."""
    saved(tmp_path / "run")
    (tmp_path / "run/weights.safetensors").write_bytes(content)
    description = json.loads((tmp_path / "run/run.json").read_text())
    description["weights"] = hashlib.sha256(content).hexdigest()
    write_json(tmp_path / "run/run.json", description)
    assert "damaged" in refusal(tmp_path / "run")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b"null",
        b"{}",
        b'{"vocabulary": "v"}',
        b'{"vocabulary": 3, "languages": []}',
    ],
)
def test_damaged_description(tmp_path: Path, content: bytes) -> None:
    saved(tmp_path / "run")
    (tmp_path / "run" / "run.json").write_bytes(content)
    refusal(tmp_path / "run")


def test_an_unknown_key_in_the_description(tmp_path: Path) -> None:
    saved(tmp_path / "run")
    file = tmp_path / "run" / "run.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"colour": "blue"}))
    refusal(tmp_path / "run")


def test_json_is_readable_and_ordered(tmp_path: Path) -> None:
    for order in (["b", "a"], ["a", "b"]):
        write_json(tmp_path / "a.json", dict.fromkeys(order, "é"))
        assert (tmp_path / "a.json").read_bytes() == '{\n  "a": "é",\n  "b": "é"\n}\n'.encode()


def test_numbers_of_a_table(tmp_path: Path) -> None:
    table = pd.DataFrame({"n": [1, 2], "x": [1 / 3, np.nan], "y": [123456.789, 1e-9]})
    write_table(tmp_path / "a.tsv", table)
    assert (tmp_path / "a.tsv").read_text() == "n\tx\ty\n1\t0.333333\t123457\n2\t\t1e-09\n"


def test_text_of_a_table_as_its_readers_take_it(tmp_path: Path) -> None:
    """Tokens such as a quotation mark, `NA` or `null` must come back as they were."""
    words = ['"', "'", 'a "b" c', "NA", "null", "", "#", "\\", "«", "0-0 1-1"]
    write_table(tmp_path / "a.tsv", pd.DataFrame({"word": words, "n": range(len(words))}))
    read = read_table(tmp_path / "a.tsv", "word")
    assert read["word"].tolist() == words
