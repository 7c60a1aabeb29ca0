"""Make a dataset of sentences by language: pool corpora, normalise, split, balance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.prepare.components import components
from nlpflow.prepare.keys import Keys, hash_keys
from nlpflow.prepare.losses import check_mostly_latin
from nlpflow.prepare.splits import SPLITS, Splits, apart, complete, split_numbers
from nlpflow.settings.data import SentenceDataset
from nlpflow.tables import as_arrow, write_tsv
from nlpflow.text.arrays import Column
from nlpflow.text.normalisation import deduplication_keys, normalise

SENTENCE_COLUMNS = ["sentence", "language", "raw", "corpus", "attribution"]


@dataclass(frozen=True)
class PreparedSentences:
    """A dataset, ready to be written."""

    splits: dict[str, pd.DataFrame]
    """The table of each split, with columns `sentence` (normalised), `language`, `raw`, `corpus`
    and `attribution`."""
    report: pd.DataFrame
    """Malformed lines ("read") and what every step drops, then one row per split: `step`,
    `setting`, `dropped`, `sentences` (left after the step), and the sentences left per language."""
    malformed: pd.DataFrame
    """The malformed lines of all corpora."""


def clean(texts: Column, normalisation: str) -> Column:
    """Raw texts as a dataset has them: normalised, without white space around them."""
    trimmed: Column = pc.utf8_trim_whitespace(normalise(texts, normalisation))
    return trimmed


def pool(
    tables: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], normalisation: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pool what `read_sentences` gave for several corpora.

    Args:
        tables: the sentences and the malformed lines of each corpus

    Returns:
        The sentences with the columns `SENTENCE_COLUMNS`, `split` (the one that the corpus gives
        the sentence) and `lacks_dev` (whether the corpus has its own training set but no dev set),
        and the malformed lines.
    """
    read = []
    for corpus, (table, _) in tables.items():
        given = set(table["split"].dropna())
        lacks_dev = "train" in given and "dev" not in given
        read.append(table.assign(corpus=corpus, lacks_dev=lacks_dev))
    sentences = pd.concat(read, ignore_index=True)
    for language, part in sentences.groupby("language"):
        check_mostly_latin(
            f"corpora {', '.join(tables)}", normalisation, {str(language): as_arrow(part["raw"])}
        )
    sentences["sentence"] = _text(clean(as_arrow(sentences["raw"]), normalisation))
    malformed = pd.concat([bad for _, bad in tables.values()], ignore_index=True)
    return sentences[[*SENTENCE_COLUMNS, "split", "lacks_dev"]], malformed


def prepare_sentences(
    name: str, dataset: SentenceDataset, sentences: pd.DataFrame, malformed: pd.DataFrame
) -> PreparedSentences:
    """Prepare a dataset from the tables of `pool`.

    Of equal sentences in one language the first is kept; those of a given test or dev set come
    before the others. A sentence that occurs in two languages is dropped, since both would be
    correct answers. Sentences with the same deduplication key go into the same split, whatever
    their languages; if corpora have their own splits, such a sentence is dropped from train or dev.

    Raises:
        UserError: a language is left without sentences in a split.
    """
    report = FilterReport(sentences)
    sentences = _once_and_in_one_language(report, sentences)
    key = deduplication_keys(as_arrow(sentences["sentence"]))
    keys = Keys.of(key, dataset.split.salt)
    given, lacks_dev = split_numbers(sentences["split"]), sentences["lacks_dev"].to_numpy()
    split = complete(given, lacks_dev, components([keys]), [keys], dataset.split)
    if (given >= 0).any():
        kept = apart(split, [keys])
        sentences = report.keep("also in dev or test", "", sentences, pd.Series(kept))
        split, key = split[kept], key.filter(pa.array(kept))
    if (most := dataset.max_per_language) is not None:
        kept = _drawn(sentences, split, key, dataset.split.salt, most)
        sentences = report.keep("max_per_language", str(most), sentences, pd.Series(kept))
        split = split[kept]
    sentences = sentences[SENTENCE_COLUMNS]
    splits = {
        part: sentences[split == number].reset_index(drop=True)
        for number, part in enumerate(SPLITS)
    }
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
    sentences: pd.DataFrame,
    malformed: pd.DataFrame,
    training: Sequence[tuple[pd.DataFrame, str]],
) -> PreparedSentences:
    """Prepare a test set from the tables of `pool`, without sentences of training sets.

    The sentences are normalised as `cased`. Of a corpus with its own split only the test files
    count. Equal sentences and those in two languages are dropped as in `prepare_sentences`.

    Args:
        training: the training table of each dataset and the dataset's normalisation
    """
    report = FilterReport(sentences)
    if sentences["split"].isin(["train", "dev"]).any():
        tested = ~sentences["split"].isin(["train", "dev"])
        sentences = report.keep("not of a test file", "", sentences, tested)
    sentences = _once_and_in_one_language(report, sentences)
    for table, normalisation in training:
        new = ~seen_in(sentences["raw"], table, normalisation)
        sentences = report.keep("also in training", "", sentences, pd.Series(new))
    sentences = sentences[SENTENCE_COLUMNS]
    report.add("test", "", 0, sentences)
    return PreparedSentences(
        {"test": sentences.reset_index(drop=True)}, report.table(malformed), malformed
    )


