"""Test sets of a config: read, normalised like a dataset, compared with its training set."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.corpora.pairs import read_corpus
from nlpflow.errors import UserError
from nlpflow.prepare.losses import check_mostly_latin
from nlpflow.settings.data import PairDataset
from nlpflow.settings.test_sets import OwnTestSet
from nlpflow.tables import as_arrow
from nlpflow.text.normalisation import deduplication_keys, normalise


def prepare_test_set(
    name: str,
    test_set: OwnTestSet,
    paths: Mapping[str, Path],
    dataset: PairDataset,
    train: pd.DataFrame,
) -> pd.DataFrame:
    """The pairs of a test set, one row per line; nothing is filtered.

    Args:
        name: the name of the test set, for error messages.
        test_set: its settings.
        paths: the path of each of its files.
        dataset: the dataset whose normalisation and direction are used.
        train: the dataset's training pairs, normalised sentences in columns `source` and `target`.

    Returns:
        `line` (from 1), `source` and `target` (normalised), `source_raw`, `target_raw`, and
        `overlap_source` and `overlap_target`: whether the training set has the sentence on the same
        side, by the deduplication key that also keeps the splits of a dataset apart.

    Raises:
        UserError: a line is malformed (without it the test set would be shifted or shortened),
            files differ in length, or there are no lines.
    """
    where = f"of test set {name}"
    corpus = test_set.corpus()
    read, malformed = read_corpus(where, corpus, paths, None)
    if len(malformed):
        first = malformed.iloc[0]
        raise UserError(
            f"test set {name}: {first['file']}, line {first['line']} {first['problem']}; correct "
            f"it ({len(malformed)} such lines)"
        )
    raw = {language: as_arrow(read[language]) for language in (dataset.source, dataset.target)}
    check_mostly_latin(f"test set {name}", dataset.normalisation, raw)
    columns: dict[str, object] = {"line": read["pair"] + 1}
    for side, language in (("source", dataset.source), ("target", dataset.target)):
        texts = normalise(raw[language], dataset.normalisation)
        columns[side] = texts.to_pandas().array
        columns[f"{side}_raw"] = read[language]
        columns[f"overlap_{side}"] = _seen(texts, train[side])
    return pd.DataFrame(columns)


def _seen(texts: pa.ChunkedArray, training: pd.Series) -> "pd.Series[bool]":
    keys = deduplication_keys(texts)
    found = pc.is_in(keys, value_set=deduplication_keys(as_arrow(training)).unique())
    return pd.Series(pc.and_(found, pc.not_equal(keys, "")).to_numpy())
