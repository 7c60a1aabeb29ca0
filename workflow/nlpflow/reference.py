"""Reference results: kept in the repository, and held against those of a fresh run.

results/reference/<config>/<task>/
    command.txt     the command that made them
    runs.tsv, summary.tsv, significance.tsv, cards.json
                    as in results/compare/<config>/<task>/
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nlpflow.cards import Cards
from nlpflow.errors import UserError
from nlpflow.runs import read_json, read_table
from nlpflow.settings.checks import checked

DEVIATIONS = 3
"""A figure may be this many standard deviations over random seeds away from its reference."""
LEAST = 0.1
"""No tolerance is smaller: seeds may agree by chance on figures in per cent, as at 100.0."""
SAME_KIND = ("device", "processor", "instructions", "gpu", "torch", "numpy", "torch_threads")
SAME_WORK = ("config", "code", "data")
RUN = ["experiment", "seed", "test_set", "metric"]


def keep(files: Sequence[Path], folder: Path, command: str) -> None:
    """Copy a comparison's files into the folder of a reference, with the command that made them."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)
    (folder / "command.txt").write_text(command + "\n", encoding="utf-8")


def verify(fresh: Path, reference: Path) -> pd.DataFrame:
    """Hold a fresh run's figures against a reference, one row a figure.

    A figure must be within three standard deviations (over the random seeds of the reference) of
    the reference's with the same random seed. Where config, code, data, versions and the kind of
    processor are the same, it must be equal. Random seeds that the fresh run lacks are left out.

    :param fresh: `results/compare/<config>/<task>`
    :param reference: `results/reference/<config>/<task>`
    :returns: experiment, seed, test_set, metric, reference, fresh, tolerance, verdict: `equal`,
        `within`, `no spread` (one random seed has none, nothing is judged), or what fails:
        `outside`, `not equal`, `missing`
    """
    figures = _read_runs(reference)
    seeds = set(_read_runs(fresh)["seed"])
    figures = figures[figures["seed"].isin(seeds)]
    figures = figures.merge(_spread(_read_runs(reference)), on=["experiment", "test_set", "metric"])
    rows = figures.merge(_read_runs(fresh), how="left", on=RUN, suffixes=("", "_fresh"))
    cards = read_cards(reference)
    must_equal = _same_runs(read_cards(fresh), cards)
    trained = {(card["label"], card["seed"]) for card in cards.values()}
    runs = zip(rows["experiment"], rows["seed"], strict=True)
    rows["verdict"] = [
        _verdict(row, run in must_equal, run in trained)
        for (_, row), run in zip(rows.iterrows(), runs, strict=True)
    ]
    return rows.rename(columns={"value": "reference", "value_fresh": "fresh"})


FAILS = ("outside", "not equal", "missing")


def report(results: Path, config: str) -> int:
    """Verify every task of a config's reference and print what came out; the exit status."""
    known = sorted(path.name for path in (results / "reference").glob("*"))
    if config not in known:
        raise UserError(
            f"no reference of a config named '{config}'; there is one of: {', '.join(known)}"
        )
    tasks = sorted(path for path in (results / "reference" / config).iterdir() if path.is_dir())
    failures = 0
    for task in tasks:
        figures = verify(results / "compare" / config / task.name, task)
        counts = figures["verdict"].value_counts()
        print(f"{task.name}: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
        failed = figures[figures["verdict"].isin(FAILS)]
        failures += len(failed)
        for _, row in failed.iterrows():
            print(
                f"  {row['experiment']}, random seed {row['seed']}, {row['test_set']}, "
                f"{row['metric']}: {row['fresh']:g}, reference {row['reference']:g} "
                f"± {row['tolerance']:.3g}: {row['verdict']}"
            )
    if failures:
        raise UserError(f"{config}: {failures} figures differ from {results}/reference/{config}")
    return 0


def _verdict(row: Any, must_equal: bool, is_trained: bool) -> str:
    difference = abs(row["value_fresh"] - row["value"])
    if pd.isna(difference):
        return "missing"
    if difference == 0:
        return "equal"
    if must_equal:
        return "not equal"
    if difference <= np.nanmax([LEAST, row["tolerance"]]):
        return "within"
    # A baseline has no random seed: nothing but rounding may change it.
    return "no spread" if is_trained and pd.isna(row["tolerance"]) else "outside"


def _spread(runs: pd.DataFrame) -> pd.DataFrame:
    """The tolerance of every figure of an experiment."""
    groups = runs.groupby(["experiment", "test_set", "metric"], sort=False)["value"]
    return (DEVIATIONS * groups.std()).rename("tolerance").reset_index()


def _same_runs(fresh: Cards, reference: Cards) -> set[tuple[str, int]]:
    """The (experiment, random seed) whose figures must be equal to the last digit."""
    return {
        (card["label"], card["seed"])
        for name, card in reference.items()
        if name in fresh
        and all(card.get(key) == fresh[name].get(key) for key in (*SAME_KIND, *SAME_WORK))
    }


def _read_runs(folder: Path) -> pd.DataFrame:
    if not (folder / "runs.tsv").is_file():
        raise UserError(f"{folder}/runs.tsv is missing: run the workflow with this config first")
    runs = read_table(folder / "runs.tsv")
    if lacking := {*RUN, "value"}.difference(runs):
        raise UserError(
            f"{folder}/runs.tsv: damaged: no column {', '.join(sorted(lacking))}; make it again"
        )
    return runs.assign(value=pd.to_numeric(runs["value"], errors="coerce"))


def read_cards(folder: Path) -> Cards:
    """The cards of a comparison or a reference; UserError if the file is missing or damaged."""
    path = folder / "cards.json"
    cards: Cards = checked(Cards, read_json(path), f"{path}: damaged")
    return cards
