"""Steps that take most of a dataset are told of; letters that would be dropped are refused."""

import logging
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from nlpflow.errors import UserError
from nlpflow.prepare.losses import LOSS_COLUMNS, check_mostly_latin, read_losses, warn_of_losses
from nlpflow.tables import write_tsv

PAIRS = ["step", "setting", "dropped", "pairs", "source_types", "target_types"]
JAPANESE = pd.DataFrame(
    [
        ("read", "", 0, 76_428, 70_000, 60_000),
        ("fewer_tokens_than", "30", 300, 76_128, 9, 9),  # most of the types, not of the pairs
        ("drop_empty", "", 76_000, 128, 8, 8),
        ("drop_duplicates", "", 7, 121, 8, 8),
        ("train", "", 0, 97, 8, 8),
        ("dev", "", 0, 12, 8, 8),
    ],
    columns=PAIRS,
)
LANGUAGES = pd.DataFrame(
    [
        ("read", "", 0, 1000, 900, 100),
        ("drop_empty", "", 80, 920, 900, 20),  # little of all, most of one language
        ("drop_duplicates", "", 10, 910, 890, 20),
        ("max_per_language", "100", 790, 120, 100, 20),  # so many are asked for
        ("not of a test file", "", 100, 20, 18, 2),  # as are these
        ("train", "", 0, 96, 80, 16),
    ],
    columns=["step", "setting", "dropped", "sentences", "eng", "jpn"],
)


def test_most_of_a_dataset(caplog) -> None:
    with caplog.at_level(logging.WARNING):
        warn_of_losses("japanese", JAPANESE)
    assert caplog.messages == [
        "warning: dataset japanese: step drop_empty drops 76,000 of 76,128 pairs (99.8%); relax or "
        "correct it, unless the loss is intended"
    ]


def test_most_of_a_language(caplog) -> None:
    with caplog.at_level(logging.WARNING):
        warn_of_losses("two", LANGUAGES)
    (message,) = caplog.messages
    assert "dataset two: step drop_empty drops 80 of 100 sentences in jpn (80.0%)" in message


def test_half_is_not_most(caplog) -> None:
    report = pd.DataFrame([("read", "", 0, 10, 9, 9), ("drop_copies", "", 5, 5, 1, 1)])
    warn_of_losses("half", report.set_axis(PAIRS, axis="columns"))
    assert not caplog.messages


def test_losses_of_the_report(tmp_path: Path) -> None:
    files = []
    for name, report in (("japanese", JAPANESE), ("two", LANGUAGES)):
        (tmp_path / name).mkdir()
        files.append(tmp_path / name / "filter_report.tsv")
        write_tsv(report, files[-1])
    found = read_losses(files)
    assert list(found) == LOSS_COLUMNS
    assert found.values.tolist() == [
        ["japanese", "drop_empty", "pairs", 76_128, 76_000, "99.8%"],
        ["two", "drop_empty", "sentences in jpn", 100, 80, "80.0%"],
    ]
    assert read_losses(files[:0]).empty


def test_other_letters_than_latin_ones() -> None:
    texts = {"fra": pa.array(["été !", "123"]), "xx": pa.array(["日本語です。", "Tokyo"])}
    check_mostly_latin("dataset d", "cased", texts)
    check_mostly_latin("dataset d", "tutorial", {"fra": texts["fra"], "none": pa.array(["12", ""])})
    with pytest.raises(
        UserError,
        match=r"dataset d: 54.5% of the letters of xx are not Latin, .* set it to .cased.",
    ):
        check_mostly_latin("dataset d", "tutorial", {"xx": pa.array(["日本語です", "Tokyo", "Ω"])})
    mostly_latin = pa.array(["Tom said Привет"])
    check_mostly_latin("dataset d", "tutorial", {"eng": mostly_latin})
