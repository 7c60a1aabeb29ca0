import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from made_pairs import as_tables, make_pairs, pair_corpus
from nlpflow.corpora.pairs import PAIR_SCHEMA
from nlpflow.errors import UserError
from nlpflow.prepare import keys, leakage, normalised
from nlpflow.prepare import pairs as prepared_pairs
from nlpflow.prepare.partitions import Partitions, text_hashes
from nlpflow.settings.data import FilterSettings, PairDataset, PairSplitSettings
from nlpflow.text.arrays import Hashes

SENTENCE = st.text(st.sampled_from("aàÀbB?! .ß\u00a0\u202fé日本1"), max_size=4)
SPLIT = st.sampled_from(["train", "dev", "test"])
ROWS = st.lists(st.tuples(SENTENCE, SENTENCE, SPLIT), min_size=8, max_size=40)

NONE = pd.DataFrame(columns=["file", "line", "problem", "text"])


def pairs(rows: list[tuple[str, str, str]], own_split: bool) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["eng", "fra", "split"], dtype="str")
    nothing = pd.Series([None] * len(rows), dtype="str")
    if not own_split:
        table["split"] = nothing
    table.insert(0, "pair", np.arange(len(rows)))
    return table.assign(**{name: nothing for name in PAIR_SCHEMA.names[3:] if name != "split"})


@settings(max_examples=25)  # each prepares a dataset
@given(ROWS, st.booleans(), st.sampled_from(["tutorial", "cased"]))
def test_no_dataset_leaks(
    rows: list[tuple[str, str, str]], own_split: bool, normalisation: str
) -> None:
    table = pairs(rows, own_split)
    dataset = PairDataset(
        kind="pairs",
        corpus="c",
        source="fra",
        target="eng",
        normalisation=normalisation,
        split=PairSplitSettings(dev=0.3, test=0.3),
    )
    try:
        prepared = make_pairs(dataset, pair_corpus(own_split), table, NONE)
    except UserError as error:
        assume("no pairs in" not in str(error))
        assume("are not Latin" not in str(error))  # test_losses.py has those that are refused
        raise
    leakage.check(as_tables(prepared.splits))
    for split in ("dev", "test"):
        found = prepared.references[prepared.references["split"] == split]
        part = prepared.splits[split]
        assert set(found["source"]) == set(part["source"])
        known = set(found[["source", "target"]].itertuples(index=False, name=None))
        assert set(part[["source", "target"]].itertuples(index=False, name=None)) <= known
    if own_split:
        for split, part in prepared.splits.items():
            assert {rows[pair][2] for pair in part["pair"]} == {split}


FILTERS = st.fixed_dictionaries(
    {
        "fewer_tokens_than": st.none() | st.integers(2, 4),
        "prefixes": st.sampled_from([{}, {"fra": ("a", "b")}]),
        "prefixes_in": st.sampled_from([("dev", "test"), ("train", "dev", "test")]),
        "drop_empty": st.booleans(),
        "drop_duplicates": st.booleans(),
        "drop_copies": st.booleans(),
        "max_length_ratio": st.none() | st.just(2.0),
    }
)
SETTINGS = st.fixed_dictionaries(
    {
        "autoencode": st.booleans(),
        "max_training": st.none() | st.integers(1, 5),
        "split": st.sampled_from(
            [PairSplitSettings(dev=0.3, test=0.3, by=by) for by in ("sentence", "source")]
        ),
        "filters": FILTERS.map(lambda values: FilterSettings(**values)),
    }
)


@settings(max_examples=25)
@given(ROWS, st.booleans(), SETTINGS, st.sampled_from([1, 7]))
def test_neither_batches_nor_files_change_a_byte(
    rows: list[tuple[str, str, str]], own_split: bool, values: dict[str, Any], most: int
) -> None:
    """All rows at once in memory; and 1 or 7 at a time, in files, with a hash of one bit."""
    languages = {"source": "fra", "target": "eng", "normalisation": "cased"}
    dataset = PairDataset(kind="pairs", corpus="c", **languages, **values)
    table = pairs(rows + rows[:3], own_split)
    found = []
    for batches, limits in ((None, {}), (most, {"most": 0, "hashed": one_bit})):
        with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
            limited = partial(Partitions, **limits)
            for module in (keys, normalised, prepared_pairs):
                patch.setattr(module, "Partitions", limited)
            try:
                made = make_pairs(
                    dataset,
                    pair_corpus(own_split),
                    table,
                    NONE,
                    Path(name),
                    batches,
                )
            except UserError as error:
                found.append(str(error))
                continue
            files = {path.name: path.read_bytes() for path in Path(name).iterdir()}
            found.append((made.summary, files))
    assert found[0] == found[1]


def one_bit(column: pa.Array) -> Hashes:
    return text_hashes(column) & np.uint64(1)
