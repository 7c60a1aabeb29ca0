import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nlpflow.corpora.pairs import read_corpus
from nlpflow.settings.registry import Corpus, CorpusFile

CORPUS = Corpus(
    title="t",
    licence="l",
    attribution="a",
    reader="tsv",
    languages=("eng", "fra"),
    files=(CorpusFile(address="x"),),
)
CELL = st.text(st.characters(exclude_characters="\t\n\0\ufeff", exclude_categories=["Cs"]))


@given(st.lists(st.tuples(CELL, CELL.map(lambda text: text.rstrip("\r"))), min_size=1))
def test_every_pair_comes_back(pairs: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x")
        path.write_bytes("".join(f"{one}\t{other}\n" for one, other in pairs).encode())
        table, malformed = read_corpus("c", CORPUS, {"x": path}, None)
    assert list(zip(table["eng"], table["fra"], strict=True)) == pairs
    assert malformed.empty


@given(st.lists(st.binary(max_size=8).map(lambda line: line.replace(b"\n", b"")), max_size=8))
def test_no_line_is_lost(lines: list[bytes]) -> None:
    good = [b"a\tb"] * (len(lines) + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x")
        path.write_bytes(b"\n".join(good + lines) + b"\n")
        table, malformed = read_corpus("c", CORPUS, {"x": path}, None)
    assert len(table) + len(malformed) == len(good) + len(lines)
    assert malformed["line"].is_monotonic_increasing
    for number in malformed["line"]:
        line = lines[number - len(good) - 1].removesuffix(b"\r")
        decoded = line.decode(errors="replace")
        assert decoded.count("\t") not in (1, 2) or "\0" in decoded or decoded.encode() != line
