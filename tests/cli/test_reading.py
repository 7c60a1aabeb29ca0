"""Every verb that reads texts takes the same ones, in the same ways, and answers them alike."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.tiny import ENTITIES, LANGUAGES, TAGS, TRANSLATION, VECTORS
from faults.typed import Said, Typed, nlpflow, through_head, train_runs
from nlpflow.cli import main
from nlpflow.text.streams import LONGEST_LINE
from project import ROOT

READERS = {
    "translate": ["translate", TRANSLATION, "--beam", "2", "--top", "1"],
    "identify": ["identify", LANGUAGES],
    "tag": ["tag", TAGS, "--format", "columns"],
    "entities": ["tag", ENTITIES, "--format", "colour", "--top", "2"],
    "neighbours": ["neighbours", VECTORS, "--top", "3"],
    "analogy": ["analogy", VECTORS],
}
"""The verbs that read texts, with a run, and options so that answers differ."""
LINES = {"neighbours": ["a", "b", "c"]}
EMPTY = {"translate": b"3\t0.0000\t\n", "identify": b"und\t0.0000\n"}
"""The answer to an empty third line; an empty line where a verb is not named."""
STRICT = ("neighbours", "analogy")
"""The verbs that cannot answer words which they do not know: they name them, with status 1."""
Call = Callable[..., Said]

readers = pytest.mark.parametrize("verb", READERS)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_runs(tmp_path_factory.mktemp("reading"))


@pytest.fixture
def call(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """What a command says in the folder of the runs; arguments before and after the verb's own."""
    monkeypatch.chdir(place)

    def called(verb: str, *arguments: str, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main([*READERS[verb], *arguments])
        out, err = capsysbinary.readouterr()
        return Said(status, out, err.decode())

    return called


def lines_of(verb: str) -> list[str]:
    return LINES.get(verb, ["a b c", "d a g", "c d e"])


def text_of(verb: str, end: str = "\n") -> bytes:
    return "".join(line + end for line in lines_of(verb)).encode()


def words_of(verb: str) -> list[str]:
    """Texts as arguments; an analogy has one text, of three words."""
    return lines_of(verb)[0].split() if verb == "analogy" else lines_of(verb)


def answered(said: Said) -> bytes:
    assert (said.status, "Traceback" in said.err) == (0, False), said.err
    return said.out


def refused(said: Said) -> str:
    """The one line of an error."""
    assert said.status == 1, said.err
    message = said.err.removesuffix("\n")
    assert message.startswith("nlpflow: ")
    assert message.isprintable()
    assert len(message) < 300
    return message.removeprefix("nlpflow: ")


def unanswered(said: Said) -> str:
    """What is said of the words that are unknown."""
    assert said.status == 1, said.err
    assert all(line.startswith("nlpflow: ") for line in said.err.splitlines())
    return said.err


def split(verb: str, out: bytes) -> list[bytes]:
    """The answers to the lines of the input."""
    block = {"tag": rb"(?:[^\n]+\n)*\n", "entities": rb"(?:1 .*\n2 .*|.*)\n"}
    return re.findall(block.get(verb, rb".*\n"), out)


@readers
def test_arguments_files_and_standard_input(place: Path, call: Call, verb: str) -> None:
    (place / "in.txt").write_bytes(text_of(verb))
    out = answered(call(verb, "--input", "in.txt"))
    assert len(split(verb, out)) == 3
    assert answered(call(verb, stdin=text_of(verb))) == out
    assert answered(call(verb, "--input", "-", stdin=text_of(verb))) == out
    if verb == "analogy":
        out = out.splitlines(keepends=True)[0]
    assert answered(call(verb, *words_of(verb))) == out
    assert answered(call(verb)) == b""


@readers
def test_every_way_to_end_a_line(call: Call, verb: str) -> None:
    out = answered(call(verb, stdin=text_of(verb)))
    for content in (
        text_of(verb, "\r\n"),
        b"\xef\xbb\xbf" + text_of(verb),
        b"".join(b"\xef\xbb\xbf" + line for line in text_of(verb).splitlines(keepends=True)),
        text_of(verb).removesuffix(b"\n"),
    ):
        assert answered(call(verb, stdin=content)) == out


@readers
def test_an_empty_line_has_an_answer_of_its_own(call: Call, verb: str) -> None:
    first, second, *_ = lines_of(verb)
    whole = split(verb, answered(call(verb, stdin=f"{first}\n{second}\n\n \n{first}\n".encode())))
    assert len(whole) == 5
    assert whole[2] == EMPTY.get(verb, b"\n")
    assert whole[4].split(b"\t")[1:] == whole[0].split(b"\t")[1:]  # but for the line's number


def test_words_stand_between_spaces_and_tabs_of_ascii(call: Call) -> None:
    sentence = "Mont\u00a0Blanc\t10\u202f000  a\u3000b \u200b \ufeff\u00ad c"
    rows = answered(call("tag", sentence)).decode().splitlines()
    words = [row.split("\t")[0] for row in rows]
    assert words == ["Mont\u00a0Blanc", "10\u202f000", "a\u3000b", "c", ""]
    said = call("analogy", stdin="a\u00a0b c d\n".encode())
    assert refused(said).startswith("standard input, line 1: word 'a b' is unknown")


@readers
def test_control_characters_stay_out(call: Call, verb: str) -> None:
    line = "a\x1b[31m\x07 b\x85\u2028\x9b2J\x00 c\x7f\r"
    said = call(verb, stdin=(line + "x\n" + lines_of(verb)[0] + "\n").encode())
    assert all(row.isprintable() for row in said.err.splitlines())
    if verb in STRICT:
        assert said.status == 1
        assert all(row.isprintable() for row in said.out.decode().replace("\t", " ").splitlines())
        return
    out = answered(said).decode()
    if verb == "entities":  # the colours are ours
        out = "".join(part.partition("m")[2] for part in ("m" + out).split("\x1b["))
    assert all(cell.isprintable() for row in out.split("\n") for cell in row.split("\t"))
    assert len(split(verb, said.out)) == 2


@readers
@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"b \xff", "is not valid UTF-8 (byte 3)"),
        (b"x" * (LONGEST_LINE + 10), "is longer than 1,000,000 bytes"),
    ],
    ids=["bytes", "endless"],
)
def test_a_line_at_fault_ends_the_command(
    place: Path, call: Call, verb: str, line: bytes, problem: str
) -> None:
    first = lines_of(verb)[0].encode() + b"\n"
    (place / "in.txt").write_bytes(first + line + b"\n" + first)
    (place / "out.txt").write_text("old")
    said = call(verb, "--input", "in.txt")
    assert refused(said).startswith(f"in.txt, line 2: {problem}")
    assert said.out == answered(call(verb, stdin=first))
    message = refused(call(verb, "--output", "out.txt", stdin=first + line))
    assert message.startswith(f"standard input, line 2: {problem}")
    assert (place / "out.txt").read_text() == "old"


