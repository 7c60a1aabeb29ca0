r"""Runs all benchmarks of speed one after the other and joins their ratios into one table.

A benchmark whose peer is not installed is named and left out. The table is printed, and written to
results/benchmarks/ratios.tsv. Close other programs first: it takes about an hour of two cores.

    make bench-all
    make bench-all MIRROR=DIR JOEYNMT=joeynmt/bin/python
"""

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from ratios import FILE

from nlpflow.tables import read_table, write_table

RESULTS = Path("results/benchmarks")
TUTORIAL = "data/prepared/tutorial/train.parquet"
TUNED = "results/translation/tutorial-additive/seed-1"
CHARACTERS = "results/language_id/{}-characters/seed-1"


class Benchmark(NamedTuple):
    """A program of this folder, with the files that it needs."""

    program: str
    arguments: tuple[str, ...] = ()
    config: str = "config"
    targets: tuple[str, ...] = ()
    package: str = ""
    """The package of the peer; empty: none."""


BENCHMARKS = (
    Benchmark("crf_speed", ("--turns", "40"), package="torchcrf"),
    Benchmark("loop_overhead", targets=("data/encoded/sample",)),
    Benchmark("normalise", (TUTORIAL,), "tatoeba", (TUTORIAL,)),
    Benchmark("equal_architecture", (), "tatoeba", ("data/encoded/tutorial",)),
    Benchmark("precision", (), "french", ("data/encoded/french",)),
    Benchmark(
        "translate_files",
        (TUNED, "data/prepared/tutorial/test.parquet"),
        "tatoeba",
        (f"{TUNED}/test/metrics.json",),
    ),
    Benchmark("time_to_score", (), "tatoeba", ("data/encoded/tutorial",)),
    Benchmark(
        "language_id",
        tuple(map(CHARACTERS.format, ("four", "twelve"))),
        "language_id",
        tuple(f"{CHARACTERS.format(n)}/test/metrics.json" for n in ("four", "twelve")),
        "lingua",
    ),
    Benchmark("embeddings", (), "embeddings", ("data/prepared/english",), "gensim"),
)


def main() -> None:
    """Run them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mirror", type=Path, help="folder that replaces downloads")
    parser.add_argument("--cores", default="2", help="to make what they need (%(default)s)")
    parser.add_argument("--joeynmt", type=Path, help="the interpreter of JoeyNMT's environment")
    values = parser.parse_args()
    benchmarks = list(BENCHMARKS)
    if values.joeynmt:
        needed = ("data/encoded/tutorial",)
        benchmarks.append(Benchmark("joeynmt_speed", (str(values.joeynmt),), "tatoeba", needed))
    else:
        print("left out: joeynmt_speed (give --joeynmt, see the program)", flush=True)
    tables = []
    for benchmark in benchmarks:
        if benchmark.package and find_spec(benchmark.package) is None:
            missing = f"{benchmark.package} is not installed: pip install '.[bench]'"
            print(f"left out: {benchmark.program} ({missing})", flush=True)
            continue
        print(f"== {benchmark.program}", flush=True)
        make(benchmark, values.cores, values.mirror)
        command = [sys.executable, f"benchmarks/{benchmark.program}.py", *benchmark.arguments]
        subprocess.run(command, check=True)
        found = read_table(RESULTS / benchmark.program / FILE, "task", "other", "unit")
        tables.append(found.assign(benchmark=benchmark.program))
    table = pd.concat(tables, ignore_index=True)
    write_table(RESULTS / FILE, table)
    print(table.to_string(index=False, float_format="{:,.2f}".format))


def make(benchmark: Benchmark, cores: str, mirror: Path | None) -> None:
    """Make the files that a benchmark needs."""
    if benchmark.targets:
        config = ["--configfile", f"config/{benchmark.config}.yaml"]
        config += ["--config", f"mirror={mirror}"] if mirror else []
        command = [sys.executable, "-m", "snakemake", *config, "--cores", cores]
        subprocess.run([*command, *benchmark.targets], check=True)


if __name__ == "__main__":
    main()
