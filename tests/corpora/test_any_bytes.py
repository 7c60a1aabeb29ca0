"""Readers of every kind: any bytes give a result or a `UserError` of one line, nothing else."""

import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlpflow.corpora.annotations import annotate
from nlpflow.corpora.pairs import read_corpus
from nlpflow.corpora.sentences import read_sentences
from nlpflow.corpora.tagged import read_tagged_corpus
from nlpflow.corpora.word_lists import read_analogies, read_word_pairs
from nlpflow.errors import UserError
from nlpflow.settings.registry import ColumnLayout, Corpus, CorpusFile
from nlpflow.vectors.files import pick_vectors

PIECES = [
    *(b"\n", b"\r\n", b"\r", b"\n\n", b"\t", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", b":", b"#"),
    *(b"-", b"_", b"O", b"B-PER", b"I-", b"nan", b"1e999", b"2 2", b"1-2", b"1.1", b"0-0"),
    *("é".encode(), "\u2028".encode(), "\u0301".encode(), "😺".encode(), "١".encode()),
    *(b"Go.\tVa !\n", b"1\ta\t_\tX\t_\t_\t0\t_\t_\t_\n", b"a b 1.5\n", b"a b c d\n"),
    *(
        b"eng\tfra\tgroup\n",
        b"Go.\tVa !\tg\n",
        b"eng\tfra\talignment\n",
        b"\x1f\x8b",
        b"PK\x05\x06",
    ),
]
"""What means something to one reader or another."""
CONTENT = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=20).map(b"".join)
SPLITS = ("train", "dev", "test")


def corpus(reader: str, languages: tuple[str, ...], **more: Any) -> Corpus:
    by_language = reader in ("aligned", "lines")
    if reader in ("conllu", "columns"):
        files = [CorpusFile(address=split, split=split) for split in SPLITS]
    elif by_language:
        files = [CorpusFile(address=name, language=name) for name in languages]
    else:
        files = [CorpusFile(address="file")]
    return Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader=reader,
        languages=languages,
        files=tuple(files),
        **more,
    )


def paths(registered: Corpus, path: Path) -> dict[str, Path]:
    return {file.address: path for file in registered.files}


def pairs(reader: str) -> Callable[[Path], object]:
    registered = corpus(reader, ("eng", "fra"))
    return lambda path: read_corpus("c", registered, paths(registered, path), None)


def sentences(path: Path) -> object:
    registered = corpus("lines", ("eng", "fra"))
    return read_sentences("c", registered, paths(registered, path), ["eng", "fra"])


def tagged(tags: str | None = None, **layout: Any) -> Callable[[Path], object]:
    columns = ColumnLayout(**layout) if tags is None else None
    registered = corpus("columns" if columns else "conllu", ("eng",), columns=columns)
    return lambda path: read_tagged_corpus("c", registered, paths(registered, path), tags)


def annotated(path: Path) -> object:
    good = path.with_name("pairs")
    good.write_bytes(b"Go.\tVa !\n")
    registered = corpus("tsv", ("eng", "fra"))
    table, _ = read_corpus("c", registered, paths(registered, good), None)
    return annotate("c", table, ["eng", "fra"], path)


FILE = CorpusFile(address="file")
READERS: dict[str, Callable[[Path], object]] = {
    "tsv": pairs("tsv"),
    "aligned": pairs("aligned"),
    "lines": sentences,
    "upos": tagged("upos"),
    "xpos": tagged("xpos"),
    "IOB2": tagged(),
    "IOBES": tagged(scheme="IOBES", separator="space", comments="#"),
    "plain": tagged(scheme="plain", word=2, tag=1, rename={"O": "X"}),
    "word_pairs": lambda path: read_word_pairs(FILE, path),
    "analogies": lambda path: read_analogies(FILE, path),
    "annotations": annotated,
    "vectors": lambda path: pick_vectors(path, None, {b"a": 0}),
}


def outcome(read: Callable[[Path], object], name: str, content: bytes) -> None:
    """Any exception but a `UserError` of one line passes on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        message = None
        try:
            assert read(path) is not None
        except UserError as error:
            message = str(error)
    assert message is None or message.isprintable()


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=60)
@given(content=CONTENT)
@example(content=b"")
@example(content=b"\n")
@example(content=b"\xef\xbb\xbf")
@example(content=b"\r")
@example(content=b"\n\x80\n")
@example(content=b"\xef\xbb\xbf\xef\xbb\xbf1\ta\t_\tX\t_\t_\t0\t_\t_\t_\n")
def test_any_bytes(reader: str, content: bytes) -> None:
    outcome(READERS[reader], "file", content)


@pytest.mark.parametrize("name", ["a.bin", "a.npy", "a.safetensors", "a.gz", "a.bin.gz"])
@settings(max_examples=60)
@given(content=CONTENT | CONTENT.map(lambda content: b"2 2\n" + content))
def test_any_bytes_as_vectors(name: str, content: bytes) -> None:
    outcome(READERS["vectors"], name, content)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=20)
@given(content=CONTENT, cut=st.integers(0, 40))
def test_any_bytes_packed_and_cut(reader: str, content: bytes, cut: int) -> None:
    outcome(READERS[reader], "file.gz", gzip.compress(content)[: -cut or None])


@settings(max_examples=60)
@given(
    content=CONTENT, cut=st.integers(0, 40), place=st.integers(0, 100), byte=st.binary(max_size=1)
)
def test_any_bytes_in_a_damaged_archive(content: bytes, cut: int, place: int, byte: bytes) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fra.txt", content)
    damaged = bytearray(stream.getvalue())
    damaged[place : place + len(byte)] = byte
    registered = corpus("tsv", ("eng", "fra"))
    file = registered.files[0].model_copy(update={"member": "fra.txt"})
    packed = registered.model_copy(update={"files": (file,)})
    damaged = damaged[: -cut or None]
    outcome(lambda path: read_corpus("c", packed, {"file": path}, None), "file.zip", bytes(damaged))
