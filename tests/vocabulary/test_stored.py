"""A table on disk, read some rows at a time, gives what the whole columns give."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nlpflow import tables
from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import StoredTable
from nlpflow.vocabulary import Vocabulary, build_vocabularies, build_vocabulary, coverage
from nlpflow.vocabulary import subwords as subwords_module
from nlpflow.vocabulary import words as words_module
from nlpflow.vocabulary.encoded import EncodedPairs, encode_table, is_encoded, write_encoded

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
SOURCES = [f"{a} {b} {c}" for a in WORDS for b in WORDS for c in WORDS[:3]]
TARGETS = [text.upper().replace("NE", "né") for text in reversed(SOURCES)]
ALIGNMENTS = [None if number % 3 else "0-0 1-2" for number in range(len(SOURCES))]
SETTINGS = {
    "words": {"max_size": 12},
    "subwords": {"max_size": 280},
    "parts": {"min_count": 2},
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    columns = {"source": SOURCES, "target": TARGETS, "alignment": ALIGNMENTS}
    path = tmp_path / "train.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def vocabularies(kind: str) -> dict[str, Vocabulary]:
    """Those of the whole columns."""
    settings = VocabularySettings(dataset="d", kind=kind, **SETTINGS[kind])
    columns = {"source": pa.array(SOURCES), "target": pa.array(TARGETS)}
    return build_vocabularies(columns, settings)


@pytest.fixture(params=[1, 7, 1000])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", request.param)
    monkeypatch.setattr(words_module, "MOST_WAITING", request.param)
    return request.param


def test_rows_at_once(table: Path, at_once: int) -> None:
    stored = StoredTable(table, ("target",))
    assert len(stored) == len(SOURCES)
    for _ in range(2):
        parts = list(stored)
        assert {len(part) for part in parts[:-1]} <= {at_once}
        assert pa.concat_tables(parts).to_pydict() == {"target": TARGETS}


def test_no_rows_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.parquet"
    pq.write_table(pa.table({"source": pa.array([], pa.string()), "x": pa.array([])}), path)
    (part,) = StoredTable(path, ("source",))
    assert (len(part), part.column_names) == (0, ["source"])
    path.write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"empty\.parquet: damaged.*make it again"):
        list(StoredTable(path))


@pytest.mark.parametrize("kind", SETTINGS)
def test_vocabularies_and_coverage(table: Path, at_once: int, kind: str) -> None:
    stored = StoredTable(table)
    columns = {side: stored.column(side) for side in ("source", "target")}
    settings = VocabularySettings(dataset="d", kind=kind, **SETTINGS[kind])
    whole = vocabularies(kind)
    found = build_vocabularies(columns, settings)
    assert {side: one.digest for side, one in found.items()} == {
        side: one.digest for side, one in whole.items()
    }
    for side in ("source", "target"):
        other = TARGETS if side == "source" else SOURCES
        assert coverage(whole[side], columns["target"]) == coverage(whole[side], pa.array(TARGETS))
        assert coverage(whole[side], pa.array(other))["tokens"] > 0


@pytest.mark.parametrize("most", [1, 7, 50, 299, 300, 301])
def test_subwords_learn_from_evenly_spaced_sentences(
    table: Path, at_once: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subwords_module, "MOST_SENTENCES", most)
    step = 1 + len(SOURCES) // most
    assert subwords_module.evenly_spaced(StoredTable(table).column("source")) == SOURCES[::step]


def test_sentences_that_are_one_word_are_warned_of(table: Path, at_once: int, caplog) -> None:
    pq.write_table(pa.table({"text": ["今日は電車を見ます。"] * 10 + ["Go home."] * 5}), table)
    settings = VocabularySettings(dataset="d")
    build_vocabulary(StoredTable(table).column("text"), settings, "source")
    (message,) = caplog.messages
    assert "source side: 66.7% of the sentences have no space" in message


@pytest.mark.parametrize("kind", SETTINGS)
def test_encoded_arrays(table: Path, at_once: int, kind: str, tmp_path: Path) -> None:
    """The bytes that `np.save` writes for the whole arrays."""
    sides = vocabularies(kind).values()
    write_encoded(tmp_path / "some", "train", encode_table(table, *sides))
    assert is_encoded(tmp_path / "some", "train", encode_table(table, *sides))
    tables.ROWS_AT_ONCE = 10**6  # the fixture's patch restores it
    write_encoded(tmp_path / "whole", "train", encode_table(table, *sides))
    assert is_encoded(tmp_path / "some", "train", encode_table(table, *sides))
    names = sorted(path.name for path in (tmp_path / "some").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert len(names) == {"words": 6, "subwords": 4, "parts": 6}[kind]
    for name in names:
        content = (tmp_path / "some" / name).read_bytes()
        assert content == (tmp_path / "whole" / name).read_bytes()
        saved = io.BytesIO()
        np.save(saved, np.load(tmp_path / "some" / name))
        assert content == saved.getvalue()
    pairs = EncodedPairs.open(tmp_path / "some", "train")
    for side, vocabulary, texts in zip(
        (pairs.src, pairs.tgt), sides, (SOURCES, TARGETS), strict=True
    ):
        last = side.ids[side.offsets[-2] : side.offsets[-1] - 1].tolist()
        assert last == vocabulary.encode(texts[-1])


def test_fewer_or_more_sentences_are_other_arrays(table: Path, tmp_path: Path) -> None:
    sides = vocabularies("words").values()
    rows = list(encode_table(table, *sides))
    write_encoded(tmp_path / "two", "train", [*rows, *rows])
    assert is_encoded(tmp_path / "two", "train", [*rows, *rows])
    assert not is_encoded(tmp_path / "two", "train", rows)
    assert not is_encoded(tmp_path / "two", "train", [*rows, *rows, *rows])
