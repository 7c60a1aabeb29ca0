"""Datasets of tagged words: what is dropped, changed, known from training, and written."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from made_pairs import as_tables
from nlpflow.corpora.tagged import TaggedCorpus
from nlpflow.errors import UserError
from nlpflow.prepare import leakage
from nlpflow.prepare.tagged import (
    REPORT,
    PreparedTags,
    Sentence,
    mark_test_set,
    normalise_words,
    prepare_tags,
    prepare_test_tags,
    read_prepared,
    write_prepared,
    write_sentences,
)
from nlpflow.settings.data import TaggedDataset

SENTENCES = [
    ("train", "The dog barks !"),
    ("train", "He ran 10 000 miles in 2018"),
    ("dev", "the Dog barks"),
    ("dev", "A cat"),
    ("test", "1 cat"),
    ("test", "He ran ."),
]


def corpus(
    sentences: list[tuple[str | None, str]] = SENTENCES, documents: list[int | None] | None = None
) -> TaggedCorpus:
    words = [text.split() for _, text in sentences]
    table = pd.DataFrame(
        {
            "sentence": np.arange(len(words)),
            "split": pd.Series([split for split, _ in sentences], dtype="str"),
            "document": pd.array(documents or [None] * len(words), dtype="Int64"),
            "words": words,
            "tags": [[f"T{len(word)}" for word in row] for row in words],
        }
    )
    malformed = pd.DataFrame({"file": ["x"], "line": [3], "problem": ["p"], "text": ["t"]})
    return TaggedCorpus(table, malformed, dropped=2, renamed=3, repaired=4)


def dataset(**values) -> TaggedDataset:
    return TaggedDataset(kind="labelled", corpus="c", tags="upos", **values)


def steps(report: pd.DataFrame) -> dict[str, list]:
    return {row[0]: row[1:] for row in report.values.tolist()}


def test_splits_stay_and_known_sentences_are_marked() -> None:
    prepared = prepare_tags("d", dataset(), corpus())
    assert list(prepared.splits) == ["train", "dev", "test"]
    assert prepared.splits["dev"]["sentence"].tolist() == [2, 3]
    assert prepared.splits["dev"]["words"].tolist() == [["the", "Dog", "barks"], ["A", "cat"]]
    marks = {split: table["in_train"].tolist() for split, table in prepared.splits.items()}
    assert marks == {"train": [False] * 2, "dev": [True, False], "test": [False, False]}
    report = steps(prepared.report)
    assert list(prepared.report) == REPORT
    assert report["read"] == ["", 2, 0, 6, 21, 17]
    assert (report["rename"][2], report["repair"][2]) == (3, 4)
    assert report["train"][3:] == [2, 11, 11]
    assert report["dev, also in train"][3:] == [1, 3, 3]
    assert report["test, also in train"][3:] == [0, 0, 0]


def test_digits_and_long_sentences() -> None:
    prepared = prepare_tags("d", dataset(normalisation="digits", max_words=5), corpus())
    assert prepared.splits["train"]["words"].tolist() == [["The", "dog", "barks", "!"]]
    assert prepared.splits["test"]["words"].tolist()[0] == ["0", "cat"]
    report = steps(prepared.report)
    assert report["normalisation"] == ["digits", 0, 3, 6, 21, 17]
    assert report["max_words"][:4] == ["5", 1, 0, 5]
    with pytest.raises(UserError, match="max_words 1 leaves no sentence"):
        prepare_tags("d", dataset(max_words=1), corpus())


def test_fewer_training_sentences_are_a_part_of_more() -> None:
    sentences = [("train", f"sentence {number}") for number in range(50)]
    sentences += [("dev", "two words"), ("test", "two more words")]
    kept = {}
    for most in (5, 20, 50, 99):
        prepared = prepare_tags("d", dataset(max_training=most), corpus(sentences))
        kept[most] = [" ".join(words) for words in prepared.splits["train"]["words"]]
        assert steps(prepared.report)["max_training"][:2] == [str(most), max(50 - most, 0)]
        assert [len(prepared.splits[split]) for split in ("dev", "test")] == [1, 1]
    assert [len(set(found)) for found in kept.values()] == [5, 20, 50, 50]
    assert set(kept[5]) < set(kept[20]) < set(kept[50])
    assert kept[20] != kept[50][:20]  # drawn from the whole file, in its order
    assert kept[20] == [sentence for sentence in kept[50] if sentence in kept[20]]


def test_normalised_words() -> None:
    assert normalise_words(["B-52", "१२", "x²"], "digits") == ["B-00", "00", "x²"]
    assert normalise_words(["B-52"], "none") == ["B-52"]
    for name in ("none", "digits"):
        assert normalise_words(["cafe\u0301"], name) == ["caf\u00e9"]


def test_decomposed_words_are_the_words_of_others() -> None:
    """As the files of several annotators spell them; what is changed is reported."""
    sentences = [("train", "un caf\u00e9"), ("dev", "Un cafe\u0301 !"), ("test", "rien")]
    prepared = prepare_tags("d", dataset(), corpus(sentences))
    assert prepared.splits["dev"]["words"].tolist() == [["Un", "caf\u00e9", "!"]]
    assert prepared.splits["dev"]["in_train"].tolist() == [True]
    assert steps(prepared.report)["normalisation"][:3] == ["none", 0, 1]
    assert "normalisation" not in steps(prepare_tags("d", dataset(), corpus()).report)


def test_tables_on_disk(tmp_path: Path) -> None:
    prepared = prepare_tags("d", dataset(), corpus())
    for folder in (tmp_path / "one", tmp_path / "two"):
        write_prepared(prepared, folder)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(
        ["filter_report.tsv", "malformed.tsv"]
        + [f"{split}.{kind}" for split in ("train", "dev", "test") for kind in ("parquet", "tsv")]
    )
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert read_prepared(tmp_path / "one/dev.parquet") == [
        Sentence(["the", "Dog", "barks"], ["T3", "T3", "T5"], True),
        Sentence(["A", "cat"], ["T1", "T3"], False),
    ]
    lines = (tmp_path / "one/dev.tsv").read_text().splitlines()
    assert lines[:2] == ["sentence\twords\ttags\tin_train", "2\tthe\tT3\tTrue"]
    assert len(lines) == 6


# A corpus without a split, or with a part of one

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def many(split: str | None = None, count: int = 200) -> list[tuple[str | None, str]]:
    """Different sentences."""
    return [(split, f"{day} has {n} hours") for n in range(count) for day in DAYS][:count]


def sizes(prepared: PreparedTags) -> dict[str, int]:
    return {split: len(part) for split, part in prepared.splits.items()}


def test_sentences_are_divided_by_key() -> None:
    sentences = [*many(), (None, "MONDAY has 1 hours !"), (None, "monday has 1 hours")]
    prepared = prepare_tags("d", dataset(split={"dev": 0.2, "test": 0.2}), corpus(sentences))
    assert sum(sizes(prepared).values()) == 202
    assert all(20 < sizes(prepared)[split] < 60 for split in ("dev", "test"))
    assert not any(part["in_train"].any() for part in prepared.splits.values())
    leakage.check(as_tables(prepared.splits))
    found = {
        split
        for split, part in prepared.splits.items()
        if part["sentence"].isin([7, 200, 201]).any()
    }
    assert len(found) == 1
    assert list(prepared.splits["dev"]) == ["sentence", "words", "tags", "in_train"]
    assert steps(prepared.report)["also in dev or test"][1] == 0
    other = prepare_tags("d", dataset(split={"salt": "other"}), corpus(sentences))
    assert other.splits["test"]["sentence"].tolist() != prepared.splits["test"]["sentence"].tolist()


def test_the_split_of_a_sentence_knows_neither_order_nor_number() -> None:
    def of(sentences: list[tuple[str | None, str]]) -> dict[str, str]:
        prepared = prepare_tags("d", dataset(), corpus(sentences))
        return {
            " ".join(words): split
            for split, part in prepared.splits.items()
            for words in part["words"]
        }

    before, after = of(many()), of(many(count=300)[::-1])
    assert {text: after[text] for text in before} == before


def test_documents_stay_whole_and_shared_sentences_leave() -> None:
    """What many documents have joins none of them; a copy of one stays with it."""
    texts = many(count=200)
    documents: list[int | None] = [n // 5 for n in range(200)]
    for number in range(40):
        texts.append((None, "Thank you ."))
        documents.append(number)
    texts += [(None, text) for _, text in texts[:5]] + [(None, "Thank you .")]
    documents += [40] * 6  # document 0 again
    split = {"dev": 0.2, "test": 0.2}
    prepared = prepare_tags("d", dataset(split=split), corpus(texts, documents))
    parts = prepared.splits
    found = {split: set(part["document"]) for split, part in parts.items()}
    assert all(len(found[split]) >= 3 for split in parts)
    assert not found["train"] & (found["dev"] | found["test"])
    assert not found["dev"] & found["test"]
    assert sum(map(len, found.values())) == 41
    assert any({0, 40} <= numbers for numbers in found.values())
    assert leakage.check(as_tables(parts))["train/test"] == {
        "sentence": 0,
        "sentence_key": 0,
        "document": 0,
    }
    thanks = {split: sum(words[0] == "Thank" for words in parts[split]["words"]) for split in parts}
    assert thanks == {"train": 0, "dev": 0, "test": len(found["test"])}
    assert steps(prepared.report)["also in dev or test"][1] == 41 - len(found["test"])
    by_sentence = prepare_tags(
        "d", dataset(split=split | {"by": "sentence"}), corpus(texts, documents)
    )
    assert sum(sizes(by_sentence).values()) == 246
    assert "document" not in by_sentence.splits["train"]
    leakage.check(as_tables(by_sentence.splits))


def test_sentences_outside_documents_are_divided_one_by_one() -> None:
    documents: list[int | None] = [None] * 150 + [n // 10 for n in range(50)]
    prepared = prepare_tags(
        "d", dataset(split={"dev": 0.2, "test": 0.2}), corpus(many(), documents)
    )
    assert sum(sizes(prepared).values()) == 200
    leakage.check(as_tables(prepared.splits))


@pytest.mark.parametrize("whole", [False, True])
def test_a_dev_set_is_cut_out_of_train(whole: bool) -> None:
    """It shares nothing with train and test; these two are as the corpus has them."""
    train = many("train")
    test = [("test", f"{text.upper()} !") for _, text in train[:20]]
    documents: list[int | None] = [n // 4 if whole else None for n in range(220)]
    read = corpus([*train, *test], documents)
    prepared = prepare_tags("d", dataset(split={"dev": 0.3}), read)
    assert sizes(prepared)["test"] == 20
    assert 30 < sizes(prepared)["dev"] < 90
    counts = leakage.check(as_tables(prepared.splits), may_share=("test", "train"))
    assert counts["train/dev"]["sentence_key"] == counts["dev/test"]["sentence_key"] == 0
    known = prepared.splits["test"]["in_train"].sum()
    assert 0 < known == counts["train/test"]["sentence_key"] < 20
    lost = steps(prepared.report)["also in dev or test"][1]
    assert lost == 20 - known == 220 - sum(sizes(prepared).values())
    assert ("document" in prepared.splits["dev"]) == whole


def test_a_split_without_sentences_says_what_to_do() -> None:
    with pytest.raises(UserError, match=r"no sentences in dev and test, 200 in all; change the s"):
        prepare_tags("d", dataset(split={"dev": 1e-9, "test": 1e-9}), corpus(many()))
    with pytest.raises(UserError, match=r"salt of its split, or set split.by to sentence \(1 doc"):
        prepare_tags("d", dataset(), corpus(many(), [1] * 200))


def test_test_sets_are_all_sentences_or_the_test_files() -> None:
    prepared = prepare_test_tags(corpus([(None, "un cafe\u0301"), (None, "deux")]))
    assert prepared.splits["test"]["words"].tolist() == [["un", "caf\u00e9"], ["deux"]]
    assert list(prepared.splits) == ["test"]
    prepared = prepare_test_tags(corpus())
    assert prepared.splits["test"]["sentence"].tolist() == [4, 5]
    assert steps(prepared.report)["not of a test file"][1] == 4


def test_a_test_set_is_marked_for_a_dataset(tmp_path: Path) -> None:
    train = [Sentence(["The", "dog", "0", "!"], list("abcd"))]
    test = [Sentence(["the", "Dog", "7"], list("abc")), Sentence(["Cats"], ["a"], True)]
    marked = mark_test_set(test, train, "digits")
    assert marked == [
        Sentence(["the", "Dog", "0"], list("abc"), True),
        Sentence(["Cats"], ["a"], False),
    ]
    assert [known.in_train for known in mark_test_set(test, train, "none")] == [False, False]
    write_sentences(tmp_path / "marked.parquet", marked)
    assert read_prepared(tmp_path / "marked.parquet") == marked
