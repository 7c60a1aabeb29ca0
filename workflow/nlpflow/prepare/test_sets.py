"""A test set of one's own: read, normalised as a dataset, and held against its training set."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.corpora.pairs import read_corpus
from nlpflow.errors import UserError
from nlpflow.settings.data import PairDataset
from nlpflow.settings.test_sets import OwnTestSet
from nlpflow.text.normalisation import fold, normalise


def prepare_test_set(
    name: str,
    test_set: OwnTestSet,
    paths: Mapping[str, Path],
    dataset: PairDataset,
    train: pd.DataFrame,
) -> pd.DataFrame:
    """The pairs of a test set, a row a line; nothing is filtered.

    Args:
        name: the test set in error messages.
        test_set: its settings.
        paths: where each of its files lies.
        dataset: whose normalisation and direction are used.
        train: the dataset's training pairs, normalised sentences in columns `source` and `target`.

    Returns:
        `line` (from 1), `source` and `target` (normalised), `source_raw`, `target_raw`, and
        `overlap_source` and `overlap_target`: whether the sentence stands in the training set on
        the same side, under the key that also keeps the splits of a dataset apart.

    Raises:
        UserError: a line is malformed (it would shift or shorten the test set), files differ in
            length, or there are no lines.
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
    columns: dict[str, object] = {"line": read["pair"] + 1}
    for side, language in (("source", dataset.source), ("target", dataset.target)):
        texts = _arrow(read[language])
        columns[side] = normalise(texts, dataset.normalisation).to_pandas().array
        columns[f"{side}_raw"] = read[language]
        columns[f"overlap_{side}"] = _seen(columns[side], train[side])
    return pd.DataFrame(columns)


def _seen(texts: object, training: pd.Series) -> "pd.Series[bool]":
    keys = fold(_arrow(texts))
    found = pc.is_in(keys, value_set=fold(_arrow(training)).unique())
    return pd.Series(pc.and_(found, pc.not_equal(keys, "")).to_numpy())


def _arrow(column: object) -> pa.ChunkedArray:
    array = pa.array(column, pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
