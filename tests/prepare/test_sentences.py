from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from nlpflow.errors import UserError
from nlpflow.prepare import leakage
from nlpflow.prepare.sentences import (
    COLUMNS,
    PreparedSentences,
    clean,
    pool,
    prepare_sentences,
    prepare_test,
    write,
)
from nlpflow.settings.data import SentenceDataset, SplitSettings
from nlpflow.tables import as_arrow

MALFORMED = pd.DataFrame([("f", 3, "bad", "x")], columns=["file", "line", "problem", "text"])
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def sentences(language: str, count: int = 100) -> list[tuple[str, str]]:
    return [(f"{language} {a} {b}.", language) for a in NUMBERS for b in NUMBERS[: count // 10]]


def table(rows: list[tuple[str, str]]) -> pd.DataFrame:
    """What `read_sentences` returns."""
    frame = pd.DataFrame(rows, columns=["raw", "language"], dtype="str")
    return frame.assign(attribution=pd.Series([None] * len(frame), dtype="str"))


def made(rows: list[tuple[str, str]], **settings: object) -> PreparedSentences:
    dataset = SentenceDataset(**({"kind": "sentences", "corpora": ["c"]} | settings))
    pooled = pool({"c": (table(rows), MALFORMED)}, dataset.normalisation)
    return prepare_sentences("d", dataset, *pooled)


def everything(prepared: PreparedSentences) -> pd.DataFrame:
    return pd.concat(prepared.splits.values(), ignore_index=True)


def test_tables() -> None:
    prepared = made([*sentences("eng"), *sentences("fra")], normalisation="tutorial")
    found = everything(prepared)
    assert list(found) == COLUMNS
    assert len(found) == 200
    assert set(found["language"]) == {"eng", "fra"}
    assert "eng one two ." in set(found["sentence"])
    assert "eng one two." in set(found["raw"])
    assert set(found["corpus"]) == {"c"}
    assert list(leakage.check(prepared.splits)) == ["train/dev", "train/test", "dev/test"]


def test_what_is_dropped_and_reported() -> None:
    extra = [
        ("  ", "eng"),
        ("eng one one.", "eng"),  # again
        ("eng  one\u00a0one.", "eng"),  # the same after normalising
        ("No.", "eng"),
        ("No.", "fra"),  # whose is it?
        ("No!", "fra"),  # another text, in the same split
    ]
    prepared = made([*sentences("eng"), *sentences("fra"), *extra])
    report = prepared.report.set_index("step")
    steps = ["read", "drop_empty", "drop_duplicates", "in two languages", "train", "dev", "test"]
    assert list(report.index) == steps
    assert report["dropped"].tolist() == [1, 1, 2, 2, 0, 0, 0]  # one malformed line
    assert report["sentences"].tolist()[:4] == [206, 205, 203, 201]
    assert report[["eng", "fra"]].to_numpy().tolist()[3] == [100, 101]
    assert report["sentences"].tail(3).sum() == 201
    texts = set(everything(prepared)["sentence"])
    assert "No!" in texts
    assert "No." not in texts
    assert prepared.malformed.equals(MALFORMED)


def test_one_text_under_two_spellings_is_in_one_split() -> None:
    rows = [*sentences("eng"), *((text.upper(), "fra") for text, _ in sentences("eng"))]
    for salt in "abc":
        settings = SplitSettings(dev=0.3, test=0.3, salt=salt)
        found = made(rows, split=settings).splits
        leakage.check(found)
        assert sum(map(len, found.values())) == 200


@pytest.mark.parametrize("most", [1, 17, 1000])
def test_training_is_balanced_and_tests_are_not(most: int) -> None:
    rows = [*sentences("eng"), *sentences("fra", 30)]
    full, less = made(rows), made(rows, max_per_language=most)
    for split in ("dev", "test"):
        pd.testing.assert_frame_equal(full.splits[split], less.splits[split])
    before, after = (part.splits["train"]["language"].value_counts() for part in (full, less))
    assert after.to_dict() == before.clip(upper=most).to_dict()
    assert set(less.splits["train"]["raw"]) <= set(full.splits["train"]["raw"])
    row = less.report[less.report["step"] == "max_per_language"].iloc[0]
    assert (row["setting"], row["dropped"]) == (str(most), int((before - after).sum()))


def test_more_are_the_same_and_others() -> None:
    rows = sentences("eng")
    few, many = (made(rows, max_per_language=most).splits["train"] for most in (10, 30))
    assert set(few["raw"]) < set(many["raw"])


def test_order_does_not_matter() -> None:
    rows = [*sentences("eng"), *sentences("fra")]
    one, other = made(rows, max_per_language=20), made(rows[::-1], max_per_language=20)
    for split in one.splits:
        assert set(one.splits[split]["raw"]) == set(other.splits[split]["raw"])


def test_a_language_without_sentences_is_named() -> None:
    with pytest.raises(UserError, match=r"dataset d: no .* sentences in fra"):
        made([*sentences("eng"), ("Un.", "fra")])


def test_corpora_are_pooled() -> None:
    tables = {
        "a": (table([("One\u202f!", "eng")]), MALFORMED),
        "b": (table([("Un.", "fra"), ("Two.", "eng")]), MALFORMED),
    }
    pooled, malformed = pool(tables, "cased")
    assert pooled[["sentence", "language", "corpus"]].to_numpy().tolist() == [
        ["One !", "eng", "a"],
        ["Un.", "fra", "b"],
        ["Two.", "eng", "b"],
    ]
    assert len(malformed) == 2


def test_a_test_set_is_apart_from_training() -> None:
    pooled, _ = pool(
        {"c": (table([("Yes", "eng"), ("no", "eng"), ("", "eng")]), MALFORMED)}, "cased"
    )
    training = [pd.DataFrame({"sentence": ["NO!"]}), pd.DataFrame({"sentence": ["maybe"]})]
    prepared = prepare_test(pooled, MALFORMED, training)
    assert prepared.splits["test"]["raw"].tolist() == ["Yes"]
    assert prepared.report[["step", "dropped", "eng"]].to_numpy().tolist() == [
        ["read", 1, 3],
        ["drop_empty", 1, 2],
        ["also in training", 1, 1],
        ["also in training", 0, 1],
        ["test", 0, 1],
    ]


def test_clean_text_has_no_space_around_it() -> None:
    raw = as_arrow(pd.Series([" Hello ! ", "Ça va\u202f?"]))
    assert clean(raw, "tutorial").to_pylist() == ["hello !", "ca va ?"]
    assert clean(raw, "cased").to_pylist() == ["Hello !", "Ça va ?"]


def test_files_are_the_same_each_time(tmp_path: Path) -> None:
    for name in "ab":
        write(made([*sentences("eng"), ("a\rb", "eng")], normalisation="cased"), tmp_path / name)
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert names == {
        *(f"{split}.{kind}" for split in ("train", "dev", "test") for kind in ("parquet", "tsv")),
        "filter_report.tsv",
        "malformed.tsv",
    }
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    read = pq.read_table(tmp_path / "a/train.parquet")
    assert read.column_names == COLUMNS
