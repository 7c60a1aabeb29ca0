"""Reading members of zip archives in place: what is read, and what is refused."""

import gzip
import io
import random
import stat
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest

from nlpflow.download import archives
from nlpflow.download.archives import open_member
from nlpflow.errors import UserError

TEXT = "Go.\tVa !\nRun!\tCours\u202f!\n".encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A small archive as the upstreams make them."""
    path = tmp_path / "fra-eng.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("_about.txt", "about")
        packed.writestr("data/", "")
        packed.writestr("data/fra.txt", TEXT)
    return path


def refusal(path: Path, member: str | None) -> str:
    """The one line with which reading all of `member` ends."""
    with pytest.raises(UserError) as caught, open_member(path, member) as stream:
        stream.read()
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    if member is not None:
        assert repr(member) in message
    return message


def test_member_is_read_in_place(archive: Path) -> None:
    before = sorted(archive.parent.iterdir())
    with open_member(archive, "data/fra.txt") as stream:
        lines = list(io.TextIOWrapper(stream, "utf-8"))
    assert lines == ["Go.\tVa !\n", "Run!\tCours\u202f!\n"]
    assert sorted(archive.parent.iterdir()) == before


def test_member_larger_than_one_buffer(tmp_path: Path) -> None:
    content = random.Random(0).randbytes(300_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", content)
    with open_member(tmp_path / "a.zip", "a") as stream:
        assert b"".join(iter(lambda: stream.read(7_001), b"")) == content


def test_plain_file_and_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(TEXT) + gzip.compress(TEXT))
    with open_member(tmp_path / "a.txt", None) as stream:
        assert stream.read() == TEXT
    with open_member(tmp_path / "a.txt.gz", None) as stream:
        assert stream.read() == TEXT + TEXT  # several gzip members are one file


def test_callers_own_error_passes_unchanged(archive: Path) -> None:
    with pytest.raises(OSError, match="of the caller"), open_member(archive, "data/fra.txt"):
        raise OSError("of the caller")


def test_missing_member_names_the_nearest(archive: Path) -> None:
    message = refusal(archive, "data/fr.txt")
    assert "did you mean 'data/fra.txt'?" in message
    assert "'_about.txt'" in message
    assert "'data/'" not in message


def test_missing_member_lists_eight_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as packed:
        for number in range(11):
            packed.writestr(f"{number:02}\n" + "x" * 500, "")
    message = refusal(tmp_path / "many.zip", "fra.txt")
    assert "'07\\nxx" in message
    assert "'08" not in message
    assert message.endswith("and 3 more")
    assert len(message) < 1500


def test_two_members_of_one_name(tmp_path: Path) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "twice.zip", "w") as packed:
        warnings.simplefilter("ignore")
        packed.writestr("a.txt", "one")
        packed.writestr("a.txt", "two")
    assert "2 times" in refusal(tmp_path / "twice.zip", "a.txt")


@pytest.mark.parametrize("member", ["../fra.txt", "/etc/passwd", "C:\\fra.txt"])
def test_a_name_is_no_path(tmp_path: Path, member: str) -> None:
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as packed:
        packed.writestr(member, TEXT)
    with open_member(tmp_path / "odd.zip", member) as stream:
        assert stream.read() == TEXT
    assert [path.name for path in tmp_path.iterdir()] == ["odd.zip"]


def test_symbolic_link(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as packed:
        packed.writestr(link, "/etc/passwd")
    assert "link" in refusal(tmp_path / "link.zip", "link.txt").split("member 'link.txt'")[1]


def test_folder(archive: Path) -> None:
    assert "a folder" in refusal(archive, "data/")


def test_encrypted(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    entry = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    entry = content.index(b"PK\x01\x02", entry + 1)
    content[entry + 8] |= 1  # general purpose flags, bit 0
    archive.write_bytes(content)
    assert "encrypted" in refusal(archive, "data/fra.txt")


def test_wrong_checksum(archive: Path) -> None:
    content = archive.read_bytes()
    checksum = struct.pack("<L", zlib.crc32(TEXT))
    archive.write_bytes(content.replace(checksum, b"\x00\x01\x02\x03"))
    assert "Bad CRC-32" in refusal(archive, "data/fra.txt")


def test_damaged_content(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    start = content.index(b"data/fra.txt") + len(b"data/fra.txt")
    content[start : start + 8] = b"\xff" * 8
    archive.write_bytes(content)
    assert "truncated or damaged" in refusal(archive, "data/fra.txt")


def test_truncated_archive(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(UserError, match=r"fra-eng\.zip: truncated or not a zip"):
        open_member(archive, "data/fra.txt").__enter__()


def test_missing_files(tmp_path: Path) -> None:
    for member in (None, "fra.txt"):
        with pytest.raises(UserError, match=r"no\.zip: cannot be read: No such file"):
            open_member(tmp_path / "no.zip", member).__enter__()


@pytest.mark.parametrize("kept", [5, -1, -8])
def test_truncated_gzip(tmp_path: Path, kept: int) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(TEXT)[:kept])
    assert "truncated or damaged" in refusal(tmp_path / "a.gz", None)


def test_page_instead_of_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"<html></html>")
    assert "truncated or damaged" in refusal(tmp_path / "a.gz", None)


def test_bomb_by_header(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(1_000_000))
    assert "more than 200 times" in refusal(tmp_path / "bomb.zip", "zeros")


def test_bomb_whose_header_lies_about_its_packed_size(tmp_path: Path) -> None:
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(1_000_000))
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 20 : entry + 24] = struct.pack("<L", 1_000_000)
    path.write_bytes(content)
    assert "more than 200 times" in refusal(path, "zeros")


def test_gzip_bomb_is_stopped_early(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(10_000_000)))
    with open_member(tmp_path / "bomb.gz", None) as stream:
        assert len(stream.read(1_000_000)) == 1_000_000
        with pytest.raises(UserError, match="zip bomb"):
            stream.read(2_000_000)


def test_size_cap(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", len(TEXT))
    with open_member(archive, "data/fra.txt") as stream:
        assert stream.read() == TEXT
    monkeypatch.setattr(archives, "MAX_BYTES", len(TEXT) - 1)
    assert f"more than the {len(TEXT) - 1} bytes" in refusal(archive, "data/fra.txt")


def test_size_cap_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(random.Random(0).randbytes(50_000)))
    assert "more than the 1000 bytes" in refusal(tmp_path / "a.gz", None)


def test_cap_on_entries(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 2)
    with pytest.raises(UserError, match=r"fra-eng\.zip: 3 entries, more than the 2 allowed"):
        open_member(archive, "data/fra.txt").__enter__()
