"""Files of tagged words: what is a word, what is malformed and where, what is repaired."""

from pathlib import Path

import pytest

from nlpflow.corpora.layouts import has_entities
from nlpflow.corpora.tagged import (
    BadLine,
    Tagged,
    TaggedCorpus,
    blocks,
    read_columns,
    read_conllu,
    read_tagged_corpus,
)
from nlpflow.errors import UserError
from nlpflow.settings.registry import ColumnLayout, Corpus, CorpusFile
from nlpflow.text.tag_schemes import rename_types, to_iob2

SPLITS = ("train", "dev", "test")


def line(number: str, word: str, upos: str = "X", xpos: str = "Y") -> str:
    return "\t".join([number, word, "_", upos, xpos, "_", "_", "_", "_", "_"])


GOOD = [line("1", "Va", "VERB"), line("2", "!", "PUNCT")]


# CoNLL-U


def test_multiword_tokens_and_empty_nodes_are_no_words() -> None:
    lines = [
        "# text = du vin",
        line("1-2", "du", "_", "_"),
        line("1", "de", "ADP", "P"),
        line("2", "le", "DET", "D"),
        line("2.1", "gap", "VERB", "V"),
        line("3", "vin", "NOUN", "N"),
    ]
    assert read_conllu(lines, "upos") == Tagged(["de", "le", "vin"], ["ADP", "DET", "NOUN"])
    assert read_conllu(lines, "xpos") == Tagged(["de", "le", "vin"], ["P", "D", "N"])


def test_words_may_hold_a_space_and_look_like_comments() -> None:
    lines = [line("1", "10 000"), line("2", "#"), line("3", "«\u00a0")]
    assert read_conllu(lines, "upos") == Tagged(["10 000", "#", "«\u00a0"], ["X"] * 3)


def test_odd_columns_that_are_not_read_cost_no_sentence() -> None:
    odd = "1\tVa\t_\tVERB\t_\t=|x\tz\t_\t0:root|?\tSpaceAfter"
    assert read_conllu([odd], "upos") == Tagged(["Va"], ["VERB"])


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("1\tVa\tVERB", "has 3 columns, not 10"),
        ("alone", "has 1 columns, not 10"),
        (line("x", "Va"), "Failed parsing field 'id': 'x' is not a valid ID."),
        (line("2", "Va"), "has word 2 after word 0"),
        (line("1", "Va", "_"), "has no upos"),
        (line("1", " "), "has an empty word"),
        (line("1", ""), "has an empty word"),
        (line("1", "a  b"), "has two spaces in a row"),
        ("\u00a0" + "\t" * 9, "has an empty word"),
        (line("1", "\u00a0"), "has '\\xa0', a word of invisible characters"),
        (line("1", "\u200b\u00ad"), "has '\\u200b\\xad', a word of invisible characters"),
        (line("1", "Va", "X\u00a0"), "has 'X\\xa0', a tag with an invisible character"),
    ],
)
def test_malformed_conllu(bad: str, problem: str) -> None:
    assert read_conllu(["# a comment", bad], "upos") == [BadLine(1, problem)]


def test_comments_alone_are_no_sentence() -> None:
    assert read_conllu(["# newdoc", "#"], "upos") == Tagged([], [])


def test_blocks() -> None:
    lines = ["", "a", "b", "\t", " ", "c", ""]
    assert list(blocks(lines)) == [(1, ["a", "b"]), (5, ["c"])]
    assert list(blocks(["a"])) == [(0, ["a"])]
    assert list(blocks([])) == []


# Columns


