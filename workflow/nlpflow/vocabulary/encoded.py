"""Encoded pairs on disk: flat arrays, mapped into memory and cut into padded batches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from nlpflow.tables import StoredTable, reading
from nlpflow.text.arrays import Floats, Ids, Longs
from nlpflow.text.links import Links, parse_links
from nlpflow.vocabulary import EOS, PAD, Encoded, Parts, Vocabulary
from nlpflow.vocabulary.copying import extended_columns


@dataclass(frozen=True)
class EncodedSide:
    """The sentences of one side, `<EOS>` at the end of each; both arrays may be memory-mapped."""

    ids: Ids
    offsets: Longs

    def lengths(self) -> Longs:
        """Tokens of every sentence, `<EOS>` included: (sentences,)."""
        return np.diff(self.offsets)

    def padded(self, indices: Longs) -> tuple[Longs, Longs]:
        """The sentences with these indices: ids (batch, time), `<pad>` after the end; lengths."""
        starts = self.offsets[indices]
        lengths = self.offsets[indices + 1] - starts
        steps = np.arange(lengths.max(initial=0))
        inside = steps < lengths[:, None]
        batch = np.full(inside.shape, PAD, np.int64)
        batch[inside] = self.ids[(starts[:, None] + steps)[inside]]
        return batch, lengths


@dataclass(frozen=True)
class EncodedLinks:
    """The gold word alignments of pairs; both arrays may be memory-mapped."""

    links: Ids
    """Positions of linked words in source and target, counted from 0, (links, 2)."""
    offsets: Longs
    """Where the links of each pair begin, (pairs + 1,)."""

    def shares(self, indices: Longs, src_time: int, tgt_time: int) -> Floats:
        """The attention that the links ask for: (batch, tgt_time, src_time).

        The weight of a linked target word is shared equally by its source words; other rows are 0.
        """
        starts, ends = self.offsets[indices], self.offsets[indices + 1]
        shares = np.zeros((len(indices), tgt_time, src_time), np.float32)
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            src, tgt = self.links[start:end].T
            shares[row, tgt, src] = 1
        found: Floats = shares / shares.sum(axis=2, keepdims=True).clip(min=1)
        return found


class EncodedCopies(NamedTuple):
    """Both sides as ids of the extended target vocabulary (`nlpflow.vocabulary.copying`)."""

    src: EncodedSide
    tgt: EncodedSide


@dataclass(frozen=True)
class EncodedPairs:
    """The pairs of one split as token ids."""

    src: EncodedSide
    tgt: EncodedSide
    links: EncodedLinks | None = None
    """None if the corpus has no word alignments, or tokens are not words."""
    copies: EncodedCopies | None = None
    """None if tokens are not parts of words."""

    @classmethod
    def open(cls, folder: Path, split: str) -> Self:
        """Memory-map what `write_encoded` wrote; the arrays are read when they are used."""
        src, tgt = (
            EncodedSide(*(_mapped(path) for path in _paths(folder, split, side)))
            for side in ("src", "tgt")
        )
        files = _link_paths(folder, split)
        links = EncodedLinks(*map(_mapped, files)) if files[0].exists() else None
        files = _copy_paths(folder, split)
        copies = None
        if files[0].exists():
            sides = zip(map(_mapped, files), (src.offsets, tgt.offsets), strict=True)
            copies = EncodedCopies(*(EncodedSide(*side) for side in sides))
        return cls(src, tgt, links, copies)

    def __len__(self) -> int:
        return len(self.src.offsets) - 1

    def lengths(self) -> tuple[Longs, Longs]:
        """Tokens of every source and of every target, `<EOS>` included: (pairs,) each."""
        return self.src.lengths(), self.tgt.lengths()

    def padded(self, indices: npt.ArrayLike) -> tuple[Longs, Longs, Longs, Longs]:
        """A batch: src (batch, time), src lengths (batch,), tgt (batch, time), tgt lengths."""
        numbers = np.asarray(indices, np.int64)
        return *self.src.padded(numbers), *self.tgt.padded(numbers)


def _mapped(path: Path) -> Any:
    with reading(path):
        return np.load(path, mmap_mode="r", allow_pickle=False)


class EncodedRows(NamedTuple):
    """Some sentences of a prepared table as token ids; pair i is sentence i of both sides."""

    src: Encoded
    tgt: Encoded
    links: Sequence[Links] | None = None
    """Its word alignments, which number words: None if tokens are not words, or if the table has
    no alignments."""
    copies: tuple[Encoded, Encoded] | None = None
    """Both sides as ids of the extended target vocabulary; None if tokens are not parts."""


def encode_table(table: Path, source: Vocabulary, target: Vocabulary) -> Iterator[EncodedRows]:
    """Encode the sentences of a prepared table, some rows at a time."""
    columns = ["source", "target"]
    with reading(table):
        words = source.kind == target.kind == "words"
        if words and "alignment" in pq.read_schema(table).names:
            columns.append("alignment")
    for pairs in StoredTable(table, columns):
        links = None
        if "alignment" in columns:
            links = [parse_links(text or "") for text in pairs["alignment"].to_pylist()]
        copies = None
        if isinstance(source, Parts) and isinstance(target, Parts):
            copies = extended_columns(pairs["source"], pairs["target"], source, target)
        sides = source.encode_column(pairs["source"]), target.encode_column(pairs["target"])
        yield EncodedRows(*sides, links, copies)


def write_encoded(folder: Path, split: str, encoded: Iterable[EncodedRows]) -> None:
    """Write sentences, with `<EOS>` after each, as `EncodedPairs.open` opens them."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        arrays: dict[Path, Callable[[Ids | Longs], None]] = {}
        for path, piece in _pieces(folder, split, encoded):
            if path not in arrays:
                arrays[path] = files.enter_context(_growing(path))
            arrays[path](piece)


