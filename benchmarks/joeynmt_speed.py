r"""Speed of training and of beam search, compared with JoeyNMT 2.3.0.

Both sides train an encoder in two directions and a decoder with additive attention (GRU, 256 units)
on the same pairs, words and batch size, and translate the same sentences with a beam of 5. The
sides take turns. JoeyNMT runs as a command in its own environment, and its speeds are those that it
logs, without the time that it takes to start. nlpflow trains two networks: one with its plain
read-out, which predicts a word from the decoder's state, and one with the deep read-out, which also
uses the context, as JoeyNMT's decoder does.

    snakemake --configfile config/tatoeba.yaml --cores 2 data/encoded/tutorial
    python -m venv joeynmt
    joeynmt/bin/pip install torch==2.13.0 joeynmt==2.3.0 importlib_metadata
    python benchmarks/joeynmt_speed.py joeynmt/bin/python
"""

import argparse
import itertools
import json
import os
import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd
import torch
import yaml
from loop_overhead import Unvalidated, build
from ratios import Ratio, write_ratios

from nlpflow.runs import machine
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import RunPlan
from nlpflow.tables import write_json
from nlpflow.training.state import State

CONFIG, EXPERIMENT = "config/tatoeba.yaml", "tutorial-additive"
BATCH, RATE, BEAM, LONGEST = 64, 0.002, 5, 30
GOALS = {"training, plain read-out": 1.4, "beam search, plain read-out": 3.0}


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("python", type=Path, help="the interpreter of JoeyNMT's environment")
    parser.add_argument("--threads", type=int, default=2, help="of each side (%(default)s)")
    parser.add_argument("--turns", type=int, default=5, help="of each side (%(default)s)")
    parser.add_argument(
        "--updates", type=int, default=600, help="updates before the beam search (%(default)s)"
    )
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/joeynmt_speed"))
    values = parser.parse_args()
    values.output.mkdir(parents=True, exist_ok=True)
    pairs = {split: write_texts(split, values.output) for split in ("train", "dev", "test")}
    joey = JoeyNMT(values.python.absolute(), values.output, values.threads)
    sides = {readout: nlpflow(readout, values.threads) for readout in ("plain", "deep")}
    training: dict[str, list[float]] = {"JoeyNMT": [], "plain": [], "deep": []}
    for turn in range(values.turns + 1):
        found = {"JoeyNMT": joey.train(150, "speed")}
        found |= {name: train(side, 100) for name, side in sides.items()}
        if turn:  # the first turn warms up
            report(turn, "target tokens/s in training", found, training)
    joey.train(values.updates, "trained")
    for side in sides.values():
        train(side, max(0, values.updates - 100 * (values.turns + 1)))
    search: dict[str, list[float]] = {"JoeyNMT": [], "plain": [], "deep": []}
    for turn in range(values.turns + 1):
        found = {"JoeyNMT": joey.translate("trained", len(pairs["dev"]) + len(pairs["test"]))}
        sentences = pairs["dev"] + pairs["test"]
        found |= {name: translate(side.learner, sentences) for name, side in sides.items()}
        if turn:
            report(turn, "sentences/s in beam search", found, search)
    summary = {
        "training, target tokens a second": medians(training),
        "training, plain read-out": ratio(training, "plain"),
        "training, deep read-out": ratio(training, "deep"),
        "beam search, sentences a second": medians(search),
        "beam search, plain read-out": ratio(search, "plain"),
        "beam search, deep read-out": ratio(search, "deep"),
        "goals": GOALS,
        "threads": values.threads,
        "machine": machine.describe(torch.device("cpu")),
    }
    write_json(values.output / "summary.json", summary)
    write_ratios(
        values.output,
        [
            as_ratio("training, plain read-out", "tokens/s", training, "plain"),
            as_ratio("training, deep read-out", "tokens/s", training, "deep"),
            as_ratio("beam search, plain read-out", "sentences/s", search, "plain"),
            as_ratio("beam search, deep read-out", "sentences/s", search, "deep"),
        ],
    )
    print(json.dumps(summary, indent=2))


def write_texts(split: str, folder: Path) -> list[str]:
    """Write the normalised pairs as JoeyNMT reads them, and return the source sentences."""
    table = pd.read_parquet(f"data/prepared/tutorial/{split}.parquet")
    for side in ("source", "target"):
        (folder / f"{split}.{side}").write_text("\n".join(table[side]) + "\n", encoding="utf-8")
    return list(table["source"])


