"""Notes on results whose data differ from those of the published results."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from nlpflow.tables import read_json

COLUMN = "other_data"
"""The column of runs.tsv and the key of cards and of `versions.json` with the note, if any."""


def read_notes(files: Sequence[Path]) -> dict[str, str]:
    """The notes on datasets whose data differ from those in the registry.

    Args:
        files: `.../<dataset>/versions.json`

    Returns:
        the note of each such dataset
    """
    notes = {}
    for file in files:
        found = dict.fromkeys(part[COLUMN] for part in read_json(file) if part[COLUMN])
        if found:
            notes[file.parent.name] = "; ".join(found)
    return notes


def mark(runs: pd.DataFrame, notes: Mapping[str, str], datasets: Mapping[str, str]) -> pd.DataFrame:
    """Add a column of notes to a table of scores; it stays the same if there are no notes.

    Args:
        runs: from `read_scores`
        notes: by dataset
        datasets: the dataset of each experiment; a test set may be another dataset
    """
    read = [
        dict.fromkeys((datasets[name], test_set))
        for name, test_set in zip(runs["experiment"], runs["test_set"], strict=True)
    ]
    said = ["; ".join(notes[part] for part in parts if part in notes) for parts in read]
    return runs.assign(**{COLUMN: said}) if any(said) else runs


def unmarked(runs: pd.DataFrame) -> pd.DataFrame:
    """Remove the column of notes that `mark` added."""
    return runs.drop(columns=COLUMN, errors="ignore")


def marked(runs: pd.DataFrame) -> pd.DataFrame:
    """The notes that `mark` added, one row per note, with the experiments that they concern."""
    if COLUMN not in runs:
        return pd.DataFrame()
    groups = runs[runs[COLUMN] != ""].groupby(COLUMN, sort=False)["experiment"]
    rows = [(", ".join(names.unique()), note) for note, names in groups]
    return pd.DataFrame(rows, columns=["experiments", "data"])
