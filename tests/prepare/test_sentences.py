from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from made_pairs import as_tables
from nlpflow.errors import UserError
from nlpflow.prepare import leakage
from nlpflow.prepare.sentences import (
    SENTENCE_COLUMNS,
    PreparedSentences,
    clean,
    pool,
    prepare_sentences,
    prepare_test,
    write,
)
from nlpflow.settings.data import SentenceDataset, SplitSettings
from nlpflow.tables import as_arrow

pytestmark = pytest.mark.long

MALFORMED = pd.DataFrame([("f", 3, "bad", "x")], columns=["file", "line", "problem", "text"])
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def sentences(language: str, count: int = 100) -> list[tuple[str, str]]:
    return [(f"{language} {a} {b}.", language) for a in NUMBERS for b in NUMBERS[: count // 10]]


def table(rows: list[tuple[str, str]], split: str | None = None) -> pd.DataFrame:
    """What `read_sentences` returns."""
    frame = pd.DataFrame(rows, columns=["raw", "language"], dtype="str")
    of_all = {"attribution": None, "split": split}
    return frame.assign(**{k: pd.Series([v] * len(frame), dtype="str") for k, v in of_all.items()})


def divided(**parts: list[str]) -> pd.DataFrame:
    """What `read_sentences` returns of an English corpus with its own split."""
    rows = ((split, [(text, "eng") for text in texts]) for split, texts in parts.items())
    return pd.concat([table(texts, split) for split, texts in rows], ignore_index=True)


def made(rows: list[tuple[str, str]], **settings: object) -> PreparedSentences:
    dataset = SentenceDataset(**({"kind": "sentences", "corpora": ["c"]} | settings))
    pooled = pool({"c": (table(rows), MALFORMED)}, dataset.normalisation)
    return prepare_sentences("d", dataset, *pooled)


def everything(prepared: PreparedSentences) -> pd.DataFrame:
    return pd.concat(prepared.splits.values(), ignore_index=True)


def test_tables() -> None:
    prepared = made([*sentences("eng"), *sentences("fra")], normalisation="tutorial")
    found = everything(prepared)
    assert list(found) == SENTENCE_COLUMNS
    assert len(found) == 200
    assert set(found["language"]) == {"eng", "fra"}
    assert "eng one two ." in set(found["sentence"])
    assert "eng one two." in set(found["raw"])
    assert set(found["corpus"]) == {"c"}
    assert list(leakage.check(as_tables(prepared.splits))) == [
        "train/dev",
        "train/test",
        "dev/test",
    ]


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
        leakage.check(as_tables(found))
        assert sum(map(len, found.values())) == 200


@pytest.mark.parametrize("most", [1, 7, 17, 1000])
def test_every_split_is_balanced(most: int) -> None:
    rows = [*sentences("eng"), *sentences("fra", 30)]
    full, less = made(rows), made(rows, max_per_language=most)
    dropped = 0
    for split in full.splits:
        before, after = (part.splits[split]["language"].value_counts() for part in (full, less))
        assert after.to_dict() == before.clip(upper=most).to_dict()
        assert set(less.splits[split]["raw"]) <= set(full.splits[split]["raw"])
        dropped += int((before - after).sum())
    row = less.report[less.report["step"] == "max_per_language"].iloc[0]
    assert (row["setting"], row["dropped"]) == (str(most), dropped)


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


def apart(rows: list[tuple[str, str]], *training: tuple[str, str, str]) -> PreparedSentences:
    """A test set apart from training sets: raw sentence, sentence, normalisation."""
    pooled, _ = pool({"c": (table(rows), MALFORMED)}, "cased")
    tables = [
        (pd.DataFrame({"raw": [raw], "sentence": [sentence]}), normalisation)
        for raw, sentence, normalisation in training
    ]
    return prepare_test(pooled, MALFORMED, tables)


def test_a_test_set_is_apart_from_training() -> None:
    prepared = apart(
        [("Yes", "eng"), ("no", "eng"), ("", "eng")],
        ("NO!", "NO!", "cased"),
        ("maybe", "maybe", "cased"),
    )
    assert list(prepared.splits["test"]) == SENTENCE_COLUMNS
    assert prepared.splits["test"]["raw"].tolist() == ["Yes"]
    assert prepared.report[["step", "dropped", "eng"]].to_numpy().tolist() == [
        ["read", 1, 3],
        ["drop_empty", 1, 2],
        ["drop_duplicates", 0, 2],
        ["in two languages", 0, 2],
        ["also in training", 1, 1],
        ["also in training", 0, 1],
        ["test", 0, 1],
    ]


@pytest.mark.parametrize(
    ("text", "raw", "sentence", "normalisation"),
    [
        ("I am 5.", "I am 5.", "i am .", "tutorial"),  # the dataset has no digits
        ("I am 6.", "I am 5.", "i am .", "tutorial"),  # one sentence to a model
        ("ﬁn", "fin", "fin", "tutorial"),  # one sentence to a reader
        ("İki", "iki", "iki", "tutorial"),
        ("It's me", "It's me!", "it's me !", "words"),
        ("日本", "日本。", " ", "tutorial"),  # nothing is left of it
    ],
)
def test_a_test_set_is_compared_as_the_dataset_normalises(
    text: str, raw: str, sentence: str, normalisation: str
) -> None:
    prepared = apart([(text, "eng"), ("Other", "eng")], (raw, sentence, normalisation))
    assert prepared.splits["test"]["raw"].tolist() == ["Other"]


def test_what_a_normalisation_leaves_nothing_of_is_not_all_one_sentence() -> None:
    prepared = apart([("日本", "jpn"), ("にほん", "jpn")], ("中国", "", "tutorial"))
    assert len(prepared.splits["test"]) == 2


def test_a_test_set_has_every_sentence_once_and_in_one_language() -> None:
    prepared = apart([("no", "eng"), ("yes", "eng"), ("yes", "eng"), ("no", "spa"), ("no", "spa")])
    assert prepared.splits["test"][["raw", "language"]].to_numpy().tolist() == [["yes", "eng"]]
    steps = dict(prepared.report[["step", "dropped"]].to_numpy().tolist())
    assert (steps["drop_duplicates"], steps["in two languages"]) == (2, 2)


def test_a_test_set_of_a_divided_corpus_has_its_test_files_alone() -> None:
    pooled, _ = pool({"c": (divided(train=["a"], test=["b", "c"]), MALFORMED)}, "cased")
    prepared = prepare_test(pooled, MALFORMED, [])
    assert prepared.splits["test"]["raw"].tolist() == ["b", "c"]
    assert prepared.report["step"].tolist()[1] == "not of a test file"


def test_a_corpus_keeps_its_own_split_without_leakage() -> None:
    parts = {
        "train": ["a", "leak test", "leak dev", "twice", "leak both"],
        "dev": ["b", "Leak dev!", "leak dev test", "leak both"],
        "test": ["c", "Leak test.", "leak dev test", "leak both"],
    }
    dataset = SentenceDataset(kind="sentences", corpora=["c"])
    pooled = pool({"c": (divided(**parts), MALFORMED)}, "cased")
    prepared = prepare_sentences("d", dataset, *pooled)
    raw = {split: set(part["raw"]) for split, part in prepared.splits.items()}
    assert raw == {
        "train": {"a", "twice"},
        "dev": {"b", "Leak dev!"},
        "test": set(parts["test"]),
    }
    leakage.check(as_tables(prepared.splits))


def test_a_dev_set_is_cut_out_of_train() -> None:
    texts = [text for text, _ in sentences("eng")]
    parts = {"train": [*texts[:80], texts[0].upper()], "test": texts[75:]}
    dataset = SentenceDataset(kind="sentences", corpora=["c"], split=SplitSettings(dev=0.2))
    pooled = pool({"c": (divided(**parts), MALFORMED)}, "cased")
    prepared = prepare_sentences("d", dataset, *pooled)
    sizes = {split: len(part) for split, part in prepared.splits.items()}
    assert sizes["test"] == 25
    assert sizes["train"] + sizes["dev"] == 76
    assert 5 < sizes["dev"] < 30
    leakage.check(as_tables(prepared.splits))


def test_divided_and_whole_corpora_are_pooled_without_leakage() -> None:
    texts = [text for text, _ in sentences("eng")]
    tables = {
        "whole": (table([(text, "eng") for text in texts[50:]]), MALFORMED),
        "divided": (divided(train=texts[:60], test=texts[60:70]), MALFORMED),
    }
    dataset = SentenceDataset(kind="sentences", corpora=[*tables])
    prepared = prepare_sentences("d", dataset, *pool(tables, "cased"))
    assert set(texts[60:70]) <= set(prepared.splits["test"]["raw"])
    leakage.check(as_tables(prepared.splits))


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
    assert read.column_names == SENTENCE_COLUMNS


def test_other_letters_than_latin_ones_need_another_normalisation() -> None:
    rows = [
        *sentences("eng"),
        *((text.replace("eng", "日本語の文です"), "xx") for text, _ in sentences("eng")),
    ]
    with pytest.raises(UserError, match=r"corpora c: .* letters of xx are not Latin.*'cased'"):
        made([(raw[:9], language) for raw, language in rows], normalisation="tutorial")
    assert len(everything(made(rows))) == 200
