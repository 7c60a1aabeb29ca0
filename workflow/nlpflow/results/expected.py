"""Expected results: kept in the repository, and compared with those of a fresh run.

results/reference/<config>/<task>/
    command.txt     the command that made them
    runs.tsv, summary.tsv, significance.tsv, cards.json
                    as in results/compare/<config>/<task>/
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from nlpflow.errors import UserError
from nlpflow.results.cards import Cards
from nlpflow.results.other_data import COLUMN
from nlpflow.settings.checks import checked
from nlpflow.tables import read_json, read_table, read_texts

DEVIATIONS = 3
"""A figure may be this many standard deviations over random seeds away from its reference."""
ALONE = 0.05
"""Share of a figure that is its tolerance where the reference has one random seed: no spread."""
LEAST = 0.05
"""No tolerance is smaller: seeds may agree by chance on figures in per cent, as at 100.0."""
SAME_KIND = ("device", "processor", "instructions", "gpu", "torch", "numpy", "torch_threads")
SAME_WORK = ("config", "code", "data", "signatures")
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
    the reference's with the same random seed; within `ALONE` of it where there is one random seed,
    and `LEAST` is always allowed. Where config, code, data, versions and the kind of processor are
    the same, it must be equal. Of an experiment that has other random seeds in the fresh run, those
    in common are compared; with none in common its figures are missing. Scores of other data than
    the reference's do not fail.

    Args:
        fresh: `results/compare/<config>/<task>`
        reference: `results/reference/<config>/<task>`

    Returns:
        experiment, seed, test_set, metric, reference, fresh, tolerance, verdict: `equal`, `within`,
        `other data`, or what fails: `outside`, `not equal`, `missing`; `other_data_fresh` says what
        the data are
    """
    measured = _read_runs(fresh)
    cards, differing = read_cards(reference), _differing(fresh, reference)
    must_equal = {
        (card["label"], card["seed"]) for name, card in cards.items() if differing.get(name) == []
    }
    trained = {card["label"] for card in cards.values()}
    rows = _with_tolerance(_read_runs(reference), trained)
    rows = _in_common(rows, measured).merge(measured, how="left", on=RUN, suffixes=("", "_fresh"))
    # A figure that is not there has no note of its own.
    notes = measured.groupby(["experiment", "test_set"])[COLUMN].first()
    named = pd.MultiIndex.from_frame(rows[["experiment", "test_set"]])
    rows[f"{COLUMN}_fresh"] = notes.reindex(named).to_numpy()
    runs = zip(rows["experiment"], rows["seed"], strict=True)
    rows["verdict"] = [
        _verdict(row, run in must_equal)
        for (_, row), run in zip(rows.iterrows(), runs, strict=True)
    ]
    return rows.rename(columns={"value": "reference", "value_fresh": "fresh"})


FAILS = ("outside", "not equal", "missing")
OTHER_DATA = "other data"
NOT_COMPARABLE = 3
"""Exit status where no figure fails, and some were made from other data."""


def report(results: Path, config: str) -> int:
    """Verify every task of a config's reference and print what came out; the exit status."""
    known = sorted(path.name for path in (results / "reference").glob("*"))
    if config not in known:
        raise UserError(
            f"no reference of a config named '{config}'; there is one of: {', '.join(known)}"
        )
    tasks = sorted(path for path in (results / "reference" / config).iterdir() if path.is_dir())
    failures, others = 0, 0
    for task in tasks:
        figures = verify(results / "compare" / config / task.name, task)
        counts = figures["verdict"].value_counts()
        print(f"{task.name}: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
        differing = _differing(results / "compare" / config / task.name, task)
        if changed := sorted({key for keys in differing.values() for key in keys}):
            print(f"  not held to the last digit, for these are others: {', '.join(changed)}")
        apart = figures[figures["verdict"] == OTHER_DATA]
        others += len(apart)
        for note in apart[f"{COLUMN}_fresh"].unique():
            names = apart.loc[apart[f"{COLUMN}_fresh"] == note, "experiment"].unique()
            print(f"  {', '.join(names)}: {note or 'the reference was made from other data'}")
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
    if others:
        print(f"{config}: {others} scores do not compare: they are of other data")
    return NOT_COMPARABLE if others else 0


def _verdict(row: Any, must_equal: bool) -> str:
    difference = abs(row["value_fresh"] - row["value"])
    if difference == 0:
        return "equal"
    note = row[f"{COLUMN}_fresh"]
    if pd.notna(note) and note != row[COLUMN]:
        return OTHER_DATA
    if pd.isna(difference):
        return "missing"
    if must_equal:
        return "not equal"
    return "within" if difference <= row["tolerance"] else "outside"


def _with_tolerance(runs: pd.DataFrame, trained: set[str]) -> pd.DataFrame:
    """The figures of a reference, each with how far from it a fresh one may be."""
    groups = runs.groupby(["experiment", "test_set", "metric"], sort=False)["value"]
    spread = DEVIATIONS * groups.transform("std")
    alone = (ALONE * runs["value"].abs()).where(runs["experiment"].isin(trained))
    # A baseline has no random seed: nothing but rounding may change it.
    return runs.assign(tolerance=spread.fillna(alone).clip(lower=LEAST).fillna(LEAST))


def _in_common(figures: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """Without the random seeds that a fresh experiment lacks, if it has any of them."""
    runs = pd.MultiIndex.from_frame(figures[RUN[:2]])
    common = pd.Series(runs.isin(pd.MultiIndex.from_frame(fresh[RUN[:2]])), figures.index)
    return figures[common | ~common.groupby(figures["experiment"]).transform("any")]


def _differing(fresh: Path, reference: Path) -> dict[str, list[str]]:
    """By run that both have: what keeps its figures from having to be equal to the last digit."""
    cards, others = read_cards(reference), read_cards(fresh)
    return {
        name: [
            k
            for k in (*SAME_WORK, *SAME_KIND)
            if _comparable(k, card.get(k)) != _comparable(k, others[name].get(k))
        ]
        for name, card in cards.items()
        if name in others
    }


def _comparable(key: str, value: Any) -> Any:
    """What two cards have in common: of files the contents, whatever the files are called."""
    return sorted(value.values()) if key == "data" and isinstance(value, dict) else value


def _read_runs(folder: Path) -> pd.DataFrame:
    if not (folder / "runs.tsv").is_file():
        raise UserError(f"{folder}/runs.tsv is missing: run the workflow with this config first")
    path = folder / "runs.tsv"
    noted = {COLUMN}.intersection(read_texts(path))  # not in expected results of earlier versions
    runs = read_table(path, "experiment", "test_set", "metric", *noted)
    if lacking := {*RUN, "value"}.difference(runs):
        raise UserError(
            f"{folder}/runs.tsv: damaged: no column {', '.join(sorted(lacking))}; make it again"
        )
    return runs.assign(**{COLUMN: runs.get(COLUMN, "")})


def read_cards(folder: Path) -> Cards:
    """The cards of a comparison or a reference; UserError if the file is missing or damaged."""
    path = folder / "cards.json"
    cards: Cards = checked(Cards, read_json(path), f"{path}: damaged")
    return cards
