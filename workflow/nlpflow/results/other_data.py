"""What was made from other data than the published results."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from nlpflow.tables import read_json

COLUMN = "other_data"
"""In runs.tsv and in a card, if there is something to say; a key of `versions.json`."""


def read_notes(files: Sequence[Path]) -> dict[str, str]:
    """The datasets that have other data than the registry knows, and what they have.

    Args:
        files: `.../<dataset>/versions.json`
    """
    notes = {}
    for file in files:
        found = dict.fromkeys(part[COLUMN] for part in read_json(file) if part[COLUMN])
        if found:
            notes[file.parent.name] = "; ".join(found)
    return notes


def mark(runs: pd.DataFrame, notes: Mapping[str, str], datasets: Mapping[str, str]) -> pd.DataFrame:
    """The scores with a column of notes, empty for the known data; without it if there is none.

    Args:
        runs: the table of `read_scores`
        notes: by dataset
        datasets: of each experiment; a test set may be another dataset
    """
    read = [
        dict.fromkeys((datasets[name], test_set))
        for name, test_set in zip(runs["experiment"], runs["test_set"], strict=True)
    ]
    said = ["; ".join(notes[part] for part in parts if part in notes) for parts in read]
    return runs.assign(**{COLUMN: said}) if any(said) else runs


def unmarked(runs: pd.DataFrame) -> pd.DataFrame:
    """The scores without what `mark` has said of them."""
    return runs.drop(columns=COLUMN, errors="ignore")


def marked(runs: pd.DataFrame) -> pd.DataFrame:
    """What `mark` said, a row each, with the experiments of which it is said."""
    if COLUMN not in runs:
        return pd.DataFrame()
    groups = runs[runs[COLUMN] != ""].groupby(COLUMN, sort=False)["experiment"]
    rows = [(", ".join(names.unique()), note) for note, names in groups]
    return pd.DataFrame(rows, columns=["experiments", "data"])
