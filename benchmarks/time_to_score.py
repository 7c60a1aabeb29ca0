"""Time until our training reaches the dev score of the tutorial's batch-of-one training.

Both sides use the same split and take turns on one thread: our training, half of the batch-of-one
training, our training again, the other half. The script writes a table of both curves, a summary
and a plot, and prints the ratios.

    snakemake --configfile config/tatoeba.yaml --cores 2 data/encoded/tutorial
    python benchmarks/time_to_score.py
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import torch
from batch_of_one import BatchOfOne
from matplotlib.ticker import LogLocator, NullFormatter
from ratios import Ratio, write_ratios

from nlpflow.metrics.translation import METRICS, score, signatures
from nlpflow.tables import read_table, write_json, write_table
from nlpflow.tasks.translation.learner import TranslationTestSet, read_test_set
from nlpflow.tasks.translation.loading import load_translator

PREPARED = Path("data/prepared/tutorial")
CURVE_STEP = 2500


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--experiment", default="tutorial-additive", help="%(default)s")
    parser.add_argument("--configfile", default="config/tatoeba.yaml", help="%(default)s")
    parser.add_argument("--iterations", type=int, default=75_000, help="pairs (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="random seed (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/time_to_score"))
    values = parser.parse_args()
    steady_allocator()
    torch.set_num_threads(1)
    values.output.mkdir(parents=True, exist_ok=True)

    train = pd.read_parquet(PREPARED / "train.parquet")
    tutorial = BatchOfOne(list(zip(train["source"], train["target"], strict=True)), values.seed)
    references = PREPARED / "references.parquet"
    dev = read_test_set(PREPARED / "dev.parquet", references, "dev", "tutorial", "eng")
    test = read_test_set(PREPARED / "test.parquet", references, "test", "tutorial", "eng")
    ours, curve = [], []
    for turn in range(2):
        ours.append(train_ours(values, turn))
        curve += train_tutorial(tutorial, dev, values.iterations // 2)
    report(values.output, ours, curve, tutorial, test)


def steady_allocator() -> None:
    """Restart under an allocator that keeps freed memory, if jemalloc is installed.

    The tutorial's loop allocates megabytes of embedding gradients for every word. Returning them to
    the system each time would halve its speed.
    """
    library = find_library("jemalloc")
    if library and "LD_PRELOAD" not in os.environ:
        os.environ["LD_PRELOAD"] = library
        os.environ["MALLOC_CONF"] = "dirty_decay_ms:-1,muzzy_decay_ms:-1,thp:always"
        os.execv(sys.executable, [sys.executable, *sys.argv])


def train_ours(values: argparse.Namespace, turn: int) -> pd.DataFrame:
    """Train the experiment in a separate process; return seconds and dev score of every epoch."""
    folder = values.output / f"run-{turn}"
    shutil.rmtree(folder, ignore_errors=True)  # or a finished run would not be trained again
    command = ["nlpflow", "train", values.experiment, "--configfile", values.configfile]
    subprocess.run([*command, "--seed", str(values.seed), "--output", str(folder)], check=True)
    history, timings = (read_table(folder / f"{n}.tsv") for n in ("history", "timings"))
    curve = history.merge(timings, on="epoch")[["seconds", "dev_bleu", "tokens_per_second"]]
    print(
        f"ours, turn {turn + 1}: best dev BLEU {curve['dev_bleu'].max():.1f} "
        f"in {curve['seconds'].max():.0f} s",
        flush=True,
    )
    return curve


def train_tutorial(
    tutorial: BatchOfOne, dev: TranslationTestSet, iterations: int
) -> list[dict[str, float]]:
    """Continue training; return seconds of training and dev score at every step of the curve."""
    curve = []
    for start in range(0, iterations, CURVE_STEP):
        tutorial.train(min(CURVE_STEP, iterations - start))
        outputs = [tutorial.translate(sentence) for sentence in dev.sources]
        bleu = score(outputs, dev.references).bleu
        curve.append({"seconds": tutorial.seconds, "dev_bleu": bleu})
        print(
            f"batch of one: {tutorial.iterations} pairs, {tutorial.seconds:.0f} s, "
            f"{tutorial.iterations / tutorial.seconds:.1f} pairs/s, dev BLEU {bleu:.1f}",
            flush=True,
        )
    return curve


def report(
    output: Path,
    ours: list[pd.DataFrame],
    curve: list[dict[str, float]],
    tutorial: BatchOfOne,
    test: TranslationTestSet,
) -> None:
    """Write test scores of both sides, and the times to the tutorial's last dev score."""
    translator, _ = load_translator(output / "run-0")
    translations = [answer.text for answer in translator.translate(test.sources)]
    outputs = [tutorial.translate(sentence) for sentence in test.sources]
    goal = curve[-1]["dev_bleu"]
    times = [float(run.loc[run["dev_bleu"] >= goal, "seconds"].min()) for run in ours]
    summary: dict[str, Any] = {
        "batch_of_one": dict(zip(METRICS, score(outputs, test.references), strict=True))
        | {
            "seconds": tutorial.seconds,
            "pairs_per_second": tutorial.iterations / tutorial.seconds,
            "tokens_per_second": tutorial.tokens / tutorial.seconds,
            "final_dev_bleu": goal,
        },
        "ours": dict(zip(METRICS, score(translations, test.references), strict=True))
        | {
            "seconds": [float(run["seconds"].max()) for run in ours],
            "tokens_per_second": statistics.median(
                float(run["tokens_per_second"].median()) for run in ours
            ),
            "seconds_to_that_dev_bleu": times,
        },
        "time_ratio": tutorial.seconds / statistics.median(times),
        "signatures": signatures(test.references),
        "machine": {
            "processor": processor(),
            "torch": torch.__version__,
            "threads": 1,
            "preloaded": os.environ.get("LD_PRELOAD", ""),
        },
    }
    write_json(output / "summary.json", summary)
    ratio = Ratio(
        "training to the tutorial's score",
        "the tutorial's loop",
        "trainings/hour",
        3600 / statistics.median(times),
        3600 / tutorial.seconds,
        summary["time_ratio"],
        len(times),
        40,
    )
    write_ratios(output, [ratio])
    sides = {"batch of one": pd.DataFrame(curve)}
    sides |= {f"ours, turn {i + 1}": run for i, run in enumerate(ours)}
    write_table(output / "curves.tsv", pd.concat(sides, names=["side"]).reset_index("side"))
    plot(output / "curves.svg", sides)
    print(json.dumps(summary, indent=2))


def processor() -> str:
    """The name of the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def plot(path: Path, sides: dict[str, pd.DataFrame]) -> None:
    """Plot dev BLEU of both sides over seconds, on a logarithmic time axis."""
    figure, axes = plt.subplots(figsize=(6.4, 4))
    for name, run in sides.items():
        axes.plot(run["seconds"], run["dev_bleu"], label=name, marker=".")
    axes.set(xscale="log", xlabel="seconds of training", ylabel="dev BLEU (normalised)")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(path, bbox_inches="tight")


if __name__ == "__main__":
    main()
