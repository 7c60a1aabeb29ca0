"""Make a dataset of tagged words: normalise, split, filter, write tables."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
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
from nlpflow.prepare.components import components
from nlpflow.prepare.keys import Keys, hash_keys
from nlpflow.prepare.splits import SPLITS, apart, complete, split_numbers
from nlpflow.settings.data import TaggedDataset, TaggedSplitSettings
from nlpflow.tables import reading, write_tsv
from nlpflow.text.normalisation import deduplication_keys, normalise

REPORT = ["step", "setting", "dropped", "changed", "sentences", "words", "word_types"]


class Sentence(NamedTuple):
    """A sentence of a dataset."""

    words: list[str]
    tags: list[str]
    in_train: bool = False
    """Whether the training set has it as well."""


@dataclass(frozen=True)
class PreparedTags:
    """A dataset, ready to be written."""

    splits: dict[str, pd.DataFrame]
    """The table of each split, with columns `sentence` (its number in the corpus), `words`, `tags`
    and `in_train`; and `document` (its number, or null) if documents stay whole."""
    report: pd.DataFrame
    """One row per step, with the sentences that it drops and the words or tags that it changes;
    then one row per split; dev and test have another row, which counts the sentences that are also
    in train."""
    malformed: pd.DataFrame
    """The corpus's malformed lines."""


def prepare_tags(name: str, dataset: TaggedDataset, corpus: TaggedCorpus) -> PreparedTags:
    """Prepare a dataset from what `read_tagged_corpus` found.

    If the corpus has all three splits, they are kept as they are, so that scores can be compared
    with published ones; `in_train` marks sentences that a model may know by heart. Otherwise the
    dataset's `split` divides the corpus so that no sentence is in two splits, even if case, accents
    and punctuation are ignored. A missing dev set is taken from the training set in the same way,
    and shares nothing with the test set.

    Raises:
        UserError: a split is left without sentences
    """
    table, rows = _read(corpus, dataset.normalisation)
    if set(table["split"]) == set(SPLITS):
        table = table.drop(columns="document")
    else:
        parts = _divided(table, dataset.split)
        rows.append(_row("also in dev or test", "", len(table) - len(parts), 0, parts))
        missing = [split for split in SPLITS if not (parts["split"] == split).any()]
        if missing:
            documents = table["document"].nunique()
            cause = f", or set split.by to sentence ({documents} documents)" if documents else ""
            raise UserError(
                f"dataset {name}: no sentences in {' and '.join(missing)}, {len(table)} in all; "
                f"change the shares or the salt of its split{cause}"
            )
        table = parts
    if dataset.max_words is not None:
        long = (table["split"] == "train") & (table["words"].str.len() > dataset.max_words)
        table = table[~long]
        rows.append(_row("max_words", str(dataset.max_words), int(long.sum()), 0, table))
        if not (table["split"] == "train").any():
            raise UserError(f"dataset {name}: max_words {dataset.max_words} leaves no sentence")
    if dataset.max_training is not None:
        before = len(table)
        table = table[_drawn(table, dataset.split.salt, dataset.max_training)]
        rows.append(_row("max_training", str(dataset.max_training), before - len(table), 0, table))
    train = (table["split"] == "train").to_numpy(np.bool_)
    table = table.assign(in_train=_known(table["words"], table["words"][train]) & ~train)
    splits = {}
    for split in SPLITS:
        part = table[table["split"] == split]
        rows.append(_row(split, "", 0, 0, part))
        if split != "train":
            rows.append(_row(f"{split}, also in train", "", 0, 0, part[part["in_train"]]))
        splits[split] = part.drop(columns="split").reset_index(drop=True)
    return PreparedTags(splits, pd.DataFrame(rows, columns=REPORT), corpus.malformed)


def _drawn(table: pd.DataFrame, salt: str, most: int) -> pd.Series:
    """Which sentences are kept: all of dev and test, of train those with the smallest hashes."""
    hashes = pd.Series(hash_keys(_keys(table["words"]), salt, "training"), table.index)
    train = table["split"] == "train"
    return ~train | table.index.isin(hashes[train].sort_values(kind="stable").index[:most])


def prepare_test_tags(corpus: TaggedCorpus) -> PreparedTags:
    """Prepare a dataset for testing only: all sentences, or those of the test files."""
    table, rows = _read(corpus, "none")
    if table["split"].isin(["train", "dev"]).any():
        tested = table[table["split"] == "test"]
        rows.append(_row("not of a test file", "", len(table) - len(tested), 0, tested))
        table = tested
    rows.append(_row("test", "", 0, 0, table))
    table = table.drop(columns=["split", "document"]).assign(in_train=False)
    test = {"test": table.reset_index(drop=True)}
    return PreparedTags(test, pd.DataFrame(rows, columns=REPORT), corpus.malformed)


