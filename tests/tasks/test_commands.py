"""Commands from a small corpus to scores, and `nlpflow command` on the trained run."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nlpflow.cli import main
from nlpflow.figures.style import Style
from nlpflow.jobs import Inputs
from nlpflow.settings.commands import FramesExperiment
from nlpflow.settings.data import PairDataset
from nlpflow.tables import read_json, read_table
from nlpflow.tasks.commands import baselines
from nlpflow.tasks.commands.evaluation import evaluate
from nlpflow.tasks.interface import BaselineJob, EvaluationJob
from nlpflow.tasks.translation.figures import plot
from nlpflow.tasks.translation.training import train
from nlpflow.training.run import TrainingJob
from pairs_on_disk import write_pairs

pytestmark = pytest.mark.long

ROOMS = [f"{first}{second}room" for first in "abcdefghij" for second in "klmnop"]
DATASET = PairDataset(kind="pairs", corpus="c", source="eng", target="zxx", normalisation="cased")
TABLES = ("predictions", "breakdown", "attention")


def pairs(rooms: list[str]) -> pd.DataFrame:
    rows = [
        row
        for room in rooms
        for row in (
            (f"lights on in the {room}", f"on(room={room})"),
            (f"make the {room} dark", f"off(room={room})"),
        )
    ]
    table = pd.DataFrame(rows, columns=["source", "target"], dtype="str")
    return table.assign(source_raw=table["source"], target_raw=table["target"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    splits = {"train": ROOMS[:48], "dev": ROOMS[48:54], "test": ROOMS[54:]}
    tables = {split: pairs(rooms) for split, rooms in splits.items()}
    return write_pairs(tmp_path_factory.mktemp("commands"), tables, min_count=10)


def inputs(data: Path, **more: Path) -> Inputs:
    names = {name: f"{name}.parquet" for name in ("train", "dev", "test", "references")}
    names |= {"source": "source.vocab", "target": "target.vocab", "encoded": "encoded"}
    paths = {name: data / file for name, file in names.items()} | more
    return Inputs.of((name, str(path)) for name, path in paths.items())


@pytest.fixture(scope="module")
def run(data: Path) -> Path:
    """A network that must copy: no room is in the vocabulary."""
    settings = FramesExperiment(
        task="frames",
        vocabulary="v",
        model={
            "attention": "additive",
            "copying": True,
            "readout": "deep",
            "embedding": 24,
            "hidden": 24,
            "bidirectional": True,
        },
        training={"learning_rate": 0.01, "batch_size": 8, "epochs": 12, "patience": 12},
        decoding={"max_tokens": 12},
    )
    read = inputs(data)
    dataset = DATASET.model_dump(mode="json")
    values = settings.model_dump(mode="json")
    job = TrainingJob("e", 1, values, dataset, read, data / "run", data / "checkpoints")
    train(job)
    return data / "run"


def files(folder: Path, *names: str) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    endings = {"metrics": "json", "samples": "txt"}
    return {name: folder / f"{name}.{endings.get(name, 'tsv')}" for name in names}


def evaluated(data: Path, run: Path, **decoding: Any) -> Path:
    outputs = files(run / "test", "metrics", "samples", *TABLES)
    settings = {
        "figures": {"sentences": ["lights on in the hall"], "sample": 1},
        "decoding": {"max_tokens": 12, **decoding},
    }
    read = inputs(data, table=data / "test.parquet")
    evaluate(EvaluationJob(run, "test", settings, read, outputs))
    return run / "test"


def test_unseen_rooms_are_copied(data: Path, run: Path) -> None:
    folder = evaluated(data, run)
    scores = read_json(folder / "metrics.json")["scores"]
    assert set(scores) == {"exact", "intent", "well_formed", "slot_f1"}
    assert scores["exact"] >= 90
    predictions = read_table(folder / "predictions.tsv", "source", "output", "references")
    assert predictions["exact"].mean() * 100 == pytest.approx(scores["exact"])
    breakdown = read_table(folder / "breakdown.tsv", "kind", "bucket")
    origin = breakdown[breakdown["kind"] == "parts of the command"]
    assert origin["bucket"].tolist() == ["in the request"]
    assert "> lights on in the" in (folder / "samples.txt").read_text()


def test_attention_has_the_probability_of_copying(data: Path, run: Path) -> None:
    folder = evaluated(data, run)
    table = read_table(folder / "attention.tsv", "tgt_token", "src_token")
    first = table[table["sentence"] == 1].drop_duplicates("tgt_position")
    shares = dict(zip(first["tgt_token"], first["copying"], strict=True))
    assert shares["hall"] > 0.9
    assert shares["on"] < 0.1 or shares["room"] < 0.1
    plots = {"curves": run / "curves.svg", "breakdown": run / "breakdown.svg"}
    tables = files(folder, *TABLES) | {"history": run / "history.tsv"}
    plot(tables, plots | {"attention": run / "attention"}, Style())
    assert sorted(path.name for path in (run / "attention").iterdir()) == [
        *("sentence-1.png", "sentence-1.svg", "sentence-2.png", "sentence-2.svg"),
    ]


def test_beam_search_copies_too(data: Path, run: Path) -> None:
    greedy = read_json(evaluated(data, run) / "metrics.json")["scores"]
    assert read_json(evaluated(data, run, beam=3) / "metrics.json")["scores"] == greedy


def test_command(data: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluated(data, run)
    capsys.readouterr()
    assert main(["command", str(run), "make the hall dark", "", "lights on in the Hall"]) == 0
    found = capsys.readouterr()
    first, empty, last = found.out.splitlines()
    text, described = first.split("\t")
    assert text == "off(room=hall)"
    assert json.loads(described) == {
        "command": "off(room=hall)",
        "intent": "off",
        "slots": [{"name": "room", "value": "hall"}],
    }
    assert empty == ""
    assert last.startswith("on(room=Hall)\t")
    assert found.err == ""  # a word that can be copied is not an unknown word
    assert main(["translate", str(run), "x"]) == 1
    assert "is of task 'frames'; a run of task translation is needed" in capsys.readouterr().err


@pytest.mark.parametrize(("baseline", "exact"), [("nearest", 0), ("features", 100)])
def test_baselines(data: Path, tmp_path: Path, baseline: str, exact: float) -> None:
    """No test room is in training, so no training command is right; features of words suffice."""
    outputs = {"test": files(tmp_path, "metrics", "predictions", "breakdown")}
    tables = {name: data / f"{name}.parquet" for name in ("train", "test", "references")}
    job = BaselineJob("frames", baseline, DATASET.model_dump(mode="json"), tables, outputs)
    baselines.evaluate(job)
    assert read_json(tmp_path / "metrics.json")["scores"]["exact"] == exact