def is_encoded(folder: Path, split: str, encoded: Iterable[EncodedRows]) -> bool:
    """Whether the files are those that `write_encoded` writes with these arguments."""
    EncodedPairs.open(folder, split)  # raises UserError if one is missing
    ends: dict[Path, int] = {}
    for path, piece in _pieces(folder, split, encoded):
        start = ends.get(path, 0)
        ends[path] = start + len(piece)
        if not path.exists() or not np.array_equal(_mapped(path)[start : ends[path]], piece):
            return False
    others = {*_link_paths(folder, split), *_copy_paths(folder, split)} - ends.keys()
    whole = all(len(_mapped(path)) == end for path, end in ends.items())
    return whole and not any(path.exists() for path in others)


def _pieces(
    folder: Path, split: str, encoded: Iterable[EncodedRows]
) -> Iterator[tuple[Path, Ids | Longs]]:
    """The content of each file, in pieces that follow one another."""
    ends: dict[Path, int] = {}

    def following(path: Path, offsets: Longs) -> Longs:
        """The offsets behind those that the file has."""
        end = ends.get(path)
        ends[path] = int(offsets[-1]) + (end or 0)
        return offsets if end is None else offsets[1:] + end

    for rows in encoded:
        if len(rows.src[1]) != len(rows.tgt[1]):
            raise ValueError(f"{len(rows.src[1]) - 1} sources but {len(rows.tgt[1]) - 1} targets")
        for side, of_side in (("src", rows.src), ("tgt", rows.tgt)):
            ids_file, offsets_file = _paths(folder, split, side)
            ids, offsets = _ended(of_side)
            yield ids_file, ids
            yield offsets_file, following(offsets_file, offsets)
        if rows.links is not None:
            links_file, offsets_file = _link_paths(folder, split)
            flat, offsets = _flat(rows.links)
            yield links_file, flat
            yield offsets_file, following(offsets_file, offsets)
        for file, copied in zip(_copy_paths(folder, split), rows.copies or (), strict=False):
            yield file, _ended(copied)[0]


def _flat(links: Sequence[Links]) -> tuple[Ids, Longs]:
    """The links of all pairs, (links, 2), and where those of each pair begin, (pairs + 1,)."""
    flat = [link for of_pair in links for link in sorted(of_pair)]
    offsets = np.cumsum([0, *map(len, links)], dtype=np.int64)
    return np.array(flat, np.int32).reshape(-1, 2), offsets


def _ended(encoded: Encoded) -> tuple[Ids, Longs]:
    """Sentences with `<EOS>` after each: ids and offsets."""
    ids, offsets = encoded
    return np.insert(ids, offsets[1:], EOS), offsets + np.arange(len(offsets))


@contextmanager
def _growing(path: Path) -> Iterator[Callable[[Ids | Longs], None]]:
    """A function that appends rows to a file of an array, which has the bytes of `np.save`.

    It writes with Python's `write`: numpy's does not report a full disk.
    """
    with path.open("wb") as stream:
        header: dict[str, Any] = {}
        rows = 0

        def append(array: Ids | Longs) -> None:
            nonlocal rows
            if not header:
                header.update(np.lib.format.header_data_from_array_1_0(array))
                np.lib.format.write_array_header_1_0(stream, header)
            rows += len(array)
            stream.write(np.ascontiguousarray(array).data)

        yield append
        # The header has room for any number of rows.
        header["shape"] = (rows, *header["shape"][1:])
        stream.seek(0)
        np.lib.format.write_array_header_1_0(stream, header)


def _link_paths(folder: Path, split: str) -> tuple[Path, Path]:
    return folder / f"{split}.links.npy", folder / f"{split}.links.offsets.npy"


def _copy_paths(folder: Path, split: str) -> tuple[Path, Path]:
    return folder / f"{split}.copies.src.npy", folder / f"{split}.copies.tgt.npy"


def _paths(folder: Path, split: str, side: str) -> tuple[Path, Path]:
    return folder / f"{split}.{side}.ids.npy", folder / f"{split}.{side}.offsets.npy"
