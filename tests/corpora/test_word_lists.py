"""Lists of words: line ends, sections, and lines that are none."""

import pytest

from nlpflow.corpora.word_lists import read_analogies, read_word_pairs
from nlpflow.errors import UserError
from nlpflow.settings.registry import CorpusFile

FILE = CorpusFile(address="list.txt")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("between", [" ", "\t"])
def test_word_pairs(tmp_path, newline, between):
    path = tmp_path / "list.txt"
    lines = [between.join(line) for line in (("sun", "moon", "7.5"), ("Tea", "cup", "1"))]
    path.write_bytes((newline.join([*lines, "", ""])).encode())
    table = read_word_pairs(FILE, path)
    assert table.to_dict("list") == {
        "first": ["sun", "Tea"],
        "second": ["moon", "cup"],
        "score": [7.5, 1.0],
    }


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_joined_files_and_words_with_other_spaces(tmp_path, end):
    path = tmp_path / "list.txt"
    mark = b"\xef\xbb\xbf"
    path.write_bytes(mark + "Mont\u00a0Blanc lake 1".encode() + end + mark + b"tea cup 2" + end)
    assert read_word_pairs(FILE, path)["first"].tolist() == ["Mont\u00a0Blanc", "tea"]
    path.write_bytes(mark + b": x" + end + mark + "a b\u3000c d e".encode() + end)
    table = read_analogies(FILE, path)
    assert table.to_numpy().tolist() == [["x", "a", "b\u3000c", "d", "e"]]


def test_analogies(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("a b c d\n: capital cities\nParis France Rome Italy\n", encoding="utf-8")
    table = read_analogies(FILE, path)
    assert table["section"].tolist() == ["", "capital cities"]
    assert table.loc[1, ["a", "b", "c", "d"]].tolist() == ["Paris", "France", "Rome", "Italy"]


@pytest.mark.parametrize(
    ("read", "content", "message"),
    [
        (read_word_pairs, b"a b 1\na b\n", "line 2: not two words and a number"),
        (read_word_pairs, b"a b c\n", "line 1: not two words and a number"),
        (read_word_pairs, b"a b 1 2\n", "line 1: not two words and a number"),
        (read_word_pairs, b"a b 1\na b nan\n", "line 2: not two words and a number"),
        (read_word_pairs, b"a b inf\n", "line 1: not two words and a number"),
        (read_word_pairs, b"a b -Infinity\n", "line 1: not two words and a number"),
        (read_word_pairs, b"a b 1e999\n", "line 1: not two words and a number"),
        (read_word_pairs, b"a b 1_0\n", "line 1: not two words and a number"),
        (read_word_pairs, "a b ١\n".encode(), "line 1: not two words and a number"),
        (read_word_pairs, b"a b 1\nc\0 d 2\n", "line 2: has a NUL byte"),
        (read_word_pairs, b"a b 1\n\xff b 2\n", "line 2: is not valid UTF-8"),
        (read_word_pairs, b"\n", "has no lines"),
        (read_word_pairs, b"a b 1\n\xff b 1\n", "line 2: is not valid UTF-8"),
        (read_word_pairs, b"a b 1\nc\0 b 1\n", "line 2: has a NUL byte"),
        (read_word_pairs, "a \u200b 1\n".encode(), "line 1: not two words and a number"),
        (read_analogies, "a b c \u00ad\n".encode(), "line 1: not four words"),
        (read_analogies, b": x\na b c\n", "line 2: not four words"),
        (read_analogies, b": x\n", "has no lines"),
    ],
)
def test_other_content_is_refused_in_one_line(tmp_path, read, content, message):
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        read(FILE, path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("mark", ["\xa0", "\u2009", "\x85", "\u2028", "\x0b", "\x1c", "\u3000"])
def test_only_spaces_and_tabs_are_between_words(tmp_path, mark):
    path = tmp_path / "list.txt"
    path.write_text(f"Mont{mark}Blanc \t b -.5e1\n", encoding="utf-8")
    assert read_word_pairs(FILE, path).values.tolist() == [[f"Mont{mark}Blanc", "b", -5.0]]
    path.write_text(f": a{mark}b\na{mark}b b c d\n", encoding="utf-8")
    assert read_analogies(FILE, path).values.tolist() == [[f"a{mark}b", f"a{mark}b", *"bcd"]]
