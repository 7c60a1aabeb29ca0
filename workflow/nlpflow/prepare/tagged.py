"""A corpus of tagged words becomes a dataset, in its own split: normalised, filtered, written."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nlpflow.corpora.tagged import TaggedCorpus
from nlpflow.errors import UserError
from nlpflow.prepare.splits import SPLITS
from nlpflow.settings.data import TaggedDataset
from nlpflow.tables import reading, write_tsv
from nlpflow.text.normalisation import fold

REPORT = ["step", "setting", "dropped", "changed", "sentences", "words", "word_types"]


class Sentence(NamedTuple):
    """A sentence of a dataset."""

    words: list[str]
    tags: list[str]
    in_train: bool = False
    """Whether it also stands in the training set."""


@dataclass(frozen=True)
class PreparedTags:
    """A dataset, ready to be written."""

    splits: dict[str, pd.DataFrame]
    """By split: `sentence`, its number in the corpus, `words`, `tags`, `in_train`."""
    report: pd.DataFrame
    """What every step drops (sentences) and changes (words or tags), then a row a split, and how
    many sentences of dev and test also stand in train."""
    malformed: pd.DataFrame
    """The corpus's malformed lines."""


def prepare_tags(name: str, dataset: TaggedDataset, corpus: TaggedCorpus) -> PreparedTags:
    """Prepare a dataset from what `read_tagged_corpus` found.

    The corpus's split stays as it is, so that scores compare with published ones; `in_train` marks
    what a model may know by heart.

    :raises UserError: no training sentence is left
    """
    table = corpus.sentences
    rows = [
        _row("read", "", corpus.dropped, 0, table),
        _row("rename", "", 0, corpus.renamed, table),
        _row("repair", "", 0, corpus.repaired, table),
    ]
    words = [normalise_words(sentence, dataset.normalisation) for sentence in table["words"]]
    changed = sum(map(_differences, table["words"], words))
    table = table.assign(words=pd.Series(words, table.index))
    if changed or dataset.normalisation != "none":
        rows.append(_row("normalisation", dataset.normalisation, 0, changed, table))
    if dataset.max_words is not None:
        long = (table["split"] == "train") & (table["words"].str.len() > dataset.max_words)
        table = table[~long]
        rows.append(_row("max_words", str(dataset.max_words), int(long.sum()), 0, table))
        if not (table["split"] == "train").any():
            raise UserError(f"dataset {name}: max_words {dataset.max_words} leaves no sentence")
    table = table.assign(in_train=_in_train(table))
    splits = {}
    for split in SPLITS:
        part = table[table["split"] == split]
        rows.append(_row(split, "", 0, 0, part))
        if split != "train":
            rows.append(_row(f"{split}, also in train", "", 0, 0, part[part["in_train"]]))
        splits[split] = part.drop(columns="split").reset_index(drop=True)
    return PreparedTags(splits, pd.DataFrame(rows, columns=REPORT), corpus.malformed)


def normalise_words(words: list[str], normalisation: str) -> list[str]:
    """The words of a sentence as a dataset of this normalisation has them, in NFC."""
    composed = [unicodedata.normalize("NFC", word) for word in words]
    if normalisation == "none":
        return composed
    digits = pc.replace_substring_regex(pa.array(composed, pa.large_string()), r"\p{Nd}", "0")
    return [str(word) for word in digits.to_pylist()]


def write_tags(prepared: PreparedTags, folder: Path) -> None:
    """Write the tables of a dataset; the same dataset gives the same bytes.

    A split each as Parquet, a row a sentence, and as TSV, a row a word; `filter_report.tsv` and
    `malformed.tsv`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for split, table in prepared.splits.items():
        pq.write_table(pa.table(table, schema=SENTENCES), folder / f"{split}.parquet")
        write_tsv(table.explode(["words", "tags"]).astype(AS_TEXT), folder / f"{split}.tsv")
    write_tsv(prepared.report, folder / "filter_report.tsv")
    write_tsv(prepared.malformed, folder / "malformed.tsv")


AS_TEXT = {"words": "str", "tags": "str"}
SENTENCES = pa.schema(
    [
        ("sentence", pa.int64()),
        ("words", pa.list_(pa.large_string())),
        ("tags", pa.list_(pa.large_string())),
        ("in_train", pa.bool_()),
    ]
)


def read_prepared(path: Path) -> list[Sentence]:
    """The sentences of a split, from the Parquet file that `write_tags` wrote."""
    with reading(path):
        table = pq.read_table(path, columns=list(Sentence._fields))
    return [Sentence(*values) for values in zip(*table.to_pydict().values(), strict=True)]


def _in_train(table: pd.DataFrame) -> np.ndarray:
    """Which sentences of dev and test stand in train, up to case, marks and punctuation."""
    texts = pa.array([" ".join(words) for words in table["words"]], pa.large_string())
    keys = fold(texts)
    train = (table["split"] == "train").to_numpy(np.bool_)
    seen = pc.is_in(keys, value_set=keys.filter(pa.array(train)))
    return np.asarray(seen.to_numpy(zero_copy_only=False), np.bool_) & ~train


def _row(step: str, setting: str, dropped: int, changed: int, left: pd.DataFrame) -> list[object]:
    words = left["words"].explode().dropna()
    return [step, setting, dropped, changed, len(left), len(words), words.nunique()]


def _differences(before: list[str], after: list[str]) -> int:
    return sum(old != new for old, new in zip(before, after, strict=True))
