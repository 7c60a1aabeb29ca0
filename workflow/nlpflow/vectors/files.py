"""Read files of word vectors in constant memory, keeping only the vectors of wanted words.

GloVe's text       one word and its numbers per line, between spaces
word2vec's text    the same after a first line with the numbers of words and of dimensions
word2vec's binary  `.bin`: that first line, then for each word the word, a space, 32-bit floats
NumPy              `.npy`, (words, dimensions); the words in a file of the same name
safetensors        `.safetensors`: the tensor `vectors`, the words in its metadata, as runs have it

The words of a NumPy matrix are in `.txt`, one per line, or in the first column of `.parquet`.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from nlpflow.download.archives import open_member
from nlpflow.errors import UserError
from nlpflow.settings.pretrained import word_lists
from nlpflow.text.streams import BYTE_ORDER_MARK, LONGEST_LINE

Picked = tuple[NDArray[np.float32], NDArray[np.bool_]]
"""The vectors of the wanted words, (words, dimensions), and which were found, (words,)."""

BLOCK_BYTES, BLOCK_ROWS = 4 * 1024**2, 10_000
TENSOR = "vectors"


def pick_vectors(path: Path, member: str | None, wanted: Mapping[bytes, int]) -> Picked:
    """Read the vectors of wanted words from a file of any of the formats.

    Wanted words are in NFC; the file may have them in any normal form of Unicode. If it has a word
    twice, the first counts.

    Args:
        member: the file inside a zip archive; None for every other file, of which `.gz` is unpacked
        wanted: the row of each word in the result, from 0 on

    Raises:
        UserError: the file is missing, damaged or not of its format
    """
    kind = Path(member or path.name.removesuffix(".gz")).suffix
    if kind == ".npy":
        return pick_rows(path, words_file(path), wanted)
    if kind == ".safetensors":
        return _tensor(path, wanted)
    label = str(path) if member is None else f"{path}: {member}"
    with open_member(path, member) as stream:
        return (_binary if kind == ".bin" else _text)(stream, label, wanted)


def _text(stream: BinaryIO, label: str, wanted: Mapping[bytes, int]) -> Picked:
    read = iter(lambda: stream.readline(LONGEST_LINE), b"")
    lines = enumerate((line.removeprefix(BYTE_ORDER_MARK) for line in read), 1)
    number, line = next(lines, (1, b""))
    promised = _header(line)
    if promised is None:
        dimensions = len(line.split()) - 1
    else:
        _, dimensions = promised
        number, line = next(lines, (2, b""))
    picked = _nothing(len(wanted), dimensions, f"{label}, line 1")
    count = 0
    while line:
        # A few words of the largest GloVe contain spaces, so numbers are counted from the end.
        word, *numbers = line.rstrip(b" \r\n").rsplit(b" ", dimensions)
        if len(numbers) != dimensions:
            raise UserError(
                f"{label}, line {number}: {len(numbers)} numbers, not {dimensions}; "
                "the file is damaged or of another format"
            )
        row = _row_of(word, wanted)
        if row is not None:
            _keep(picked, row, _numbers(numbers), f"{label}, line {number}")
        count += 1
        number, line = next(lines, (number, b""))
    if promised is not None and count != promised[0]:
        raise UserError(
            f"{label}: has {count} words, but its first line says {promised[0]}; the file may be "
            "incomplete: get it again"
        )
    return picked


def _binary(stream: BinaryIO, label: str, wanted: Mapping[bytes, int]) -> Picked:
    promised = _header(stream.readline(LONGEST_LINE))
    if promised is None:
        raise UserError(f"{label}: not a word2vec binary: line 1 is not two numbers")
    count, dimensions = promised
    picked = _nothing(len(wanted), dimensions, f"{label}, line 1")
    buffer, start = b"", 0
    for number in range(1, count + 1):
        space = buffer.find(b" ", start)
        while space < 0 or len(buffer) < space + 1 + 4 * dimensions:
            block = stream.read(BLOCK_BYTES)
            if not block or (space < 0 and len(buffer) - start > LONGEST_LINE):
                raise UserError(f"{label}: damaged or cut off at word {number} of {count}")
            buffer, start = buffer[start:] + block, 0
            space = buffer.find(b" ")
        # The original tool ends each vector with a line feed.
        row = _row_of(buffer[start:space].lstrip(b"\n"), wanted)
        if row is not None:
            vector = np.frombuffer(buffer, "<f4", dimensions, space + 1)
            _keep(picked, row, vector, f"{label}, word {number}")
        start = space + 1 + 4 * dimensions
    return picked


def pick_rows(path: Path, words: Path, wanted: Mapping[bytes, int]) -> Picked:
    """Read the vectors of wanted words from a NumPy matrix whose words are in another file."""
    rows, count = _indices(_read_words(words), wanted)
    try:
        matrix = np.load(path, mmap_mode="r", allow_pickle=False)
        return _rows_of(matrix, matrix.shape, str(path), count, rows, len(wanted))
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise UserError(f"{path}: not a file of vectors: {' '.join(str(error).split())}") from None


def _tensor(path: Path, wanted: Mapping[bytes, int]) -> Picked:
    try:
        with safe_open(path, "numpy") as file:
            words = json.loads((file.metadata() or {})["words"])
            rows, count = _indices((word.encode() for word in words), wanted)
            matrix = file.get_slice(TENSOR)
            return _rows_of(matrix, matrix.get_shape(), str(path), count, rows, len(wanted))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, SafetensorError) as error:
        raise UserError(f"{path}: not a file of vectors: {' '.join(str(error).split())}") from None


def _row_of(word: bytes, wanted: Mapping[bytes, int]) -> int | None:
    """The row of a word of the file; None if it is not wanted."""
    row = wanted.get(word)
    if row is None and not word.isascii():
        row = wanted.get(unicodedata.normalize("NFC", word.decode(errors="replace")).encode())
    return row


def _indices(words: Iterable[bytes], wanted: Mapping[bytes, int]) -> tuple[dict[int, int], int]:
    """The first index of each wanted word, by its row in the result, and the number of words."""
    rows: dict[int, int] = {}
    count = 0
    for index, word in enumerate(words):
        count = index + 1
        row = _row_of(word, wanted)
        if row is not None:
            rows.setdefault(row, index)
    return rows, count


def _rows_of(
    matrix: Any, shape: Sequence[int], label: str, words: int, rows: dict[int, int], wanted: int
) -> Picked:
    """Read rows of a matrix on disk, block by block."""
    if len(shape) != 2 or shape[0] != words:
        raise UserError(
            f"{label}: the matrix is of shape {tuple(shape)} but there are {words} words"
        )
    picked = _nothing(wanted, shape[1], label)
    found = sorted((index, row) for row, index in rows.items())
    indices = np.array([index for index, _ in found], np.int64)
    for start in range(0, words, BLOCK_ROWS):
        first, last = np.searchsorted(indices, [start, start + BLOCK_ROWS])
        if first == last:
            continue
        block = matrix[start : min(start + BLOCK_ROWS, words)]
        for index, row in found[first:last]:
            _keep(picked, row, np.asarray(block[index - start]), f"{label}, row {index + 1}")
    return picked


def words_file(path: Path) -> Path:
    """The file with the words of a NumPy matrix; raise UserError if there is not exactly one."""
    found = word_lists(path)
    if not found:
        raise UserError(
            f"{path}: has no word list; write the words of its rows, one per line, into "
            f"{path.with_suffix('.txt').name} beside it"
        )
    if len(found) > 1:
        names = " and ".join(file.name for file in found)
        raise UserError(f"{path}: {names} beside it: two word lists; rename one of them")
    return found[0]


def _read_words(path: Path) -> Iterator[bytes]:
    if path.suffix != ".parquet":
        with open_member(path, None) as stream:
            yield from (line.removeprefix(BYTE_ORDER_MARK).rstrip(b"\r\n") for line in stream)
        return
    try:
        for batch in pyarrow.parquet.ParquetFile(path).iter_batches():
            column = batch.column(0).cast(pa.large_binary())
            yield from (word or b"" for word in column.to_pylist())
    except (OSError, pa.ArrowException) as error:
        raise UserError(f"{path}: not a word list: {' '.join(str(error).split())}") from None


def _header(line: bytes) -> tuple[int, int] | None:
    """The numbers of words and dimensions in word2vec's first line; None for any other line."""
    fields = line.split()
    if len(fields) != 2 or not all(field.isdigit() for field in fields):
        return None
    return int(fields[0]), int(fields[1])


def _nothing(words: int, dimensions: int, label: str) -> Picked:
    if not 0 < dimensions < LONGEST_LINE:
        raise UserError(f"{label}: not word vectors: {dimensions} dimensions")
    return np.zeros((words, dimensions), np.float32), np.zeros(words, np.bool_)


def _numbers(fields: Sequence[bytes]) -> NDArray[np.float64]:
    try:
        return np.array([float(field) for field in fields])
    except ValueError:
        return np.array([np.nan])


def _keep(picked: Picked, row: int, vector: NDArray[np.floating], label: str) -> None:
    vectors, found = picked
    if not np.isfinite(vector).all():
        raise UserError(
            f"{label}: has a value that is not a number; the file is damaged or of another format"
        )
    if not found[row]:
        vectors[row], found[row] = vector, True
