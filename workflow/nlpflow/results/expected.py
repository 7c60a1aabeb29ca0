"""Expected results: they are stored in the repository and compared with those of a new run.

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
from nlpflow.tables import read_json, read_table, read_texts, write_json, write_table

DEVIATIONS = 3
"""How many standard deviations over random seeds a score may differ from the expected one."""
ALONE = 0.05
"""If there is only one random seed, the tolerance is this share of the expected score."""
LEAST = 0.05
"""The smallest tolerance, because all seeds may by chance have the same score, such as 100.0."""
SAME_KIND = (
    *("device", "processor", "instructions", "gpu", "torch", "numpy", "torch_threads"),
    "processes",
)
SAME_WORK = ("config", "code", "data", "signatures")
RUN = ["experiment", "seed", "test_set", "metric"]


def keep(files: Sequence[Path], folder: Path, command: str, part: bool = False) -> None:
    """Store a comparison as expected results, with the command that made it.

    Args:
        files: of the comparison
        folder: `results/reference/<config>/<task>`
        command: written into `command.txt`
        part: the comparison has only some experiments of the config; the expected results of the
            others stay
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        kept = folder / file.name
        if not (part and kept.exists()):
            shutil.copyfile(file, kept)
        elif file.suffix == ".json":
            write_json(kept, _join_cards(read_cards(kept.parent), read_cards(file.parent)))
        else:
            write_table(kept, _join_rows(read_texts(kept), read_texts(file)))
    (folder / "command.txt").write_text(command + "\n", encoding="utf-8")


