"""What a dataset loses: steps that drop most of it, and letters that normalisation drops."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

from nlpflow.errors import UserError
from nlpflow.tables import read_table
from nlpflow.text.arrays import Column
from nlpflow.text.writing import latin_letters

LOSS_COLUMNS = ["dataset", "step", "of", "before", "dropped", "share"]
MEANT = ("max_per_language", "max_training", "not of a test file", "prefixes")
"""Steps whose purpose is to keep only a part."""
NO_COUNTS = frozenset(
    ["step", "setting", "dropped", "changed", "words", "word_types", "source_types", "target_types"]
)
"""Columns of filter reports that do not count pairs or sentences that are left."""


class LatinLetters:
    """The share of Latin letters in each language of a dataset.

    Args:
        name: what is prepared, in errors
        normalisation: of the dataset
    """

    def __init__(self, name: str, normalisation: str) -> None:
        self._name, self._counted = name, normalisation == "tutorial"
        self._letters: dict[str, Counter[str]] = {}

    def add(self, language: str, column: Column) -> None:
        """Count the letters of raw sentences, if the normalisation drops any."""
        if self._counted:
            latin, letters = latin_letters(column)
            counts = self._letters.setdefault(language, Counter())
            counts.update(latin=latin, all=letters)

    def check(self) -> None:
        """Raise UserError if the normalisation would drop most letters of a language."""
        for language, counts in self._letters.items():
            if 2 * counts["latin"] < counts["all"]:
                others = 1 - counts["latin"] / counts["all"]
                raise UserError(
                    f"{self._name}: {others:.1%} of the letters of {language} are not Latin, and "
                    "normalisation 'tutorial' keeps no others; set it to 'cased'"
                )


def check_mostly_latin(name: str, normalisation: str, texts: Mapping[str, Column]) -> None:
    """Raise UserError if the normalisation would drop most letters of a language.

    Args:
        name: what is prepared, in errors
        texts: the raw sentences of each language
    """
    letters = LatinLetters(name, normalisation)
    for language, column in texts.items():
        letters.add(language, column)
    letters.check()


def log_report(name: str, report: pd.DataFrame, malformed: pd.DataFrame, listed: Path) -> None:
    """Log what every step drops, and warn about malformed lines and heavy losses.

    There is one warning per file with malformed lines, and one per step that drops most of the
    dataset.

    Args:
        name: of the dataset
        report: with `dropped` and `pairs` or `sentences`; its first row is what was read
        malformed: the malformed lines, as readers list them
        listed: the file that has them all
    """
    logging.info("%s", report.to_string(index=False))
    warn_of_losses(name, report)
    if malformed.empty:
        return
    for file, lines in malformed.groupby("file", sort=False):
        logging.warning(
            "warning: %s: %s malformed lines are left out; the first is line %d, which %s",
            *(file, f"{len(lines):,}", lines["line"].iloc[0], lines["problem"].iloc[0]),
        )
    unit = "pairs" if "pairs" in report else "sentences"
    lost, left = report["dropped"].iloc[0], report[unit].iloc[0]
    logging.warning(
        "warning: malformed lines cost %s of %s %s; %s lists them",
        *(f"{lost:,}", f"{lost + left:,}", unit, listed),
    )


def warn_of_losses(name: str, report: pd.DataFrame) -> None:
    """Log a warning for each step that drops most of a dataset."""
    for lost in _losses(name, report):
        logging.warning(
            "warning: dataset %s: step %s drops %s of %s %s (%s); relax or correct it, unless the "
            "loss is intended",
            name,
            lost["step"],
            f"{lost['dropped']:,}",
            f"{lost['before']:,}",
            lost["of"],
            f"{lost['share']:.1%}",
        )


def read_losses(files: Sequence[Path]) -> pd.DataFrame:
    """The steps that drop most of a dataset, with the columns `LOSS_COLUMNS`.

    Args:
        files: `.../<dataset>/filter_report.tsv`
    """
    rows = [
        lost
        for file in files
        for lost in _losses(file.parent.name, read_table(file, "step", "setting"))
    ]
    table = pd.DataFrame(rows, columns=LOSS_COLUMNS)
    return table.assign(share=[f"{share:.1%}" for share in table["share"]])


def _losses(name: str, report: pd.DataFrame) -> Iterator[dict[str, object]]:
    """The steps that drop most of the dataset, or else most of one language."""
    counts = [column for column in report if column not in NO_COUNTS]
    rows = report.to_dict("records")
    for before, after in pairwise(rows):
        if not after["dropped"] or after["step"] in MEANT:
            continue
        for column in counts:
            had, dropped = before[column], before[column] - after[column]
            if 2 * dropped > had:
                about = column if column == counts[0] else f"{counts[0]} in {column}"
                step = f"{after['step']} {after['setting']}".strip()
                values = (name, step, about, had, dropped, dropped / had)
                yield dict(zip(LOSS_COLUMNS, values, strict=True))
                if column == counts[0]:
                    break