def seen_in(raw: pd.Series, training: pd.DataFrame, normalisation: str) -> np.ndarray:
    """Which raw sentences a training set has: (sentences,).

    They are compared by deduplication key, once as they are and once as the dataset normalises
    them: under `tutorial`, "I am 5." and "I am 6." are the same sentence to a model.

    Args:
        training: the dataset's table, with `raw` and `sentence`
    """
    texts = as_arrow(raw)
    seen = np.zeros(len(raw), np.bool_)
    for own, other in (
        (clean(texts, "cased"), clean(as_arrow(training["raw"]), "cased")),
        (clean(texts, normalisation), as_arrow(training["sentence"])),
    ):
        key = deduplication_keys(own)
        shared = pc.and_(
            pc.is_in(key, value_set=deduplication_keys(other).unique()), pc.not_equal(key, "")
        )
        seen |= shared.to_numpy()
    return seen


def _once_and_in_one_language(report: "FilterReport", sentences: pd.DataFrame) -> pd.DataFrame:
    """Drop empty and repeated sentences, and those that occur in two languages."""
    sentences = report.keep("drop_empty", "", sentences, sentences["sentence"] != "")
    # A repeated sentence stays in a given test set, or else in a given dev set.
    order = sentences["split"].map({"test": 0, "dev": 1}).fillna(2).sort_values(kind="stable")
    repeated = sentences.loc[order.index].duplicated(["sentence", "language"])
    sentences = report.keep("drop_duplicates", "", sentences, ~repeated.sort_index())
    only = ~sentences.duplicated("sentence", keep=False)
    return report.keep("in two languages", "", sentences, only)


def write(prepared: PreparedSentences, folder: Path) -> None:
    """Write each split as Parquet and as TSV, and `filter_report.tsv` and `malformed.tsv`."""
    folder.mkdir(parents=True, exist_ok=True)
    for split, table in prepared.splits.items():
        table.to_parquet(folder / f"{split}.parquet", index=False)
        write_tsv(table, folder / f"{split}.tsv")
    write_tsv(prepared.report, folder / "filter_report.tsv")
    write_tsv(prepared.malformed, folder / "malformed.tsv")


class FilterReport:
    """The filter report of a dataset of sentences, one row per step."""

    def __init__(self, sentences: pd.DataFrame) -> None:
        self.languages = list(sentences["language"].unique())
        self._rows: list[list[object]] = []
        self.add("read", "", 0, sentences)

    def keep(
        self, step: str, setting: str, sentences: pd.DataFrame, kept: pd.Series
    ) -> pd.DataFrame:
        """The sentences that pass a step; adds the row of the step."""
        left = sentences[kept.to_numpy(np.bool_)]
        self.add(step, setting, len(sentences) - len(left), left)
        return left

    def add(self, step: str, setting: str, dropped: int, left: pd.DataFrame) -> None:
        """Add a row."""
        counts = left["language"].value_counts().reindex(self.languages, fill_value=0)
        self._rows.append([step, setting, dropped, len(left), *counts])

    def table(self, malformed: pd.DataFrame) -> pd.DataFrame:
        """The report; its first row counts the malformed lines."""
        columns = ["step", "setting", "dropped", "sentences", *self.languages]
        table = pd.DataFrame(self._rows, columns=columns)
        table.loc[0, "dropped"] = len(malformed)
        return table


def _drawn(
    sentences: pd.DataFrame, split: Splits, key: pa.ChunkedArray, salt: str, most: int
) -> np.ndarray:
    """Which sentences are kept: those with the smallest hashes, per language and split.

    Since the choice is by hash, new sentences replace few of the old ones.
    """
    language = sentences["language"].to_numpy()
    ranks = hash_keys(key, salt, "balance")
    order = pd.DataFrame({"language": language, "split": split, "rank": ranks})
    order = order.sort_values("rank", kind="stable")
    kept = np.zeros(len(sentences), np.bool_)
    kept[order.groupby(["language", "split"]).head(most).index] = True
    return kept


def _text(column: pa.ChunkedArray) -> pd.Series:
    return pd.Series(column.to_pandas().array, dtype="str")