def _join_rows(kept: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """The fresh rows, and those of the other experiments; experiments stay in their order."""
    old = kept[~kept["experiment"].isin(fresh["experiment"])]
    order = {name: i for i, name in enumerate(dict.fromkeys(kept["experiment"]))}
    joined = pd.concat([old, fresh], ignore_index=True)
    places = joined["experiment"].map(lambda name: order.get(name, len(order)))
    return joined.loc[places.sort_values(kind="stable").index]


def _join_cards(kept: Cards, fresh: Cards) -> Cards:
    """The fresh cards, and those of the other experiments."""
    labels = {card["label"] for card in fresh.values()}
    old = {name: card for name, card in kept.items() if card["label"] not in labels}
    return dict(sorted((old | fresh).items()))


def verify(fresh: Path, reference: Path) -> pd.DataFrame:
    """Compare the scores of a new run with the expected ones of the same random seed.

    Scores may differ by three standard deviations over the random seeds of the expected results. If
    these have one random seed, scores may differ by the share `ALONE`; a difference of `LEAST` is
    always allowed. If config, code, data, versions and the kind of processor are the same, scores
    must be equal.

    If the random seeds of an experiment are not the same in both, only common seeds are compared;
    if there is no common seed, its scores count as missing. A score does not fail if its data
    differ from those of the expected score.

    Args:
        fresh: `results/compare/<config>/<task>`
        reference: `results/reference/<config>/<task>`

    Returns:
        one row per expected score, with columns experiment, seed, test_set, metric, reference,
        fresh, tolerance, verdict (`equal`, `within tolerance`, `from other data`; or, if it fails,
        `outside tolerance`, `not equal`, `missing`) and `other_data_fresh`, which describes the
        data
    """
    measured = _read_runs(fresh)
    cards, differing = read_cards(reference), _differing(fresh, reference)
    must_equal = {
        (card["label"], card["seed"]) for name, card in cards.items() if differing.get(name) == []
    }
    trained = {card["label"] for card in cards.values()}
    rows = _with_tolerance(_read_runs(reference), trained)
    rows = _in_common(rows, measured).merge(measured, how="left", on=RUN, suffixes=("", "_fresh"))
    # A missing score has no note of its own.
    notes = measured.groupby(["experiment", "test_set"])[COLUMN].first()
    named = pd.MultiIndex.from_frame(rows[["experiment", "test_set"]])
    rows[f"{COLUMN}_fresh"] = notes.reindex(named).to_numpy()
    runs = zip(rows["experiment"], rows["seed"], strict=True)
    rows["verdict"] = [
        _verdict(row, run in must_equal)
        for (_, row), run in zip(rows.iterrows(), runs, strict=True)
    ]
    return rows.rename(columns={"value": "reference", "value_fresh": "fresh"})


FAILS = ("outside tolerance", "not equal", "missing")
OTHER_DATA = "from other data"
NOT_COMPARABLE = 3
"""Exit status if no score fails, but the data of some differ from those of the expected results."""


def report(results: Path, config: str) -> int:
    """Compare all tasks of a config with the expected results, and print the outcome.

    Returns:
        the exit status: 0, or `NOT_COMPARABLE`

    Raises:
        UserError: a score fails, or there are no expected results of this config
    """
    known = sorted(path.name for path in (results / "reference").glob("*"))
    if config not in known:
        raise UserError(
            f"there are no expected results for a config named '{config}', only for: "
            f"{', '.join(known)}"
        )
    tasks = sorted(path for path in (results / "reference" / config).iterdir() if path.is_dir())
    failures, others = 0, 0
    for task in tasks:
        scores = verify(results / "compare" / config / task.name, task)
        counts = scores["verdict"].value_counts()
        print(f"{task.name}: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
        differing = _differing(results / "compare" / config / task.name, task)
        if changed := sorted({key for keys in differing.values() for key in keys}):
            print(f"  scores need not be equal because these differ: {', '.join(changed)}")
        apart = scores[scores["verdict"] == OTHER_DATA]
        others += len(apart)
        for note in apart[f"{COLUMN}_fresh"].unique():
            names = apart.loc[apart[f"{COLUMN}_fresh"] == note, "experiment"].unique()
            print(f"  {', '.join(names)}: {note or 'the expected results are from other data'}")
        failed = scores[scores["verdict"].isin(FAILS)]
        failures += len(failed)
        for _, row in failed.iterrows():
            print(
                f"  {row['experiment']}, random seed {row['seed']}, {row['test_set']}, "
                f"{row['metric']}: {row['fresh']:g}, expected {row['reference']:g} "
                f"± {row['tolerance']:.3g}: {row['verdict']}"
            )
    if failures:
        raise UserError(
            f"{config}: {failures} scores are missing or differ too much from "
            f"{results}/reference/{config}"
        )
    if others:
        print(
            f"{config}: {others} scores cannot be compared, because their data differ from those "
            "of the expected results"
        )
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
    return "within tolerance" if difference <= row["tolerance"] else "outside tolerance"


def _with_tolerance(runs: pd.DataFrame, trained: set[str]) -> pd.DataFrame:
    """The expected scores with a column `tolerance`: how far a new score may differ."""
    groups = runs.groupby(["experiment", "test_set", "metric"], sort=False)["value"]
    spread = DEVIATIONS * groups.transform("std")
    alone = (ALONE * runs["value"].abs()).where(runs["experiment"].isin(trained))
    # A baseline has no random seed, so only rounding may change its scores.
    return runs.assign(tolerance=spread.fillna(alone).clip(lower=LEAST).fillna(LEAST))


def _in_common(scores: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """Drop the random seeds that the new experiment lacks, unless it lacks all of them."""
    runs = pd.MultiIndex.from_frame(scores[RUN[:2]])
    common = pd.Series(runs.isin(pd.MultiIndex.from_frame(fresh[RUN[:2]])), scores.index)
    return scores[common | ~common.groupby(scores["experiment"]).transform("any")]


def _differing(fresh: Path, reference: Path) -> dict[str, list[str]]:
    """For each run that both have: what differs, so that its scores need not be equal."""
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
    """The value of a card's key for comparison; of data only the contents, not the file names."""
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
    """Read the cards of a comparison or of expected results.

    Raises:
        UserError: the file is missing or damaged
    """
    path = folder / "cards.json"
    cards: Cards = checked(Cards, read_json(path), f"{path}: damaged")
    return cards