def test_columns_by_number() -> None:
    layout = ColumnLayout(word=2, tag=4, comments="# ")
    lines = ["# text = Al", "1\tAl\tx\tB-ORG\tstephen", "2\t#\tx\tO"]
    assert read_columns(lines, layout) == Tagged(["Al", "#"], ["B-ORG", "O"])
    spaces = ColumnLayout(tag=3, separator="space", comments="-DOCSTART-")
    assert read_columns(["-DOCSTART- O", "Al  NNP B-ORG"], spaces) == Tagged(["Al"], ["B-ORG"])
    assert read_columns(["-DOCSTART-"], spaces) == Tagged([], [])


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("Al", "has 1 columns, not 2 or more"),
        (" \tO", "has an empty word"),
        ("Al\t", "has an empty tag"),
        ("Al\tPER", "has 'PER', which is not a tag of IOB2"),
        ("Al\tB-", "has 'B-', which is not a tag of IOB2"),
        ("Al\tS-PER", "has 'S-PER', which is not a tag of IOB2"),
        ("Al\tBI-PER", "has 'BI-PER', which is not a tag of IOB2"),
        ("\u200b\tO", "has '\\u200b', a word of invisible characters"),
        ("\ufeff \u2060\tO", "has '\\ufeff \\u2060', a word of invisible characters"),
        ("Al\tB-PER\u00a0", "has 'B-PER\\xa0', a tag with an invisible character"),
        ("Al\tB-PER\u200b", "has 'B-PER\\u200b', a tag with an invisible character"),
    ],
)
def test_malformed_columns(bad: str, problem: str) -> None:
    assert read_columns(["x\tO", bad], ColumnLayout()) == [BadLine(1, problem)]


def test_only_space_and_tab_divide_columns() -> None:
    layout = ColumnLayout(tag=4, separator="space")
    lines = ["Mont\u00a0Blanc NNP I-NP B-LOC", " 10\u202f000 \t CD\tI-NP  O ", "a\u3000b X Y O\x1f"]
    assert read_columns(lines[:2], layout) == Tagged(
        ["Mont\u00a0Blanc", "10\u202f000"], ["B-LOC", "O"]
    )
    assert read_columns(lines[2:], layout) == [
        BadLine(0, "has 'O\\x1f', a tag with an invisible character")
    ]


def test_spaces_around_cells_are_no_part_of_them() -> None:
    lines = [" New York \tB-LOC ", "is\tO  ", "«\u00a0\t O"]
    words = ["New York", "is", "«\u00a0"]
    assert read_columns(lines, ColumnLayout()) == Tagged(words, ["B-LOC", "O", "O"])
    lines = [line("1", " New York ", "PROPN "), line(" 2", "is", "  AUX  ")]
    assert read_conllu(lines, "upos") == Tagged(["New York", "is"], ["PROPN", "AUX"])


def test_plain_tags_are_any_text() -> None:
    layout = ColumnLayout(scheme="plain")
    assert read_columns(["Al\tPER", "b\tS-"], layout) == Tagged(["Al", "b"], ["PER", "S-"])


# Schemes


def test_types_are_renamed() -> None:
    tags = ["B-OTH", "I-OTH", "B-O", "B-PER", "O", "B-creative-work"]
    expected = ["O", "O", "O", "B-PERSON", "O", "B-creative-work"]
    assert rename_types(tags, {"OTH": "O", "O": "O", "PER": "PERSON"}) == (expected, 4)
    assert rename_types(tags, {}) == (tags, 0)


@pytest.mark.parametrize(
    ("scheme", "tags", "expected", "repaired"),
    [
        ("IOB2", "B-A I-A O", "B-A I-A O", 0),
        ("IOB2", "I-A I-A O I-A", "B-A I-A O B-A", 2),
        ("IOB2", "B-A I-B", "B-A B-B", 1),
        ("IOBES", "B-A I-A E-A S-A O", "B-A I-A I-A B-A O", 0),
        ("IOBES", "E-A I-A", "B-A B-A", 2),
        ("IOBES", "S-A E-A", "B-A B-A", 1),
        ("IOBES", "B-A E-B O E-B", "B-A B-B O B-B", 2),
        ("BILOU", "B-A I-A L-A U-A O U-L", "B-A I-A I-A B-A O B-L", 0),
        ("BILOU", "L-A I-A", "B-A B-A", 2),
    ],
)
def test_to_iob2(scheme, tags: str, expected: str, repaired: int) -> None:
    assert to_iob2(tags.split(), scheme) == (expected.split(), repaired)


# Corpora


