"""Lines of a stream in chunks; a file that appears only when complete."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.errors import UserError
from nlpflow.text import streams
from nlpflow.text.streams import LONGEST_LINE, open_input, read_chunks, replacing


def read(content: bytes, most: int = 3) -> list[streams.Chunk]:
    return list(read_chunks(io.BytesIO(content), "a file", most))


def refusal(content: bytes, most: int = 3) -> tuple[list[str], str]:
    """The lines that were given out before, and the message."""
    found = []

    def collect() -> None:
        for chunk in read_chunks(io.BytesIO(content), "a file", most):
            found.extend(chunk.lines)

    with pytest.raises(UserError) as caught:
        collect()
    assert str(caught.value).isprintable()
    return found, str(caught.value)


@given(
    st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))),
    st.integers(1, 5),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_every_line_once_and_in_order(texts, most: int, end: str, last: bool) -> None:
    texts = [text.rstrip("\r").lstrip("\ufeff") for text in texts]
    content = "".join(text + end for text in texts).encode()
    if not last and texts and texts[-1]:
        content = content.removesuffix(end.encode())
    chunks = read(content, most)
    assert [line for chunk in chunks for line in chunk.lines] == texts
    assert [len(chunk.lines) for chunk in chunks[:-1]] == [most] * (len(chunks) - 1)
    assert sum(chunk.size for chunk in chunks) == len(content)
    first = 1
    for chunk in chunks:
        assert chunk.first == first
        first += len(chunk.lines)


def test_only_line_feeds_end_a_line() -> None:
    (chunk,) = read("a\u2028b\x85c\x0bd\re\n".encode())
    assert chunk.lines == ["a\u2028b\x85c\x0bd\re"]


def test_byte_order_mark_and_nothing_at_all() -> None:
    assert read(b"\xef\xbb\xbfa\n\xef\xbb\xbfb")[0].lines == ["a", "b"]
    assert read("a\ufeffb\r\n\ufeff\r\n".encode())[0].lines == ["a\ufeffb", ""]
    assert read(b"") == []


def test_long_lines_make_short_chunks(monkeypatch) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", 10)
    assert [chunk.lines for chunk in read(b"12345\n12345\n1\n2\n3\n4\n")] == [
        ["12345", "12345"],
        ["1", "2", "3"],
        ["4"],
    ]


@pytest.mark.parametrize("bad", [b"ab\xff\n", b"\xc3", b"\xed\xa0\x80\n"])
def test_invalid_utf8_names_the_line(bad: bytes) -> None:
    found, message = refusal(b"a\nb\nc\nd\n" + bad)
    assert found == ["a", "b", "c", "d"]
    assert message.startswith("a file, line 5: is not valid UTF-8")


def test_a_line_too_long_for_a_sentence() -> None:
    assert read(b"x" * LONGEST_LINE + b"\r\nb")[0].lines[0] == "x" * LONGEST_LINE
    found, message = refusal(b"a\n" + b"x" * (LONGEST_LINE + 1) + b"\n")
    assert found == ["a"]
    assert message.startswith("a file, line 2: is longer than 1,000,000 bytes")


class Endless(io.RawIOBase):
    """A stream without end; notes how much was read of it."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        buffer[:7] = b"a line\n"
        self.given += 7
        return 7


def test_no_more_is_read_than_needed() -> None:
    stream = Endless()
    chunks = read_chunks(io.BufferedReader(stream, 64), "endless", 100)
    for _ in range(3):
        assert len(next(chunks).lines) == 100
    assert stream.given < 2200


@pytest.mark.parametrize("name", ["missing", ""])
def test_input_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="cannot be read"), open_input(tmp_path / name):
        pass


def test_the_file_appears_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    with replacing(path) as stream:
        stream.write("néw\n")
        stream.flush()
        assert path.read_text() == "old"
    assert path.read_bytes() == "néw\n".encode()
    assert os.listdir(tmp_path) == ["out.txt"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")

    def interrupted() -> None:
        with replacing(path) as stream:
            stream.write("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.txt"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    with replacing(tmp_path / "link") as stream:
        stream.write("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


@pytest.mark.parametrize("name", [os.devnull, ".", "no/such/folder"])
def test_outputs_that_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError), replacing(tmp_path / name):
        pass