def mark_test_set(
    test: Sequence[Sentence], train: Sequence[Sentence], normalisation: str
) -> list[Sentence]:
    """A test set's sentences in the dataset's normalisation, marked if train also has them."""
    words = [normalise_words(sentence.words, normalisation) for sentence in test]
    known = _known(words, [sentence.words for sentence in train])
    return [
        Sentence(row, sentence.tags, bool(seen))
        for row, sentence, seen in zip(words, test, known, strict=True)
    ]


def normalise_words(words: list[str], normalisation: str) -> list[str]:
    """The words of a sentence as a dataset of this normalisation has them, in NFC."""
    composed = [unicodedata.normalize("NFC", word) for word in words]
    if normalisation == "none":
        return composed
    digits = pc.replace_substring_regex(pa.array(composed, pa.large_string()), r"\p{Nd}", "0")
    return [str(word) for word in digits.to_pylist()]


def write_prepared(prepared: PreparedTags, folder: Path) -> None:
    """Write the tables of a dataset; the same dataset gives the same bytes.

    Each split is written as Parquet, one row per sentence, and as TSV, one row per word; the other
    files are `filter_report.tsv` and `malformed.tsv`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for split, table in prepared.splits.items():
        schema = SENTENCES.append(DOCUMENT) if "document" in table else SENTENCES
        pq.write_table(pa.table(table, schema=schema), folder / f"{split}.parquet")
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


DOCUMENT = pa.field("document", pa.int64())


def write_sentences(path: Path, sentences: Sequence[Sentence]) -> None:
    """Write sentences as `read_prepared` reads them."""
    table = pd.DataFrame(sentences, columns=Sentence._fields).rename_axis("sentence").reset_index()
    pq.write_table(pa.table(table, schema=SENTENCES), path)


def read_prepared(path: Path) -> list[Sentence]:
    """The sentences of a split, from the Parquet file that `write_prepared` wrote."""
    with reading(path):
        table = pq.read_table(path, columns=list(Sentence._fields))
    return [Sentence(*values) for values in zip(*table.to_pydict().values(), strict=True)]


def _read(corpus: TaggedCorpus, normalisation: str) -> tuple[pd.DataFrame, list[list[object]]]:
    """The sentences with normalised words, and the first rows of the report."""
    table = corpus.sentences
    rows = [
        _row("read", "", corpus.dropped, 0, table),
        _row("rename", "", 0, corpus.renamed, table),
        _row("repair", "", 0, corpus.repaired, table),
    ]
    words = [normalise_words(sentence, normalisation) for sentence in table["words"]]
    changed = sum(map(_differences, table["words"], words))
    table = table.assign(words=pd.Series(words, table.index))
    if changed or normalisation != "none":
        rows.append(_row("normalisation", normalisation, 0, changed, table))
    return table, rows


def _divided(table: pd.DataFrame, settings: TaggedSplitSettings) -> pd.DataFrame:
    """The sentences with their split, without those that two splits would share.

    A document is drawn as a whole, by a hash of all its text. Documents that share a sentence are
    not joined: a few frequent sentences would join nearly all documents.
    """
    keys = _keys(table["words"])
    together = pd.Series(keys.to_pylist(), table.index)
    whole = settings.by == "document" and bool(table["document"].notna().any())
    if whole:
        texts = together.groupby(table["document"]).agg("\n".join)
        drawn_by = texts.map(lambda text: hashlib.sha256(text.encode()).hexdigest())
        together = table["document"].map(drawn_by).fillna(together)
    units = Keys.of(pa.array(together, pa.large_string()), settings.salt)
    given = split_numbers(table["split"])
    brought = set(given[given >= 0].tolist())
    split = complete(given, bool(brought), components([units]), [units], settings)
    kept = apart(split, [Keys.of(keys, settings.salt)], brought)
    names = pd.Series(np.take(SPLITS, split), table.index, dtype="str")
    divided = table.assign(split=names)[kept]
    return divided if whole else divided.drop(columns="document")


def _known(words: Iterable[Sequence[str]], training: Iterable[Sequence[str]]) -> np.ndarray:
    """Which sentences train also has, ignoring case, accents and punctuation: (sentences,)."""
    seen = pc.is_in(_keys(words), value_set=_keys(training))
    return np.asarray(seen.to_numpy(zero_copy_only=False), np.bool_)


def _keys(words: Iterable[Sequence[str]]) -> pa.Array:
    """The deduplication key of each sentence."""
    return deduplication_keys(text_of(words))


def text_of(words: Iterable[Sequence[str]]) -> pa.Array:
    """Each sentence as text, without invisible characters."""
    texts = pa.array([" ".join(sentence) for sentence in words], pa.large_string())
    return normalise(texts, "cased")


def _row(step: str, setting: str, dropped: int, changed: int, left: pd.DataFrame) -> list[object]:
    words = left["words"].explode().dropna()
    return [step, setting, dropped, changed, len(left), len(words), words.nunique()]


def _differences(before: list[str], after: list[str]) -> int:
    return sum(old != new for old, new in zip(before, after, strict=True))