class JoeyNMT:
    """JoeyNMT's command line.

    Args:
        python: the interpreter of its environment
        folder: where texts, configs and models are
        threads: number of threads
    """

    def __init__(self, python: Path, folder: Path, threads: int):
        self.python, self.folder, self.threads = python, folder, threads

    def train(self, updates: int, name: str) -> float:
        """Train a new model, and return its median speed after the first 50 updates."""
        log = self._run("train", self._config(name, updates), "--skip-test")
        speeds = [float(found) for found in re.findall(r"Tokens per Sec: +([\d.]+)", log)]
        return statistics.median(speeds[1:])

    def translate(self, name: str, sentences: int) -> float:
        """Sentences per second of the beam search."""
        log = self._run("test", self.folder / f"{name}.yaml")
        return sentences / sum(float(found) for found in re.findall(r"took ([\d.]+)\[sec", log))

    def _run(self, *command: str | Path) -> str:
        done = subprocess.run(
            [self.python, "-m", "joeynmt", *command],
            env={**os.environ, "OMP_NUM_THREADS": str(self.threads), "PYTHONPATH": ""},
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.stdout

    def _config(self, name: str, updates: int) -> Path:
        recurrent = {
            "rnn_type": "gru",
            "embeddings": {"embedding_dim": 256},
            "hidden_size": 256,
            "num_layers": 1,
            "dropout": 0.1,
        }
        text = {"level": "word", "lowercase": False, "max_length": LONGEST, "min_freq": 1}
        config = {
            "name": name,
            "model_dir": str(self.folder / name),
            "use_cuda": False,
            "random_seed": 1,
            "data": {
                **{split: str(self.folder / split) for split in ("train", "dev", "test")},
                "dataset_type": "plain",
                "src": {"lang": "source", **text},
                "trg": {"lang": "target", **text},
            },
            "training": {
                "optimizer": "adam",
                "learning_rate": RATE,
                "clip_grad_norm": 1.0,
                "scheduling": "exponential",
                "decrease_factor": 1.0,
                "batch_size": BATCH,
                "batch_type": "sentence",
                "normalization": "tokens",
                "epochs": 100,
                "updates": updates,
                "logging_freq": 50,
                "validation_freq": updates,
                "overwrite": True,
                "early_stopping_metric": "loss",
            },
            "testing": {
                "beam_size": BEAM,
                "beam_alpha": 1.0,
                "max_output_length": LONGEST,
                "batch_size": BATCH,
                "batch_type": "sentence",
                "eval_metrics": ["bleu"],
            },
            "model": {
                "encoder": {**recurrent, "type": "recurrent", "bidirectional": True},
                "decoder": {
                    **recurrent,
                    "type": "recurrent",
                    "attention": "bahdanau",
                    "input_feeding": False,
                    "init_hidden": "bridge",
                },
            },
        }
        path = self.folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        return path


class Side(NamedTuple):
    """A network in training."""

    learner: Unvalidated
    state: State
    batches: Iterator[Any]


def nlpflow(readout: str, threads: int) -> Side:
    """A new network with its optimiser and its batches, which do not end."""
    config, registry = load_config(read_yaml(Path(CONFIG)), Path())
    settings = config.experiments[EXPERIMENT]
    changed = {
        "model": {"dropout": 0.1, "readout": readout, "tied_embeddings": False},
        "training": {"threads": threads, "batch_size": BATCH, "learning_rate": RATE},
        "decoding": {"beam": BEAM, "max_tokens": LONGEST},
    }
    settings = settings.model_copy(
        update={
            part: getattr(settings, part).model_copy(update=values)
            for part, values in changed.items()
        }
    )
    files = RunPlan(config, registry, Path()).training_inputs(
        SimpleNamespace(experiment=EXPERIMENT, seed=1)
    )
    learner = build(settings, files)
    batches = itertools.chain.from_iterable(map(learner.batches, itertools.count(1)))
    return Side(learner, State(learner.model, settings.training), batches)


def train(side: Side, updates: int) -> float:
    """Target tokens per second of a number of updates."""
    side.learner.model.train()
    begun, tokens = time.perf_counter(), 0
    for batch in itertools.islice(side.batches, updates):
        ((_, count),) = side.state.update(side.learner.loss, [batch], RATE)
        tokens += count
    return tokens / (time.perf_counter() - begun)


def translate(learner: Unvalidated, sentences: list[str]) -> float:
    """Sentences per second of the beam search."""
    learner.model.eval()
    begun = time.perf_counter()
    learner.translator.translate(sentences)
    return len(sentences) / (time.perf_counter() - begun)


def report(turn: int, what: str, found: dict[str, float], speeds: dict[str, list[float]]) -> None:
    """Keep and print the speeds of a turn."""
    for side, speed in found.items():
        speeds[side].append(speed)
    print(
        f"turn {turn}, {what}:", {side: round(speed) for side, speed in found.items()}, flush=True
    )


def as_ratio(task: str, unit: str, speeds: dict[str, list[float]], side: str) -> Ratio:
    """The medians of one side and of JoeyNMT."""
    found = medians(speeds)
    turns = len(speeds[side])
    ours, theirs = found[side], found["JoeyNMT"]
    return Ratio(task, "JoeyNMT", unit, ours, theirs, ratio(speeds, side), turns, GOALS.get(task))


def medians(speeds: dict[str, list[float]]) -> dict[str, float]:
    """The median of each side."""
    return {side: statistics.median(of) for side, of in speeds.items()}


def ratio(speeds: dict[str, list[float]], side: str) -> float:
    """The median of the turns' ratios of nlpflow to JoeyNMT."""
    return statistics.median(
        ours / theirs for ours, theirs in zip(speeds[side], speeds["JoeyNMT"], strict=True)
    )


if __name__ == "__main__":
    main()
