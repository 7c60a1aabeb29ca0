import pandas as pd
import pytest

from nlpflow.errors import UserError
from nlpflow.prepare.filters import apply_filters, count_types
from nlpflow.settings.data import FilterSettings

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


def table(pairs: list[tuple[str, str]] = PAIRS) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["source", "target"], index=range(5, 5 + len(pairs)))


def kept(settings: FilterSettings) -> list[int]:
    """Numbers of the pairs of `PAIRS` that stay."""
    left, _ = apply_filters(table(), settings, "fra", "eng")
    return [number - 5 for number in left.index]


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
        ({"drop_duplicates": True}, [0, 1, 2, 4, 5, 6]),
        ({"drop_copies": True}, [0, 1, 2, 3, 4, 6]),
        ({"max_length_ratio": 1.75}, [0, 3, 4, 5]),  # 7 and 4 characters are just within
        ({"max_length_ratio": 1.5}, [4, 5]),
    ],
)
def test_each_step(changes: dict, expected: list[int]) -> None:
    assert kept(FilterSettings(**(OFF.model_dump() | changes))) == expected


def test_report_of_all_steps() -> None:
    settings = FilterSettings(
        fewer_tokens_than=6, prefixes={"fra": ("", "je")}, max_length_ratio=2.5
    )
    left, report = apply_filters(table(), settings, "fra", "eng")
    assert report.values.tolist() == [
        # step, setting, dropped, pairs, source types, target types (with the empty one)
        ["read", "", 0, 7, 12, 9],
        ["fewer_tokens_than", "6", 1, 6, 6, 7],
        ["prefixes", "fra: |je", 0, 6, 6, 7],
        ["drop_empty", "", 2, 4, 3, 5],
        ["drop_duplicates", "", 1, 3, 3, 5],
        ["drop_copies", "", 1, 2, 2, 4],
        ["max_length_ratio", "2.5", 0, 2, 2, 4],
    ]
    assert left.values.tolist() == [["je vais", "i go"], ["je vais", "i am going"]]


def test_steps_that_are_off_are_not_reported() -> None:
    _, report = apply_filters(table(), OFF, "fra", "eng")
    assert report["step"].tolist() == ["read"]


def test_no_pairs() -> None:
    left, report = apply_filters(table([]).astype("str"), FilterSettings(), "fra", "eng")
    assert left.empty
    assert report["pairs"].tolist() == [0, 0, 0, 0]


def test_prefixes_of_a_foreign_language() -> None:
    with pytest.raises(UserError, match="prefixes for deu"):
        apply_filters(table(), FilterSettings(prefixes={"deu": ("ich",)}), "fra", "eng")


def test_prefixes_of_some_splits() -> None:
    pairs = table().assign(split=["train", "train", "dev", "dev", "dev", "test", "test"])
    one_split = FilterSettings(prefixes={"eng": ("i am", "he is")}, prefixes_in=("dev", "test"))
    left, report = apply_filters(pairs, one_split, "fra", "eng")
    assert [number - 5 for number in left.index] == [0, 4, 6]  # 1 is empty
    row = report[report["step"] == "prefixes"].iloc[0]
    assert row["setting"] == "eng: i am|he is (in dev and test)"
    assert row["dropped"] == 3


def test_count_types() -> None:
    assert count_types(table([("a b a", "c"), ("a ", "c  d")])) == [3, 3]