def read(folder: Path, contents: dict[str, bytes | str], reader: str, **layout) -> TaggedCorpus:
    for split, content in contents.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / split).write_bytes(data)
    corpus = Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader=reader,
        languages=("eng",),
        files=tuple(CorpusFile(address=split, split=split) for split in SPLITS),
        columns=ColumnLayout(**layout) if reader == "columns" else None,
    )
    paths = {split: folder / split for split in SPLITS}
    return read_tagged_corpus("c", corpus, paths, "upos" if reader == "conllu" else None)


def test_sentences_malformed_lines_and_their_places(tmp_path: Path) -> None:
    good = "\n".join(GOOD)
    train = f"# one\n{good}\n\n# two\n{line('1', 'Va')}\nbad line\n\n{good}"
    read_ = read(tmp_path, {"train": train, "dev": good, "test": good + "\n\n\n"}, "conllu")
    assert read_.sentences["sentence"].tolist() == [0, 1, 2, 3]
    assert read_.sentences["split"].tolist() == ["train", "train", "dev", "test"]
    assert read_.sentences["words"].tolist() == [["Va", "!"]] * 4
    assert read_.sentences["tags"].tolist() == [["VERB", "PUNCT"]] * 4
    assert read_.malformed.values.tolist() == [
        ["train", 7, "has 1 columns, not 10", "bad line"],
    ]
    assert (read_.dropped, read_.renamed, read_.repaired) == (1, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"a\tB-X\r\nb\tI-X\r\n\r\nc\tO\r\n",
        b"\xef\xbb\xbfa\tB-X\nb\tI-X\n\nc\tO",
        b"a\tB-X\nb\tI-X\n\t\nc\tO\n\n\n",
        b"a\tB-X\nb\tI-X\n\n\xef\xbb\xbfc\tO\n",
        b"a\tB-X\n\xef\xbb\xbf\xef\xbb\xbfb\tI-X\n\xef\xbb\xbf\nc\tO\n",
        b"a\tB-X\rb\tI-X\r\r\xef\xbb\xbfc\tO\r",
    ],
)
def test_line_ends_and_byte_order_mark(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, dict.fromkeys(SPLITS, content), "columns")
    assert found.sentences["words"].tolist() == [["a", "b"], ["c"]] * 3
    assert found.sentences["tags"].tolist() == [["B-X", "I-X"], ["O"]] * 3
    assert found.malformed.empty


def test_invalid_utf8_costs_its_sentence(tmp_path: Path) -> None:
    content = b"caf\xe9\tO\nx\tO\n\na\tO\nb\tO\n"
    found = read(tmp_path, dict.fromkeys(SPLITS, content), "columns")
    assert found.sentences["words"].tolist() == [["a", "b"]] * 3
    assert found.malformed["line"].tolist() == [1, 1, 1]
    assert set(found.malformed["problem"]) == {"is not valid UTF-8"}
    assert found.dropped == 3


def test_renamed_and_repaired_tags_are_counted(tmp_path: Path) -> None:
    content = "a\tI-X\nb\tI-X\nc\tB-OTH\n"
    found = read(tmp_path, dict.fromkeys(SPLITS, content), "columns", rename={"OTH": "O"})
    assert found.sentences["tags"].tolist() == [["B-X", "I-X", "O"]] * 3
    assert (found.renamed, found.repaired) == (3, 3)
    plain = {"scheme": "plain", "rename": {"I-X": "Z"}}
    found = read(tmp_path, dict.fromkeys(SPLITS, content), "columns", **plain)
    assert found.sentences["tags"].tolist() == [["Z", "Z", "B-OTH"]] * 3
    assert (found.renamed, found.repaired) == (6, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "train: has no lines"),
        ("\n\n", "train has no sentence"),
        ("# x\n", "train has no sentence"),
        ("a b\nc d\n", "only 0 of 1 sentences are well-formed"),
        ("a\tO\n\n" + "b\n" * 3, "only 2 of 5 lines are well-formed"),
    ],
)
def test_useless_files_are_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, dict.fromkeys(SPLITS, content), "columns", comments="#")


