"""The command `nlpflow train`, killed again and again, ends in the bytes of a run left alone."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import yaml

import forked
from faults.tiny import write_origins
from nlpflow.vocabulary import Words
from nlpflow.vocabulary.encoded import EncodedRows, write_encoded

pytestmark = pytest.mark.long

KILLS = 5
EPOCHS = 12
DEADLINE = 300
"""Seconds that no step of a test needs, however slow the machine."""


def sentences(letters: str, count: int, rng: random.Random) -> list[str]:
    return [" ".join(rng.choices(letters, k=rng.randint(1, 6))) for _ in range(count)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with prepared, encoded data and a config, as the workflow makes them."""
    folder = tmp_path_factory.mktemp("place")
    rng = random.Random(1)
    sides = {"src": Words(tuple("abcdefgh"), (1,) * 8), "tgt": Words(tuple("ABCDEFGH"), (1,) * 8)}
    vocabulary, prepared = folder / "data/vocabularies/v", folder / "data/prepared/d"
    vocabulary.mkdir(parents=True)
    prepared.mkdir(parents=True)
    for side, name in (("src", "source"), ("tgt", "target")):
        sides[side].save(vocabulary / f"{name}.vocab")
    for split, count in (("train", 48), ("dev", 6)):
        table = pd.DataFrame(
            {
                "source": sentences("abcdefgh", count, rng),
                "target": sentences("ABCDEFGH", count, rng),
            }
        )
        table.assign(split=split, target_raw=table["target"]).to_parquet(
            prepared / "references.parquet"
        )
        table.to_parquet(prepared / f"{split}.parquet")
        columns = (pa.array(table[column]) for column in ("source", "target"))
        encoded = (sides[side].encode_column(c) for side, c in zip(sides, columns, strict=True))
        write_encoded(folder / "data/encoded/v", split, [EncodedRows(*encoded)])
    corpus = {
        "title": "T",
        "licence": "CC0",
        "attribution": "us",
        "reader": "tsv",
        "languages": ["eng", "fra"],
        "files": [{"address": "nowhere.tsv"}],
    }
    (folder / "corpora.yaml").write_text(yaml.safe_dump({"c": corpus}))
    experiment = {
        "task": "translation",
        "vocabulary": "v",
        "model": {"attention": "additive", "embedding": 6, "hidden": 6, "dropout": 0.2},
        "training": {
            "batch_size": 8,
            "epochs": EPOCHS,
            "patience": EPOCHS,
            "teacher_forcing": 0.5,
            "schedule": "plateau",
            "average": 3,
        },
        "decoding": {"max_tokens": 6},
        "resources": {"checkpoint_minutes": 0},
    }
    config = {
        "name": "kills",
        "registry": str(folder / "corpora.yaml"),
        "datasets": {"d": {"kind": "pairs", "corpus": "c", "source": "fra", "target": "eng"}},
        "vocabularies": {"v": {"dataset": "d"}},
        "experiments": {"e": experiment},
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    write_origins(folder)
    # The run left alone saves seldom: how often changes nothing.
    config["experiments"]["e"] = experiment | {"resources": {"checkpoint_minutes": 60}}
    (folder / "seldom.yaml").write_text(json.dumps(config))
    config["experiments"]["e"] = experiment | {"resources": {"checkpoint_minutes": 0, "gpu": 2}}
    (folder / "two.yaml").write_text(json.dumps(config))
    command = [sys.executable, "-m", "nlpflow.cli", *arguments("alone", "seldom.yaml")]
    subprocess.run(command, cwd=folder, check=True, timeout=DEADLINE)
    return folder


def arguments(output: str, config: str = "config.yaml") -> list[str]:
    return ["train", "e", "--configfile", config, "--output", output]


def start(folder: Path, output: str, config: str = "config.yaml") -> Any:
    """`nlpflow train` as a shell starts it in the background: with SIGINT ignored.

    Forked from a process that has imported torch already, which takes most of a start. It takes
    this machine for one with two GPUs; the processes that it starts find none and use the CPU.
    """
    lines = (
        "import os, signal, sys",
        f"os.chdir({str(folder)!r})",
        f"os.dup2(os.open({output + '.log'!r}, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 2)",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "import torch",
        "torch.cuda.device_count = lambda: 2",
        "from nlpflow.cli import main",
        f"sys.argv = {['nlpflow', *arguments(output, config)]}",
        "sys.exit(main())",
    )
    process = forked.process(exec, "\n".join(lines))
    process.start()
    return process


def ended(process: Any) -> int:
    """The exit status; minus the signal's number if one has killed it."""
    process.join(DEADLINE)
    assert process.exitcode is not None
    return int(process.exitcode)


def said(folder: Path, output: str) -> str:
    return (folder / f"{output}.log").read_text()


def position(folder: Path, output: str) -> int:
    """How far the saved training is, in updates."""
    names = [path.name.split("-") for path in (folder / output / ".checkpoints").glob("epoch-*")]
    return max((6 * int(name[1]) + int(name[3]) for name in names), default=0)


def wait_until(there: Callable[[], bool], process: Any) -> None:
    """Until something is there, or the process has ended by itself."""
    end = time.monotonic() + DEADLINE
    while not there() and process.is_alive():
        assert time.monotonic() < end
        time.sleep(0.002)


def same(folder: Path, output: str) -> bool:
    return all(
        (folder / output / name).read_bytes() == (folder / "alone" / name).read_bytes()
        for name in ("weights.safetensors", "history.tsv")
    )


def test_kill_9_at_random_moments(place: Path) -> None:
    rng = random.Random(time.time_ns())
    killed = 0
    for _ in range(KILLS):
        process = start(place, "killed")
        goal = position(place, "killed") + rng.randint(1, 8)
        wait_until(lambda goal=goal: position(place, "killed") >= goal, process)
        time.sleep(rng.random() / 50)  # somewhere between two saves, or in one
        process.kill()
        assert ended(process) in (0, -signal.SIGKILL), said(place, "killed")
        killed += process.exitcode != 0
    assert killed
    assert ended(start(place, "killed")) == 0, said(place, "killed")
    assert same(place, "killed")
    assert "resuming from the checkpoint" in said(place, "killed")
    assert len(list((place / "killed/.checkpoints").glob("epoch-*"))) == 1


def test_signals_save_and_exit_with_75(place: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        before = position(place, "signalled")
        process = start(place, "signalled")
        wait_until(lambda before=before: position(place, "signalled") > before, process)
        os.kill(process.pid, number)
        assert ended(process) == 75, said(place, "signalled")
        last = said(place, "signalled").splitlines()[-1]
        assert f"{number.name}: saved in signalled/.checkpoints" in last
        assert "Traceback" not in said(place, "signalled")
        assert not (place / "signalled/weights.safetensors").exists()
    assert ended(start(place, "signalled")) == 0, said(place, "signalled")
    assert same(place, "signalled")


def worker(parent: int, rank: int) -> int:
    """The process id of one of the processes that a training has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    found = [Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") for pid in children]
    ranks = [f"RANK={rank}".encode() in environment for environment in found]
    return int(children[ranks.index(True)])


@pytest.mark.slow
def test_two_processes_under_torchrun(place: Path) -> None:
    """One of them is killed; then all are told to stop; then they come to the end."""

    def begun() -> Any:
        before = position(place, "two")
        process = start(place, "two", "two.yaml")
        wait_until(lambda: position(place, "two") > before, process)
        assert process.is_alive(), said(place, "two")
        return process

    process = begun()
    os.kill(worker(process.pid, 1), signal.SIGKILL)
    assert ended(process) == 1
    last = said(place, "two").splitlines()[-1]
    assert "one of the 2 processes of this training has ended" in last
    assert said(place, "two").count("has ended") == 1
    assert "Traceback" not in said(place, "two")

    process = begun()
    os.kill(worker(process.pid, 0), signal.SIGKILL)
    assert ended(process) == 1
    assert "e seed 1: process 0 of 2 has ended: SIGKILL; start it again" in said(place, "two")

    process = begun()
    os.kill(process.pid, signal.SIGUSR1)  # which torchrun's processes get as SIGTERM
    assert ended(process) == 75, said(place, "two")
    assert "SIGTERM: saved in two/.checkpoints" in said(place, "two").splitlines()[-1]

    assert ended(start(place, "two", "two.yaml")) == 0, said(place, "two")
    assert "resuming from the checkpoint" in said(place, "two")
    assert len(pd.read_csv(place / "two/history.tsv", sep="\t")) == EPOCHS
    assert json.loads((place / "two/card.json").read_text())["processes"] == 2


def test_the_run_left_alone_has_learnt(place: Path) -> None:
    """Otherwise equal bytes would say little."""
    history = pd.read_csv(place / "alone/history.tsv", sep="\t")
    assert len(history) == EPOCHS
    assert history["train_loss"].iloc[-1] < history["train_loss"].iloc[0]
    assert history["learning_rate"].nunique() > 1
    assert np.isfinite(history.drop(columns="epoch").to_numpy()).all()
