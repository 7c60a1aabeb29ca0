"""Every word and tag comes back from its file, and repaired tags are entities."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nlpflow.corpora.tagged import Tagged, read_columns, read_conllu, read_tagged_corpus
from nlpflow.settings.registry import ColumnLayout, Corpus, CorpusFile
from nlpflow.text.tag_schemes import convert, read_spans, to_iob2
from nlpflow.text.words import is_invisible

LETTERS = st.characters(exclude_characters="\t\n\r\0", exclude_categories=["Cs", "Zs", "Zl", "Zp"])
WORD = st.text(LETTERS, min_size=1).filter(lambda word: not is_invisible(word))
WORDS = st.lists(WORD, min_size=1, max_size=6)
TYPES = st.sampled_from(["PER", "LOC", "creative-work"])


def tags(prefixes: str) -> st.SearchStrategy[list[str]]:
    tag = st.just("O") | st.builds("{}-{}".format, st.sampled_from(prefixes), TYPES)
    return st.lists(tag, min_size=1, max_size=8)


@given(WORDS)
def test_words_come_back_from_conllu(words: list[str]) -> None:
    lines = [
        "\t".join([str(number), word, "_", "X", "_", "_", "_", "_", "_", "_"])
        for number, word in enumerate(words, start=1)
    ]
    assert read_conllu(lines, "upos") == Tagged(words, ["X"] * len(words))


@given(WORDS)
def test_words_come_back_from_columns(words: list[str]) -> None:
    layout = ColumnLayout(word=2, tag=1)
    assert read_columns([f"O\t{word}" for word in words], layout) == Tagged(
        words, ["O"] * len(words)
    )


@given(tags("BI"))
def test_repaired_tags_are_entities(found: list[str]) -> None:
    repaired, changed = to_iob2(found, "IOB2")
    assert read_spans(repaired)[1] == 0
    assert changed == sum(old != new for old, new in zip(found, repaired, strict=True))
    assert to_iob2(repaired, "IOB2") == (repaired, 0)


@given(tags("BIES"))
def test_iobes_becomes_iob2(found: list[str]) -> None:
    converted, repaired = to_iob2(found, "IOBES")
    assert read_spans(converted)[1] == 0
    # What stands inside an entity stays inside one of the same type.
    assert [tag.partition("-")[2] for tag in converted] == [tag.partition("-")[2] for tag in found]
    whole = read_spans(found, "IOBES")
    if not whole[1]:
        assert repaired == 0
        assert convert(converted, "IOB2", "IOBES") == found


@given(st.lists(st.lists(st.binary(max_size=6).map(lambda b: b.replace(b"\n", b"")), max_size=4)))
def test_no_sentence_is_lost(sentences: list[list[bytes]]) -> None:
    """Lines of any bytes: each sentence is read, or one of its lines is listed."""
    good = [[b"a\tB-X"] * 2] * (2 + 4 * len(sentences))
    content = b"\n\n".join(b"\n".join(lines) for lines in [*good, *sentences])
    splits = ("train", "dev", "test")
    corpus = Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader="columns",
        languages=("eng",),
        columns=ColumnLayout(),
        files=tuple(CorpusFile(address=split, split=split) for split in splits),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x")
        path.write_bytes(content)
        read = read_tagged_corpus("c", corpus, dict.fromkeys(splits, path), None)
    lines = [line.lstrip("\ufeff") for line in content.decode(errors="replace").split("\n")]
    blocks = "\n".join("" if not x.strip("\r\t ") else "x" for x in lines).split("\n\n")
    expected = sum(bool(block.strip("\n")) for block in blocks)
    assert len(read.sentences) + read.dropped == 3 * expected
    listed = read.malformed[read.malformed["file"] == "train"]["line"]
    assert listed.is_monotonic_increasing
    assert set(listed) <= set(range(1, len(lines) + 1))