EMPTY = "a\tO\n\n"
BILOU = "Al\tU-PER\n\nNew\tB-LOC\nYork\tL-LOC\n\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            EMPTY + BILOU,
            "only 1 of 3 sentences are well-formed (line 3 has 'U-PER', which is not a tag of "
            "IOB2); set columns.scheme to BILOU, under which 3 of 3 are",
        ),
        (
            EMPTY * 400 + BILOU * 100,
            "only 0 of 200 sentences with entities are well-formed (line 801 has 'U-PER', which "
            "is not a tag of IOB2); set columns.scheme to BILOU, under which 600 of 600 are",
        ),
        (
            EMPTY * 9 + "Al\tS-PER\nb\tB-X\nc\tE-X\n",
            "only 0 of 1 sentences with entities are well-formed (line 19 has 'S-PER', which is "
            "not a tag of IOB2); set columns.scheme to IOBES, under which 10 of 10 are",
        ),
        (
            (EMPTY + BILOU).replace("\t", " "),
            "only 0 of 3 sentences are well-formed (line 1 has 1 columns, not 2 or more); set "
            "columns.separator to space and columns.scheme to BILOU, under which 3 of 3 are",
        ),
        (
            "Al B-PER\n\nb O\n",
            "only 0 of 2 sentences are well-formed (line 1 has 1 columns, not 2 or more); set "
            "columns.separator to space, under which 2 of 2 are",
        ),
        (
            "a\tDT\nb\tNN\n",
            "only 0 of 1 sentences are well-formed (line 1 has 'DT', which is not a tag of IOB2); "
            "correct columns.tag; or, if the tags are not entities, set columns.scheme to plain",
        ),
    ],
)
def test_a_file_of_another_layout_is_refused_with_the_one_that_fits(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path, dict.fromkeys(SPLITS, content), "columns")
    assert str(caught.value) == f"corpus c: train: {message}"


def test_a_file_is_read_under_the_scheme_that_fits(tmp_path: Path) -> None:
    found = read(tmp_path, dict.fromkeys(SPLITS, EMPTY + BILOU), "columns", scheme="BILOU")
    assert found.sentences["tags"].tolist() == [["O"], ["B-PER"], ["B-LOC", "I-LOC"]] * 3
    assert (found.dropped, found.repaired) == (0, 0)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (line("2", "le", "_"), "(line 2 has no upos); check the corpus's reader and member"),
        (
            line("2", "le", "_") + "\n" + line("3", "x", "_"),
            "(line 2 has no upos); check the corpus's reader and member",
        ),
        (line("3", "le"), "(line 2 has word 3 after word 1); check the corpus's reader and member"),
    ],
)
def test_one_bad_cell_a_sentence_is_named(tmp_path: Path, bad: str, message: str) -> None:
    """Most lines are well-formed, and not one sentence."""
    bad_one = "\n".join([line("1", "du"), bad.replace("\tY\t", "\t_\t"), *["# x"] * 3, ""])
    with pytest.raises(UserError) as caught:
        read(tmp_path, dict.fromkeys(SPLITS, "\n".join([bad_one] * 9)), "conllu")
    where = "corpus c: train: only 0 of 9 sentences are well-formed "
    assert str(caught.value) == where + message


def test_the_other_tags_of_a_treebank_are_named(tmp_path: Path) -> None:
    content = "\n".join([line("1", "Va", "_", "V"), "", line("1", "du", "X", "_"), "", *GOOD])
    content += "\n\n" + line("1", "le", "_", "D")
    contents = dict.fromkeys(SPLITS, f"{content}\n\n{line('1', 'x', '_', 'D')}\n")
    with pytest.raises(UserError, match="set tags of the dataset to xpos, under which 4 of 5 are"):
        read(tmp_path, contents, "conllu")


def test_a_comment_of_a_lost_sentence_is_no_entity() -> None:
    layout = ColumnLayout(separator="space", comments="#")
    assert not has_entities(["# text = a b", "a O", "b O"], layout)
    assert has_entities(["# text = a b", "a O", "b B-PER"], layout)
