"""Datasets of tagged words: what is dropped, changed, known from training, and written."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nlpflow.corpora.tagged import TaggedCorpus
from nlpflow.errors import UserError
from nlpflow.prepare.tagged import (
    REPORT,
    Sentence,
    normalise_words,
    prepare_tags,
    read_prepared,
    write_tags,
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


def corpus(sentences: list[tuple[str, str]] = SENTENCES) -> TaggedCorpus:
    words = [text.split() for _, text in sentences]
    table = pd.DataFrame(
        {
            "sentence": np.arange(len(words)),
            "split": pd.Series([split for split, _ in sentences], dtype="str"),
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
        write_tags(prepared, folder)
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
