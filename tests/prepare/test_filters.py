import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from made_pairs import Made, make_pairs, pair_corpus
from nlpflow.corpora.pairs import PAIR_SCHEMA
from nlpflow.errors import UserError
from nlpflow.prepare.filters import filter_steps
from nlpflow.prepare.splits import SPLITS
from nlpflow.settings.data import FilterSettings, PairDataset

PAIRS = [
    ("je vais", "i go"),
    ("", "nothing"),
    ("tu vas", " "),
    ("je vais", "i go"),
    ("je vais", "i am going"),
    ("ok", "ok"),
    ("il est un tres long ami", "he is"),
]
OFF = FilterSettings(drop_empty=False, drop_duplicates=False, drop_copies=False)


def sides(pairs: list[tuple[str, str]] = PAIRS) -> list[pa.Array]:
    return [pa.array(side, pa.large_string()) for side in zip(*pairs, strict=True)]


def kept(settings: FilterSettings) -> list[int]:
    """Numbers of the pairs of `PAIRS` that pass the steps that look at a pair alone."""
    passed = np.ones(len(PAIRS), np.bool_)
    for step in filter_steps(settings, "fra", "eng"):
        assert step.passes is not None
        passed &= step.passes(*sides())
    return np.flatnonzero(passed).tolist()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6]),
        ({"fewer_tokens_than": 3}, [0, 1, 2, 3, 5]),  # " " has two tokens, as in the tutorial
        ({"fewer_tokens_than": 2}, [1, 5]),
        ({"prefixes": {"eng": ("i am", "he is")}}, [4, 6]),
        ({"prefixes": {"eng": ("i ", "he is"), "fra": ("je",)}}, [0, 3, 4]),
        ({"prefixes": {"eng": ()}}, []),
        ({"drop_empty": True}, [0, 3, 4, 5, 6]),
        ({"drop_copies": True}, [0, 1, 2, 3, 4, 6]),
        ({"max_length_ratio": 1.75}, [0, 3, 4, 5]),  # 7 and 4 characters are just within
        ({"max_length_ratio": 1.5}, [4, 5]),
    ],
)
def test_each_step(changes: dict, expected: list[int]) -> None:
    assert kept(FilterSettings(**(OFF.model_dump() | changes))) == expected


def made(settings: FilterSettings, *splits: str) -> Made:
    """The dataset of `PAIRS`, which are a corpus's own training set if there are `splits`.

    Behind them come 60 pairs that pass every step, of one word each, 20 in each split.
    """
    others = [(f"s{n} s{n}", f"t{n} t{n}") for n in range(60)]
    table = pd.DataFrame([*PAIRS, *others], columns=["fra", "eng"], dtype="str")
    table.insert(0, "pair", np.arange(len(table)))
    given = ["train"] * len(PAIRS) + [name for name in SPLITS for _ in range(20)]
    nothing = pd.Series([None] * len(table), dtype="str")
    table = table.assign(**dict.fromkeys(PAIR_SCHEMA.names[3:], nothing))
    if splits:
        table["split"] = pd.Series(given, dtype="str")
    languages = {"source": "fra", "target": "eng", "normalisation": "cased"}
    dataset = PairDataset(kind="pairs", corpus="c", filters=settings, **languages)
    malformed = pd.DataFrame(columns=["file", "line", "problem", "text"])
    corpus = pair_corpus(bool(splits), splits, ("fra", "eng"))
    return make_pairs(dataset, corpus, table, malformed)


def test_report_of_all_steps() -> None:
    settings = FilterSettings(
        fewer_tokens_than=6, prefixes={"fra": ("", "je")}, max_length_ratio=2.5
    )
    report = made(settings).report
    report.loc[:, ["pairs", "source_types", "target_types"]] -= 60
    assert report[:-3].values.tolist() == [
        # step, setting, dropped, pairs, source types, target types (with the empty one)
        ["read", "", 0, 7, 12, 9],
        ["fewer_tokens_than", "6", 1, 6, 6, 7],
        ["prefixes", "fra: |je", 0, 6, 6, 7],
        ["drop_empty", "", 2, 4, 3, 5],
        ["drop_duplicates", "", 1, 3, 3, 5],
        ["drop_copies", "", 1, 2, 2, 4],
        ["max_length_ratio", "2.5", 0, 2, 2, 4],
    ]
    assert report["pairs"][-3:].sum() + 180 == 2 + 60


def test_steps_that_are_off_are_not_reported() -> None:
    assert made(OFF).report["step"].tolist() == ["read", *SPLITS]


def test_prefixes_of_a_foreign_language() -> None:
    with pytest.raises(UserError, match="prefixes for deu"):
        filter_steps(FilterSettings(prefixes={"deu": ("ich",)}), "fra", "eng")


@pytest.mark.parametrize(("split", "expected"), [("train", [4]), ("dev", [0, 1, 2, 3, 4, 5, 6])])
def test_prefixes_of_some_splits(split: str, expected: list[int]) -> None:
    """`PAIRS` are a training set."""
    prefixes = {"eng": ("i am", "t")}
    some = OFF.model_copy(update={"prefixes": prefixes, "prefixes_in": (split,)})
    prepared = made(some, *SPLITS)
    assert [n for n in prepared.splits["train"]["pair"] if n < len(PAIRS)] == expected
    row = prepared.report[prepared.report["step"] == "prefixes"].iloc[0]
    assert row["setting"] == f"eng: i am|t (in {split})"
    assert row["dropped"] == len(PAIRS) - len(expected)
