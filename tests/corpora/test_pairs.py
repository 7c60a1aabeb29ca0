import zipfile
from pathlib import Path

import pandas as pd
import pytest

from nlpflow.corpora import lines
from nlpflow.corpora.pairs import lost_pairs, read_corpus
from nlpflow.errors import UserError
from nlpflow.settings.registry import Corpus, CorpusFile

GOOD = "Go.\tVa !\n"


def corpus(*files: CorpusFile, reader: str = "tsv") -> Corpus:
    return Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader=reader,
        languages=("eng", "fra"),
        files=files or (CorpusFile(address="pairs.tsv"),),
    )


def read(
    folder: Path, content: bytes | str, annotations: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a file of this content as a `tsv` corpus."""
    path = folder / "pairs.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    notes = None
    if annotations is not None:
        notes = folder / "notes.tsv"
        notes.write_text(annotations, encoding="utf-8")
    return read_corpus("c", corpus(), {"pairs.tsv": path}, notes)


def sides(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(pairs["eng"], pairs["fra"], strict=True))


def test_columns_and_attribution(tmp_path: Path) -> None:
    pairs, malformed = read(tmp_path, "Go.\tVa !\tCC-BY 1\nRun!\tCours !\n\tVide\t\n")
    assert list(pairs) == ["pair", "eng", "fra", "attribution", "split", "alignment", "group"]
    assert pairs["pair"].tolist() == [0, 1, 2]
    assert sides(pairs) == [("Go.", "Va !"), ("Run!", "Cours !"), ("", "Vide")]
    assert pairs["attribution"].fillna("null").tolist() == ["CC-BY 1", "null", "null"]
    assert pairs[["split", "alignment", "group"]].isna().all(axis=None)
    assert malformed.empty
    assert list(malformed) == ["file", "line", "problem", "text"]


@pytest.mark.parametrize(
    "content",
    [
        "A\tB\nC\tD\n",
        "A\tB\nC\tD",
        "A\tB\r\nC\tD\r\n",
        "A\tB\r\nC\tD\r",
        "\ufeffA\tB\nC\tD\n",
        "A\tB\n\ufeffC\tD\n",
    ],
)
def test_line_ends_and_byte_order_mark(tmp_path: Path, content: str) -> None:
    pairs, malformed = read(tmp_path, content)
    assert sides(pairs) == [("A", "B"), ("C", "D")]
    assert malformed.empty


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x1c", "\x0b", "\x0c", "a\rb"])
def test_only_line_feeds_end_lines(tmp_path: Path, separator: str) -> None:
    pairs, _ = read(tmp_path, f"a{separator}b\tc\n{GOOD}")
    assert sides(pairs) == [(f"a{separator}b", "c"), ("Go.", "Va !")]


@pytest.mark.parametrize("content", ["A\tB\rC\tD\r", "A\tB\rC\tD", "\ufeffA\tB\rC\tD\r"])
def test_carriage_returns_end_lines_where_nothing_else_does(tmp_path: Path, content: str) -> None:
    pairs, malformed = read(tmp_path, content)
    assert sides(pairs) == [("A", "B"), ("C", "D")]
    assert malformed.empty


def test_malformed_lines_are_listed(tmp_path: Path) -> None:
    bad = [b"alone", b"", b"a\tb\tc\td", b"caf\xe9\tb", b"nul\0\tb", b"x" * 1_000_001 + b"\ty"]
    pairs, malformed = read(tmp_path, b"\n".join([*bad, b"Caf\xc3\xa9\tB", *[b"A\tB"] * 6]))
    assert sides(pairs) == [("Café", "B")] + [("A", "B")] * 6
    assert malformed["line"].tolist() == [1, 2, 3, 4, 5, 6]
    assert set(malformed["file"]) == {"pairs.tsv"}
    assert malformed["problem"].tolist() == [
        "has 1 columns, not 2 or 3",
        "has 1 columns, not 2 or 3",
        "has 4 columns, not 2 or 3",
        "is not valid UTF-8",
        "has a NUL byte",
        "longer than 1000000 bytes",
    ]
    assert malformed["text"].tolist() == [
        "alone", "", r"a\tb\tc\td", r"caf�\tb", r"nul�\tb", "x" * 80,
    ]  # fmt: skip


def test_blocks_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"A\tB\r\n" * 40 + b"caf\xe9\tx\r\n" + "é\u2028\t".encode() * 2 + b"y\n" + b"C\tD\n\n"
    whole = read(tmp_path, content)
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(lines, "BLOCK_BYTES", size)
        for expected, got in zip(whole, read(tmp_path, content), strict=True):
            pd.testing.assert_frame_equal(expected, got)


def test_endless_line_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(lines, "LONGEST_LINE", 100)
    pairs, malformed = read(tmp_path, "x" * 50_000 + "\n" + GOOD)
    assert sides(pairs) == [("Go.", "Va !")]
    assert malformed["problem"].tolist() == ["longer than 100 bytes"]


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "has no lines"), ("one\ntwo\nA\tB\n", "only 1 of 3 lines"), ("a\n", "only 0 of 1 lines")],
)
def test_mostly_malformed_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, content)


def test_member_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/fra.txt", GOOD + "bad\n")
    address = "https://host/a.zip"
    registry = corpus(CorpusFile(address=address, member="data/fra.txt"))
    pairs, malformed = read_corpus("c", registry, {address: path}, None)
    assert sides(pairs) == [("Go.", "Va !")]
    assert malformed["file"].tolist() == ["https://host/a.zip (data/fra.txt)"]


def test_own_split(tmp_path: Path) -> None:
    splits = ("train", "dev", "test")
    for split in splits:
        (tmp_path / split).write_text(f"{split}\tx\nb\ta\td\tc\nc\ty\n")
    registry = corpus(*(CorpusFile(address=split, split=split) for split in splits))
    pairs, malformed = read_corpus("c", registry, {s: tmp_path / s for s in splits}, None)
    assert pairs["split"].tolist() == ["train", "train", "dev", "dev", "test", "test"]
    assert pairs["eng"].tolist() == ["train", "c", "dev", "c", "test", "c"]
    assert pairs["pair"].tolist() == list(range(6))
    assert malformed[["file", "line"]].values.tolist() == [[s, 2] for s in splits]


def test_aligned_files(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"Va !\nB\xe9\nCours !\n")
    (tmp_path / "e").write_bytes(b"Go.\r\nB\r\nRun!\r\n")
    files = [CorpusFile(address="f", language="fra"), CorpusFile(address="e", language="eng")]
    paths = {name: tmp_path / name for name in "ef"}
    pairs, malformed = read_corpus("c", corpus(*files, reader="aligned"), paths, None)
    assert sides(pairs) == [("Go.", "Va !"), ("Run!", "Cours !")]
    assert malformed[["file", "line", "text"]].values.tolist() == [["f", 2, "B�"]]
    (tmp_path / "e").write_bytes(b"Go.\n")
    with pytest.raises(UserError, match="e has 1 lines but f has 3"):
        read_corpus("c", corpus(*files, reader="aligned"), paths, None)


def test_blocks_of_aligned_files_make_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks of the two files end at different lines."""
    (tmp_path / "f").write_bytes(b"".join(b"f" * (n % 5) + b"\n" for n in range(40)) + b"B\xe9\n")
    (tmp_path / "e").write_bytes(b"".join(b"e" * (n % 7) + b"\r\n" for n in range(41)))
    files = [CorpusFile(address="f", language="fra"), CorpusFile(address="e", language="eng")]
    paths = {name: tmp_path / name for name in "ef"}
    registered = corpus(*files, reader="aligned")
    whole = read_corpus("c", registered, paths, None)
    assert (len(whole[0]), len(whole[1])) == (40, 1)
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(lines, "BLOCK_BYTES", size)
        for expected, got in zip(whole, read_corpus("c", registered, paths, None), strict=True):
            pd.testing.assert_frame_equal(expected, got)
    (tmp_path / "e").write_bytes(b"e\n" * 60)
    with pytest.raises(UserError, match="e has 60 lines but f has 41"):
        read_corpus("c", registered, paths, None)


def test_a_pair_with_two_bad_lines_is_lost_once(tmp_path: Path) -> None:
    contents = {"e": b"Go.\n\xff\n\xff\nHi.\nNo.\n", "f": b"Va !\n\xff\nb\n\xff\nNon.\n"}
    marks = (("eng", "train"), ("fra", "train"), ("eng", "dev"), ("fra", "dev"))
    marks += (("eng", "test"), ("fra", "test"))
    files = [
        CorpusFile(address=f"{language[0]}-{split}", language=language, split=split)
        for language, split in marks
    ]
    for file in files:
        (tmp_path / file.address).write_bytes(contents[file.address[0]] + b"x\n" * 4)
    registered = corpus(*files, reader="aligned")
    paths = {file.address: tmp_path / file.address for file in files}
    pairs, malformed = read_corpus("c", registered, paths, None)
    assert (len(pairs), len(malformed)) == (3 * 6, 3 * 4)
    assert lost_pairs(registered, malformed) == 3 * 3
    assert lost_pairs(registered, malformed[:0]) == 0


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_annotations(tmp_path: Path, mark: str) -> None:
    notes = f'{mark}eng\tfra\talignment\tgroup\nRun!\t"Cours" !\t0-0 1-1\t\n{mark}Go.\tVa !\t\tg\n'
    pairs, _ = read(tmp_path, f'Go.\tVa !\nRun!\t"Cours" !\n{GOOD}Hi\tSalut\n', notes)
    assert pairs["pair"].tolist() == [0, 1, 2, 3]
    assert pairs["alignment"].fillna("-").tolist() == ["-", "0-0 1-1", "-", "-"]
    assert pairs["group"].fillna("-").tolist() == ["g", "-", "g", "-"]


@pytest.mark.parametrize("mark", ["\r", "\u2028", "\x85", "\x0b", "\x0c", '"', "\x1c"])
def test_annotations_have_the_lines_of_the_corpus(tmp_path: Path, mark: str) -> None:
    notes = f"eng\tfra\tgroup\nGo{mark}.\tVa{mark} !\tNA\nHi\tSalut\t007\n"
    pairs, _ = read(tmp_path, f"Go{mark}.\tVa{mark} !\nHi\tSalut\n", notes)
    assert pairs["group"].tolist() == ["NA", "007"]


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ("eng\tfra\tgroup\nGo\tVa !\tg\n", "1 annotated pairs are not in the corpus.*'Go'"),
        ("eng\tfra\tgroup\nGo.\tVa !\tg\nGo.\tVa !\th\n", "annotated twice"),
        ("eng\tfra\nGo.\tVa !\n", "has the columns eng, fra"),
        ("eng\tdeu\tgroup\nGo.\tVa !\tg\n", "has the columns eng, deu, group"),
        ("eng\tfra\tgruop\nGo.\tVa !\tg\n", "gruop"),
        ("eng\tfra\talignment\nGo.\tVa !\t0:1\n", "'0:1'"),
        ("eng\tfra\tgroup\nGo.\tVa !\n", "line 2: has 2 columns, not 3"),
        ("eng\tfra\tgroup\n\nGo.\tVa !\tg\th\n", "line 3: has 4 columns, not 3"),
        ("eng\tfra\tgroup\tgroup\n", "has the columns eng, fra, group, group; needed are"),
        ("eng\tfra\tgroup\nGo.\0\tVa !\tg\n", "line 2: has a NUL byte"),
        ("", "has the columns none; needed are"),
    ],
)
def test_wrong_annotations(tmp_path: Path, notes: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, GOOD, notes)
