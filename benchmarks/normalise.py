r"""Speed of the tutorial's normalisation: columns of Arrow compared with a loop over lines.

The two sides take turns on the same sentences, on one thread. One is nlpflow's; the other is the
tutorial's way, a Python function for each sentence. Their outputs must be equal. The script prints
the sentences per processor second of each side and the median ratio.

    snakemake --configfile config/tatoeba.yaml --cores 2 data/prepared/tutorial/train.parquet
    python benchmarks/normalise.py data/prepared/tutorial/train.parquet
"""

import argparse
import os
import re
import statistics
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when arrow is imported

import pandas as pd
import pyarrow as pa
from ratios import Ratio, write_ratios

from nlpflow.text.normalisation import normalise

T = TypeVar("T")
GOAL = 4


def line_by_line(sentence: str) -> str:
    """The tutorial's two functions: decompose, drop marks, set `.!?` apart, keep letters only."""
    lowered = unicodedata.normalize("NFD", sentence.lower().strip())
    plain = "".join(sign for sign in lowered if unicodedata.category(sign) != "Mn")
    spaced = re.sub(r"([.!?])", r" \1", plain)
    return re.sub(r"[^a-zA-Z.!?]+", r" ", spaced)


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sentences", type=Path, help="a prepared table with its sentences")
    parser.add_argument("--turns", type=int, default=15, help="of each side (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/normalise"))
    values = parser.parse_args()
    table = pd.read_parquet(values.sentences)
    sentences = [*table["source_raw"], *table["target_raw"]]
    column = pa.array(sentences, pa.large_string())
    ratios, speeds = [], []
    for turn in range(values.turns + 1):
        loop, lines = timed(lambda: [line_by_line(sentence) for sentence in sentences])
        ours, normalised = timed(lambda: normalise(column, "tutorial"))
        if normalised.to_pylist() != lines:
            raise SystemExit("the two sides do not agree")
        if turn:  # the first turn warms up
            ratios.append(loop / ours)
            speeds.append((len(sentences) / ours, len(sentences) / loop))
    ours, loop = (statistics.median(side) for side in zip(*speeds, strict=True))
    ratio = Ratio(
        "normalisation",
        "the tutorial's functions",
        "sentences/s",
        ours,
        loop,
        statistics.median(ratios),
        len(ratios),
        GOAL,
    )
    write_ratios(values.output, [ratio])
    print(f"{len(sentences):,} sentences, {len(ratios)} turns of each side, medians")
    print(f"nlpflow: {ours:,.0f} sentences per second; line by line: {loop:,.0f}")
    print(f"ratio: {ratio.ratio:.1f} (goal: {GOAL})")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds that a function takes, and its result."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


if __name__ == "__main__":
    main()
