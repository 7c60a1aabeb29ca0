from pathlib import Path

import pytest

from nlpflow.corpora.sentences import read_sentences
from nlpflow.errors import UserError
from nlpflow.settings.registry import Corpus, CorpusFile


def lines_corpus(*languages: str) -> Corpus:
    return Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader="lines",
        languages=languages,
        files=tuple(CorpusFile(address=f"{name}.txt", language=name) for name in languages),
    )


def test_one_file_a_language(tmp_path: Path) -> None:
    (tmp_path / "eng.txt").write_bytes(b"\xef\xbb\xbfGo.\r\n\xef\xbb\xbfa\tb\nbad \xff\n\n")
    (tmp_path / "deu.txt").write_text("Geh!")
    paths = {f"{name}.txt": tmp_path / f"{name}.txt" for name in ("eng", "deu", "fra")}
    corpus = lines_corpus("deu", "eng", "fra")
    # The French file is not there, and not asked for.
    table, malformed = read_sentences("c", corpus, paths, ["eng", "deu"])
    assert list(table) == ["raw", "language", "attribution", "split"]
    assert table[["raw", "language"]].to_numpy().tolist() == [
        ["Geh!", "deu"],
        ["Go.", "eng"],
        ["a\tb", "eng"],
        ["", "eng"],
    ]
    assert table["attribution"].isna().all()
    assert malformed[["file", "line", "problem"]].to_numpy().tolist() == [
        ["eng.txt", 3, "is not valid UTF-8"]
    ]


def test_both_sides_of_pairs(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("Go.\tVa !\tme\nHi.\tSalut !\n")
    corpus = Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader="tsv",
        languages=("eng", "fra"),
        files=(CorpusFile(address="pairs.tsv"),),
    )
    table, malformed = read_sentences("c", corpus, {"pairs.tsv": path}, ["fra", "eng"])
    assert table.fillna("-").to_numpy().tolist() == [
        ["Go.", "eng", "me", "-"],
        ["Hi.", "eng", "-", "-"],
        ["Va !", "fra", "me", "-"],
        ["Salut !", "fra", "-", "-"],
    ]
    assert malformed.empty
    one, _ = read_sentences("c", corpus, {"pairs.tsv": path}, ["fra"])
    assert set(one["language"]) == {"fra"}


@pytest.mark.parametrize(
    ("content", "message"), [(b"", "eng.txt: has no lines"), (b"\xff\n" * 3, "only 0 of 3 lines")]
)
def test_a_file_without_sentences(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "eng.txt").write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_sentences("c", lines_corpus("eng"), {"eng.txt": tmp_path / "eng.txt"}, ["eng"])


@pytest.mark.parametrize("reader", ["lines", "aligned"])
def test_the_split_of_divided_files(tmp_path: Path, reader: str) -> None:
    languages = ("eng", "fra")
    files = [
        CorpusFile(address=f"{split}.{language}", language=language, split=split)
        for split in ("train", "test")
        for language in languages
    ]
    for file in files:
        (tmp_path / file.address).write_text(f"{file.address}\n")
    corpus = Corpus(
        title="t", licence="l", attribution="a", reader=reader, languages=languages, files=files
    )
    paths = {file.address: tmp_path / file.address for file in files}
    table, _ = read_sentences("c", corpus, paths, ["fra", "eng"])
    assert table[["raw", "language", "split"]].to_numpy().tolist() == [
        [f"{split}.{language}", language, split]
        for language in languages
        for split in ("train", "test")
    ]
