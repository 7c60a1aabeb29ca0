import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from made_pairs import as_tables, make_pairs
from nlpflow.corpora.pairs import PAIR_SCHEMA
from nlpflow.errors import UserError
from nlpflow.prepare import leakage
from nlpflow.settings.data import PairDataset, PairSplitSettings
from nlpflow.settings.registry import Corpus, CorpusFile

SENTENCE = st.text(st.sampled_from("aàÀbB?! .ß\u00a0\u202fé日本1"), max_size=4)
SPLIT = st.sampled_from(["train", "dev", "test"])
ROWS = st.lists(st.tuples(SENTENCE, SENTENCE, SPLIT), min_size=8, max_size=40)

NONE = pd.DataFrame(columns=["file", "line", "problem", "text"])


def corpus(own_split: bool) -> Corpus:
    files = [CorpusFile(address=s, split=s) for s in ("train", "dev", "test")]
    return Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader="tsv",
        languages=("eng", "fra"),
        files=files if own_split else [CorpusFile(address="f")],
    )


@settings(max_examples=25)  # each prepares a dataset
@given(ROWS, st.booleans(), st.sampled_from(["tutorial", "cased"]))
def test_no_dataset_leaks(
    rows: list[tuple[str, str, str]], own_split: bool, normalisation: str
) -> None:
    table = pd.DataFrame(rows, columns=["eng", "fra", "split"], dtype="str")
    if not own_split:
        table["split"] = pd.Series([None] * len(rows), dtype="str")
    table = table.assign(pair=np.arange(len(rows))).reindex(columns=["pair", "eng", "fra", "split"])
    for name in set(PAIR_SCHEMA.names[3:]) - {"split"}:
        table[name] = pd.Series([None] * len(rows), dtype="str")
    dataset = PairDataset(
        kind="pairs",
        corpus="c",
        source="fra",
        target="eng",
        normalisation=normalisation,
        split=PairSplitSettings(dev=0.3, test=0.3),
    )
    try:
        prepared = make_pairs(dataset, corpus(own_split), table, NONE)
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