@readers
def test_invalid_bytes_in_an_argument_are_replaced(call: Call, verb: str) -> None:
    words = [os.fsdecode(word.encode() + b"\xff") for word in words_of(verb)]
    said = call(verb, *words)
    if verb in STRICT:
        assert "word 'a\ufffd' is unknown: " in unanswered(said)
    else:
        assert len(split(verb, answered(said))) == 3


@readers
def test_options_stand_anywhere(call: Call, verb: str) -> None:
    words = words_of(verb)
    expected = answered(call(verb, *words, "--top", "2"))
    assert answered(call(verb, "--top", "2", *words)) == expected
    assert answered(call(verb, words[0], "--top", "2", *words[1:])) == expected
    assert answered(call(verb, "--top", "2", "--", *words)) == expected
    assert call(verb, "-a").status == 2
    said = call(verb, "--", "-a", *words[1:])
    if verb in STRICT:
        assert "word '-a' is unknown" in unanswered(said)
    else:
        answered(said)


@readers
def test_the_output_is_replaced_when_complete(place: Path, call: Call, verb: str) -> None:
    expected = answered(call(verb, stdin=text_of(verb)))
    (place / "both.txt").write_bytes(text_of(verb))
    before = sorted(os.listdir(place))
    said = call(verb, "--input", "both.txt", "--output", "both.txt")
    assert answered(said) == b""
    assert (place / "both.txt").read_bytes() == expected
    assert sorted(os.listdir(place)) == before


