r"""Speed and memory of `nlpflow translate` on a file, compared with the decoder alone.

The two sides take turns on one thread. One runs the command's function on a file, with reading,
normalisation and writing. The other runs only the batched decoder on the normalised lines. The
script prints sentences per processor second and the ratio of each turn. Then it runs the command on
the file and on ten times the file, and prints the peak memory of each. The sentences are the
sources of the run's test set, repeated as often as needed.

    snakemake --configfile config/tatoeba.yaml --cores 2 \
        results/translation/tutorial-additive/seed-1/test/metrics.json
    python benchmarks/translate_files.py results/translation/tutorial-additive/seed-1 \
        data/prepared/tutorial/test.parquet
"""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported

import pandas as pd
from ratios import Ratio, write_ratios

from nlpflow.cli.translate import MOST, translate
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.translator import normalise_sentences

MEMORY = (
    "import resource, sys; from nlpflow.cli import main; status = main(sys.argv[1:]); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024); sys.exit(status)"
)


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of a trained translator")
    parser.add_argument("sentences", type=Path, help="a prepared table with its sentences")
    parser.add_argument("--lines", type=int, default=2 * MOST, help="default: %(default)s")
    parser.add_argument("--turns", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/translate_files"))
    values = parser.parse_args()
    known = pd.read_parquet(values.sentences)["source_raw"]
    lines = list(itertools.islice(itertools.cycle(known), values.lines))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for times in (1, 10):
            text = "\n".join(lines * times) + "\n"
            (folder / f"{times}.txt").write_text(text, encoding="utf-8")
        turns = [turn(values.run, lines, folder) for _ in range(values.turns + 1)][1:]
        command, decoder = map(statistics.median, zip(*turns, strict=True))
        ratio = statistics.median(ours / alone for ours, alone in turns)
        print(f"ratio, median of {len(turns)} turns: {ratio:.3f}")
        task, other = "nlpflow translate on a file", "the decoder alone"
        row = Ratio(task, other, "sentences/s", command, decoder, ratio, len(turns))
        write_ratios(values.output, [row])
        for times in (1, 10):
            print(f"{times * len(lines):,} lines: {memory(values.run, folder, times)} MB at most")


def turn(run: Path, lines: list[str], folder: Path) -> tuple[float, float]:
    """Sentences per processor second of the command and of the decoder."""
    translator, opened = load_translator(run)
    normalised = [line for line in normalise_sentences(lines, opened.normalisation) if line]
    chunks = [normalised[start : start + MOST] for start in range(0, len(lines), MOST)]
    decoder = seconds(lambda: [translator.translate(chunk) for chunk in chunks])
    command = seconds(lambda: translate(run, source=folder / "1.txt", target=folder / "out.txt"))
    speeds = len(lines) / command, len(lines) / decoder
    print("{:,.0f} sentences/s with the command, {:,.0f} with the decoder".format(*speeds))
    return speeds


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that a function takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def memory(run: Path, folder: Path, times: int) -> int:
    """Peak memory of the command on the file, in MB."""
    files = ["--input", str(folder / f"{times}.txt"), "--output", str(folder / "out.txt")]
    command = [sys.executable, "-c", MEMORY, "translate", str(run), *files]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return int(done.stdout)


if __name__ == "__main__":
    main()
