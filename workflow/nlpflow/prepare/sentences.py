"""Corpora become a dataset of sentences by language: pooled, normalised, split, balanced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.prepare.pairs import SPLITS
from nlpflow.prepare.splits import assign, hash_keys
from nlpflow.settings.data import SentenceDataset
from nlpflow.tables import as_arrow, write_tsv
from nlpflow.text.normalisation import Column, fold, normalise

COLUMNS = ["sentence", "language", "raw", "corpus", "attribution"]


@dataclass(frozen=True)
class PreparedSentences:
    """A dataset, ready to be written."""

    splits: dict[str, pd.DataFrame]
    """By split: `sentence` (normalised), `language`, `raw`, `corpus`, `attribution`."""
    report: pd.DataFrame
    """Malformed lines ("read") and what every step drops: `step`, `setting`, `dropped`, `sentences`
    (left after the step), and a column a language with its sentences left; then a row a split."""
    malformed: pd.DataFrame
    """The malformed lines of all corpora."""


def clean(texts: Column, normalisation: str) -> Column:
    """Raw texts as the sentences of a dataset are: normalised, no white space around them."""
    trimmed: Column = pc.utf8_trim_whitespace(normalise(texts, normalisation))
    return trimmed


def pool(
    tables: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], normalisation: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One table (`COLUMNS`) of the sentences, and one of the malformed lines, of `read_sentences`.

    :param tables: by corpus
    """
    sentences = pd.concat(
        [table.assign(corpus=corpus) for corpus, (table, _) in tables.items()], ignore_index=True
    )
    sentences["sentence"] = _text(clean(as_arrow(sentences["raw"]), normalisation))
    malformed = pd.concat([bad for _, bad in tables.values()], ignore_index=True)
    return sentences[COLUMNS], malformed


def prepare_sentences(
    name: str, dataset: SentenceDataset, sentences: pd.DataFrame, malformed: pd.DataFrame
) -> PreparedSentences:
    """Prepare a dataset from what `pool` gives.

    Of equal sentences in one language the first stays. A sentence that stands under two languages
    is dropped: whichever answer is counted as right, the other one is too. Sentences with the same
    fold key are in the same split, whatever their languages.

    Raises:
        UserError: a language is left without sentences in a split.
    """
    report = Report(sentences)
    sentences = report.keep("drop_empty", "", sentences, sentences["sentence"] != "")
    first = ~sentences.duplicated(["sentence", "language"])
    sentences = report.keep("drop_duplicates", "", sentences, first)
    only = ~sentences.duplicated("sentence", keep=False)
    sentences = report.keep("in two languages", "", sentences, only)
    key = fold(as_arrow(sentences["sentence"]))
    component, _ = pd.factorize(_text(key))
    split = assign(component, key, key, dataset.split)
    if dataset.max_per_language is not None:
        kept = (split != "train") | _drawn(sentences, split, key, dataset)
        sentences = report.keep(
            "max_per_language", str(dataset.max_per_language), sentences, pd.Series(kept)
        )
        split = split[kept]
    splits = {part: sentences[split == part].reset_index(drop=True) for part in SPLITS}
    for part, table in splits.items():
        report.add(part, "", 0, table)
        missing = sorted(set(report.languages) - set(table["language"]))
        if missing:
            raise UserError(
                f"dataset {name}: no {part} sentences in {', '.join(missing)}; "
                "add corpora, leave the language out, or change the shares of the split"
            )
    return PreparedSentences(splits, report.table(malformed), malformed)


def prepare_test(
    sentences: pd.DataFrame, malformed: pd.DataFrame, training: Sequence[pd.DataFrame]
) -> PreparedSentences:
    """A test set of all sentences of its corpora that no training set has, by fold key.

    :param training: tables with a column `sentence`
    """
    report = Report(sentences)
    sentences = report.keep("drop_empty", "", sentences, sentences["sentence"] != "")
    key = _text(fold(as_arrow(sentences["sentence"])))
    for table in training:
        seen = _text(fold(as_arrow(table["sentence"])))
        apart = ~key.isin(seen).to_numpy(np.bool_)
        sentences = report.keep("also in training", "", sentences, pd.Series(apart))
        key = key[apart]
    report.add("test", "", 0, sentences)
    return PreparedSentences(
        {"test": sentences.reset_index(drop=True)}, report.table(malformed), malformed
    )


def write(prepared: PreparedSentences, folder: Path) -> None:
    """Write a split each as Parquet and as TSV, `filter_report.tsv` and `malformed.tsv`."""
    folder.mkdir(parents=True, exist_ok=True)
    for split, table in prepared.splits.items():
        table.to_parquet(folder / f"{split}.parquet", index=False)
        write_tsv(table, folder / f"{split}.tsv")
    write_tsv(prepared.report, folder / "filter_report.tsv")
    write_tsv(prepared.malformed, folder / "malformed.tsv")


class Report:
    """The filter report of a dataset of sentences, a row a step."""

    def __init__(self, sentences: pd.DataFrame) -> None:
        self.languages = list(sentences["language"].unique())
        self._rows: list[list[object]] = []
        self.add("read", "", 0, sentences)

    def keep(
        self, step: str, setting: str, sentences: pd.DataFrame, kept: pd.Series
    ) -> pd.DataFrame:
        """The sentences that pass a step, which gets a row."""
        left = sentences[kept.to_numpy(np.bool_)]
        self.add(step, setting, len(sentences) - len(left), left)
        return left

    def add(self, step: str, setting: str, dropped: int, left: pd.DataFrame) -> None:
        """A row."""
        counts = left["language"].value_counts().reindex(self.languages, fill_value=0)
        self._rows.append([step, setting, dropped, len(left), *counts])

    def table(self, malformed: pd.DataFrame) -> pd.DataFrame:
        """All rows; the first counts the malformed lines."""
        columns = ["step", "setting", "dropped", "sentences", *self.languages]
        table = pd.DataFrame(self._rows, columns=columns)
        table.loc[0, "dropped"] = len(malformed)
        return table


def _drawn(
    sentences: pd.DataFrame, split: np.ndarray, key: pa.ChunkedArray, dataset: SentenceDataset
) -> np.ndarray:
    """The training sentences that stay: of each language those with the smallest hashes, so that
    new sentences displace few of the old ones."""
    order = pd.DataFrame(
        {
            "language": sentences["language"].to_numpy(),
            "rank": hash_keys(key, dataset.split.salt, "balance"),
        }
    )[split == "train"].sort_values("rank", kind="stable")
    kept = np.zeros(len(sentences), np.bool_)
    kept[order.groupby("language").head(dataset.max_per_language or 0).index] = True
    return kept


def _text(column: pa.ChunkedArray) -> pd.Series:
    return pd.Series(column.to_pandas().array, dtype="str")
