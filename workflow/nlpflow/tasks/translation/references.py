"""A test set as it is scored: sources, each with its known references."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nlpflow.tables import reading

SEPARATOR = " ||| "
"""What stands between the references of a sentence in a table of predictions."""


@dataclass(frozen=True)
class TestSet:
    """Normalised sources and their references; `raw` says which text is compared."""

    sources: list[str]
    references: list[list[str]]
    raw: bool
    """True: references as in the corpus, cased and detokenised; False: normalised text."""
    overlap: pd.DataFrame | None = None
    """For an own test set, which sentences the training set has, too: a row a source, truth values
    `source` and `target`. A dataset's splits share none."""

    @property
    def suffix(self) -> str:
        """What the names of scores end in, so that none on normalised text passes for another."""
        return "" if self.raw else "_normalised"


def read_test_set(pairs: Path, references: Path, split: str, normalisation: str) -> TestSet:
    """The `split` of a prepared dataset: each distinct source once, with every known reference.

    The `tutorial` normalisation can't be undone, so its outputs are compared with normalised
    references; those of `cased` are ordinary text and are compared with the raw ones.

    :param pairs: the split's table, :param references: all known references of dev and test
    """
    with reading(pairs):
        table = pd.read_parquet(pairs, columns=["source"])
    sources = table["source"].drop_duplicates()
    with reading(references):
        known = pd.read_parquet(references)
    known = known[known["split"] == split]
    raw = normalisation == "cased"
    texts = known.groupby("source", sort=False)["target_raw" if raw else "target"]
    by_source = texts.agg(lambda column: list(dict.fromkeys(column)))
    return TestSet(list(sources), [by_source[source] for source in sources], raw)


def own_test_set(table: pd.DataFrame, normalisation: str) -> TestSet:
    """An own test set, see `nlpflow.prepare.test_sets`: each line with its one reference."""
    raw = normalisation == "cased"
    references = [[text] for text in table["target_raw" if raw else "target"]]
    overlap = pd.DataFrame(
        {"source": table["overlap_source"], "target": table["overlap_target"]}, dtype=bool
    )
    return TestSet(list(table["source"]), references, raw, overlap)