@readers
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--input", "missing.txt"], "missing.txt: cannot be read: No such file or directory"),
        (["--input", "data"], "data: cannot be read: Is a directory"),
        (["--output", "data"], "/data: is not a regular file, so it cannot be replaced"),
        (["--output", "no/out.txt"], "/no/out.txt: cannot be written: No such file or directory"),
    ],
)
def test_files_that_cannot_be_used(
    place: Path, call: Call, verb: str, arguments: list[str], message: str
) -> None:
    assert refused(call(verb, *arguments)).removeprefix(str(place.resolve())).startswith(message)


@readers
def test_wrong_usage(call: Call, verb: str) -> None:
    for arguments in (
        [*words_of(verb), "--input", "in.txt"],
        ["--top", "0"],
        ["--top", "many"],
        ["--tpo", "1"],
    ):
        said = call(verb, *arguments)
        assert (said.status, said.out) == (2, b"")
        assert said.err.startswith("nlpflow: ")
        assert said.err.endswith(f"(see nlpflow {READERS[verb][0]} --help)\n")
        assert said.err.count("\n") == 1


@readers
def test_the_output_is_utf8_whatever_the_locale(
    place: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.chdir(place)
    streams = {name: io.TextIOWrapper(io.BytesIO(), "ascii") for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    status = main([*READERS[verb], *words_of(verb)[:-1], "é"])
    assert status == (1 if verb in STRICT else 0)
    for stream in streams.values():
        stream.flush()
    said = b"".join(stream.buffer.getvalue() for stream in streams.values())
    assert verb in ("translate", "identify") or "é".encode() in said


def test_the_locale_c(place: Path) -> None:
    """As typed, with all that Python does about this locale of its own accord switched off."""
    ascii_only = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "nlpflow.cli", "tag", TAGS, "é".encode()],
        cwd=place,
        env=os.environ | ascii_only | {"PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().split("\t")[0] == "é"


@readers
def test_nobody_reads_the_answers_to_an_endless_input(place: Path, verb: str) -> None:
    """Status 141 and silence, and it comes to that: memory does not grow."""
    (place / "endless").unlink(missing_ok=True)
    os.mkfifo(place / "endless")
    with subprocess.Popen(["sh", "-c", 'yes "$1" > endless', "sh", lines_of(verb)[0]], cwd=place):
        said = nlpflow(place, *READERS[verb], "--input", "endless", read=False)
    assert (said.status, said.err) == (141, "")


def test_head_gets_what_it_asks_for(place: Path) -> None:
    said = through_head(place, 1, "neighbours", VECTORS, *["a"] * 20_000)
    assert (said.status, said.err) == (141, "")
    assert said.out.count(b"\n") == 1


@readers
def test_on_a_terminal_each_line_is_answered_at_once(place: Path, verb: str) -> None:
    own, theirs = os.openpty()
    typed = Typed(place, *READERS[verb], terminal=os.ttyname(theirs))
    seen = b""
    for line in lines_of(verb):
        os.write(own, line.encode() + b"\n")
        seen = b""
        while not split(verb, seen.replace(b"\r", b"").removeprefix(line.encode() + b"\n")):
            seen += os.read(own, 4096)
    os.write(own, b"\x04")
    assert typed.end().status == 0
    assert b"%|" not in seen  # no bar
    os.close(own)
    os.close(theirs)


def test_a_full_disk(place: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nlpflow.cli", "identify", LANGUAGES, "a"],
            cwd=place,
            env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    message = b"nlpflow: standard output: cannot be written: No space left on device\n"
    assert done.stderr == message
