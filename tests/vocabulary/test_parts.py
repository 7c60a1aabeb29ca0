"""Vocabularies of parts of words, and ids for copying."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.text.parts import MARKS
from nlpflow.vocabulary import (
    EOS,
    SOS,
    SPECIALS,
    UNK,
    Parts,
    build_vocabulary,
    coverage,
    load_vocabulary,
)
from nlpflow.vocabulary.copying import extend, extended_pair
from nlpflow.vocabulary.encoded import EncodedPairs, encode_table, is_encoded, write_encoded

REQUESTS = pa.chunked_array([pa.array(["list a.txt", "list b.txt"])])
COMMANDS = pa.chunked_array([pa.array(["ls -l a.txt", "ls -l b.txt"])])
SETTINGS = VocabularySettings(dataset="d", kind="parts", min_count=2)


def built() -> tuple[Parts, Parts]:
    source, target = (
        build_vocabulary(column, SETTINGS, side)
        for column, side in ((REQUESTS, "source"), (COMMANDS, "target"))
    )
    assert isinstance(source, Parts)
    assert isinstance(target, Parts)
    return source, target


def test_parts_by_frequency() -> None:
    """The marks for unusual spaces are always known."""
    source, target = built()
    assert source.listed == (*MARKS, ".", "list", "txt")
    assert target.listed == (*MARKS, "-", ".", "l", "ls", "txt")
    assert len(target) == len(SPECIALS) + 7
    assert [target.token(index) for index in range(4)] == list(SPECIALS)
    with pytest.raises(IndexError):
        target.token(11)


def test_encode_and_decode() -> None:
    source, target = built()
    ids = target.encode("ls -l x.txt")
    assert ids.count(UNK) == 1
    assert target.decode([SOS, *ids, EOS]) == "ls -l <unk>.txt"
    assert target.unknown("ls -l x.txt") == ["x"]
    assert source.decode(source.encode("list.txt .list")) == "list.txt .list"
    flat, offsets = target.encode_column(COMMANDS)
    assert flat[offsets[1] : offsets[2]].tolist() == target.encode("ls -l b.txt")


def test_saved_and_loaded(tmp_path: Path) -> None:
    for vocabulary in built():
        vocabulary.save(tmp_path / "v")
        assert load_vocabulary(tmp_path / "v") == vocabulary


def test_coverage_counts_unknown_parts() -> None:
    source, _ = built()
    found = coverage(source, REQUESTS)
    assert found["tokens"] == 8
    assert found["unknown"] == found["unknown_types"] == 2


def test_size_and_rare_parts() -> None:
    settings = VocabularySettings(dataset="d", kind="parts", max_size=9)
    assert len(build_vocabulary(COMMANDS, settings, "target")) == 9
    rare = VocabularySettings(dataset="d", kind="parts", min_count=9)
    with pytest.raises(UserError, match="d, source side: no part of a word occurs 9 times"):
        build_vocabulary(REQUESTS, rare, "source")


def test_extended_vocabulary() -> None:
    """Unknown source words get ids behind the target vocabulary, each word one id."""
    _, target = built()
    size = len(target)
    assert extend(["zz", ".", "y", "zz"], target) == (
        [size, target.encode(".")[0], size + 1, size],
        ("zz", "y"),
    )
    copies, words = extended_pair(["list", "zz"], ["ls", "zz", "q"], target)
    assert copies == [size, size + 1]
    assert words == [*target.encode("ls"), size + 1, UNK]


def test_encoded_copies(tmp_path: Path) -> None:
    source, target = built()
    table = tmp_path / "train.parquet"
    pa.parquet.write_table(pa.table({"source": REQUESTS, "target": COMMANDS}), table)
    (encoded,) = encode_table(table, source, target)
    write_encoded(tmp_path, "train", [encoded])
    assert is_encoded(tmp_path, "train", [encoded])
    assert not is_encoded(tmp_path, "train", [encoded._replace(copies=None)])
    pairs = EncodedPairs.open(tmp_path, "train")
    assert pairs.copies is not None
    ids, lengths = pairs.copies.src.padded(np.array([1]))
    assert lengths.tolist() == [5]
    copies, words = extended_pair(source.tokens("list b.txt"), target.tokens("ls -l b.txt"), target)
    assert ids[0].tolist() == [*copies, EOS]
    assert pairs.copies.tgt.padded(np.array([1]))[0][0].tolist() == [*words, EOS]
    assert len(target) + 1 in words  # the second unknown word of the source, after `list`
