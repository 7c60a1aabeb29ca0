"""Rows divided by hash: neither the size of pieces nor the hash changes a result."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.prepare import written
from nlpflow.prepare.components import components
from nlpflow.prepare.keys import KeyColumn, Keys
from nlpflow.prepare.partitions import BUFFER_BYTES, Partitions, text_hashes
from nlpflow.prepare.type_counts import TypeCounts
from nlpflow.prepare.written import ParquetTable
from nlpflow.text.arrays import Hashes

TEXT = st.none() | st.text("abé日 ", max_size=3)
TEXTS = st.lists(TEXT, max_size=40)
HASHES: dict[str, Callable[[pa.Array], Hashes]] = {
    "64 bits": text_hashes,
    "one bit": lambda column: text_hashes(column) & np.uint64(1),
    "the same for all": lambda column: np.full(len(column), 7, np.uint64),
}


def pieces(texts: list[str | None], most: int) -> list[pa.ChunkedArray]:
    column = pa.chunked_array([pa.array(texts, pa.large_string())])
    return [column.slice(start, most) for start in range(0, len(texts), most)]


def numbered(texts: list[str | None], at_once: int, most: int, hashed: str) -> Keys:
    with tempfile.TemporaryDirectory() as folder:
        column = KeyColumn(Path(folder), "x", "salt", most=most, hashed=HASHES[hashed])
        for piece in pieces(texts, at_once):
            column.add(piece)
        keys = column.keys()
        return replace(keys, hashes=list(keys.hashes))


@pytest.mark.parametrize("hashed", HASHES)
@given(TEXTS, st.integers(1, 40), st.sampled_from([0, 100, BUFFER_BYTES]))
def test_keys_are_told_apart_as_texts(
    hashed: str, texts: list[str | None], at_once: int, most: int
) -> None:
    """With hashes of few bits nearly all keys collide, and the result is the same."""
    found = numbered(texts, at_once, most, hashed)
    whole = Keys.of(pa.array(texts, pa.large_string()), "salt")
    assert ((found.numbers < 0) == [not text for text in texts]).all()
    assert components([found]).of_rows.tolist() == components([whole]).of_rows.tolist()
    hashes = [pa.concat_tables(keys.hashes) for keys in (found, whole) if keys.count]
    for here, there in zip(found.numbers, whole.numbers, strict=True):
        if here >= 0:
            assert hashes[0].slice(here, 1).equals(hashes[1].slice(there, 1))


@given(st.lists(st.tuples(st.text("ab ", max_size=5), st.integers(0, 2**16 - 1)), max_size=30))
def test_types_are_counted_in_every_set(rows: list[tuple[str, int]]) -> None:
    expected = [
        len({piece for text, sets in rows if sets >> bit & 1 for piece in text.split(" ")})
        for bit in range(16)
    ]
    for most in (0, BUFFER_BYTES):
        with tempfile.TemporaryDirectory() as folder:
            counts = TypeCounts(Partitions(Path(folder), "x", most))
            for text, sets in rows:
                counts.add(pa.array([text], pa.large_string()), np.array([sets], np.uint16))
            assert counts.counts() == expected


def test_parts_keep_the_order_of_rows(tmp_path: Path) -> None:
    partitions = Partitions(tmp_path, "x", 1000)
    texts = [f"text {n % 50}" for n in range(1000)]
    for start in range(0, 1000, 10):
        rows = {"text": texts[start : start + 10], "row": range(start, start + 10)}
        partitions.add(pa.table(rows))
    parts = list(partitions.parts())
    assert len(parts) > 10
    assert sorted(row for part in parts for row in part["row"].to_pylist()) == list(range(1000))
    places: dict[str, int] = {}
    for number, part in enumerate(parts):
        assert part["row"].to_pylist() == sorted(part["row"].to_pylist())
        for text in part["text"].to_pylist():
            assert places.setdefault(text, number) == number


@pytest.mark.parametrize("rows", [0, 9, 10, 11, 35])
def test_a_table_in_pieces_has_the_bytes_of_the_whole(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "GROUP_ROWS", 10)
    texts = [None if n % 4 == 0 else f"text {n}" for n in range(rows)]
    frame = pd.DataFrame({"pair": np.arange(rows), "text": pd.Series(texts, dtype="str")})
    frame.to_parquet(tmp_path / "whole.parquet", index=False, row_group_size=10)
    whole = pa.Table.from_pandas(frame, preserve_index=False)
    for most in (1, 3, 10, 40):
        columns = {"pair": pa.int64(), "text": pa.large_string()}
        table = ParquetTable(tmp_path / "pieces.parquet", columns)
        for start in range(0, rows, most):
            table.add(whole.slice(start, most))
        table.close()
        expected = (tmp_path / "whole.parquet").read_bytes()
        assert (tmp_path / "pieces.parquet").read_bytes() == expected
