"""Overhead per job of a grid of small runs on Slurm.

    python tests/slurm/cluster.py python benchmarks/slurm_grid.py

runs it on a one-machine cluster. On a real cluster leave out the first two words. The work of a job
is what Snakemake's `benchmark:` measures around its script; the rest of its time in Slurm is
overhead. The script prints a summary and writes results/benchmarks/slurm_grid.tsv with one row per
job.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
RULES = {"train_translation": "train", "evaluate_translation": "evaluate"}


def main() -> None:
    """Run the grid and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=100, help="default: %(default)s")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/slurm_grid.tsv"))
    parser.add_argument("--scratch", type=Path, help="folder that every node sees; default: /tmp")
    values = parser.parse_args()
    values.output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=values.scratch) as name:
        folder = Path(name)
        (folder / "grid.yaml").write_text(yaml.safe_dump(grid(values.runs)), encoding="utf-8")
        snakemake(folder, "--cores", "2", "--until", "encode")
        began = time.perf_counter()
        snakemake(folder, "--workflow-profile", str(ROOT / "profiles/slurm"))
        seconds = time.perf_counter() - began
        rows = jobs(folder)
    with values.output.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    report(rows, values.runs, seconds)


def grid(runs: int) -> dict[str, object]:
    """A config of the smallest training on the sample with `runs` random seeds."""
    text = (ROOT / "config/config.yaml").read_text(encoding="utf-8")
    config: dict[str, Any] = yaml.safe_load(text)
    experiment = config["experiments"]["sample-plain"]
    experiment["model"] |= {"embedding": 8, "hidden": 8}
    experiment["training"] |= {"epochs": 1}
    experiment["seeds"] = list(range(1, runs + 1))
    config["lessons"] = False
    config["experiments"] = {"plain": experiment}
    return config


def snakemake(folder: Path, *options: str) -> None:
    """Run Snakemake on the grid; its output is shown if it fails."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--configfile", str(folder / "grid.yaml"), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow")}
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        sys.exit(result.stdout[-2000:] + result.stderr[-6000:])


def jobs(folder: Path) -> list[dict[str, object]]:
    """For each job of this run the seconds that it waited, ran, and spent in its script."""
    shown = subprocess.run(
        ["scontrol", "show", "job", "--oneliner"], capture_output=True, text=True, check=True
    ).stdout
    rows = []
    for line in shown.splitlines():
        job = dict(part.split("=", 1) for part in line.split() if "=" in part)
        rule, _, rest = job.get("Comment", "").removeprefix("rule_").partition("_wildcards_")
        if rule not in RULES or job["WorkDir"] != str(folder):
            continue
        experiment, seed, *test_set = rest.split("_")
        name = ".".join([experiment, f"seed-{seed}", *test_set])
        path = folder / f"logs/{RULES[rule]}/translation/{name}.benchmark.tsv"
        work = float(path.read_text(encoding="utf-8").splitlines()[1].split("\t")[0])
        submitted, started, ended = (
            datetime.fromisoformat(job[f"{what}Time"]) for what in ("Submit", "Start", "End")
        )
        rows.append(
            {
                "rule": rule,
                "seed": int(seed),
                "waited": (started - submitted).total_seconds(),
                "ran": (ended - started).total_seconds(),
                "script": work,
            }
        )
    return rows


def report(rows: list[dict[str, object]], runs: int, seconds: float) -> None:
    """Print the overhead per job by rule, and the time of the whole grid."""
    for rule in RULES:
        of_rule = [row for row in rows if row["rule"] == rule]
        ran, script = (mean(float(str(row[key])) for row in of_rule) for key in ("ran", "script"))
        overhead = median(float(str(row["ran"])) - float(str(row["script"])) for row in of_rule)
        print(
            f"{rule}: {len(of_rule)} jobs of {ran:.1f} s, of which the script {script:.1f} s; "
            f"median overhead {overhead:.1f} s"
        )
    print(f"{runs} runs, {len(rows)} jobs in {seconds:.0f} s: {seconds / len(rows):.2f} s per job")


if __name__ == "__main__":
    main()
