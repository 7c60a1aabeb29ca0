"""Time and memory of planning 10, 100, 1,000 and 10,000 runs in a dry run.

    python benchmarks/dry_run.py

Each dry run plans all stages of a grid over the learning rate, with ten random seeds per value. The
script prints one line per size and writes results/benchmarks/dry_run.tsv.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SEEDS = 10


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10, 100, 1_000, 10_000])
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/dry_run.tsv"))
    values = parser.parse_args()
    rows = []
    for runs in values.sizes:
        rows.append(measure(runs))
        print(*(f"{name} {value:,.1f}" for name, value in rows[-1].items()), sep=", ", flush=True)
    values.output.parent.mkdir(parents=True, exist_ok=True)
    # No pandas here: the memory of this process counts in the peak memory of the child process.
    lines = [rows[0], *(map("{:.6g}".format, row.values()) for row in rows)]
    values.output.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


def measure(runs: int) -> dict[str, float]:
    """Plan a grid of `runs` runs in an empty folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "grid.yaml").write_text(yaml.safe_dump(grid(runs)), encoding="utf-8")
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--cores", "1"]
        command += ["--snakefile", str(ROOT / "Snakefile"), "--directory", name]
        command += ["--configfile", str(folder / "grid.yaml")]
        began = time.perf_counter()
        with open(folder / "plan.txt", "w", encoding="utf-8") as plan:
            process = subprocess.Popen(command, stdout=plan, stderr=plan)
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        text = (folder / "plan.txt").read_text(encoding="utf-8")
    if status != 0 or not re.search(rf"^train_translation +{runs}$", text, re.MULTILINE):
        sys.exit(f"{' '.join(command)} does not plan {runs} trainings:\n{text[-4000:]}")
    return {
        "runs": runs,
        "seconds": seconds,
        "processor_seconds": usage.ru_utime + usage.ru_stime,
        "memory_mb": usage.ru_maxrss / 1024,
    }


def grid(runs: int) -> dict[str, Any]:
    """A config of `runs` runs: additive attention with many learning rates and random seeds."""
    text = (ROOT / "config/config.yaml").read_text(encoding="utf-8")
    config: dict[str, Any] = yaml.safe_load(text)
    experiment = config["experiments"]["sample-additive"]
    seeds = list(range(1, SEEDS + 1))
    rates = [round(1e-3 + 1e-6 * step, 6) for step in range(1, runs // SEEDS)]
    config["lessons"] = False
    config["experiments"] = {"additive": experiment | {"seeds": seeds}}
    if rates:
        varied = {"experiment": "additive", "parameters": {"training.learning_rate": rates}}
        config["grids"] = {"rates": varied}
    return config


if __name__ == "__main__":
    main()
