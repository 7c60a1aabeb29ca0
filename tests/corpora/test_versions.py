"""Whether data are the version that the registry knows: by the text, not by the archive."""

import gzip
import hashlib
import zipfile
from pathlib import Path

import pytest

from nlpflow.corpora.versions import find_versions
from nlpflow.settings.registry import CorpusFile, Version

TEXT = "".join(f"Go {n}.\tVa {n} !\n" for n in range(30_000)).encode()
DIGEST = hashlib.sha256(TEXT).hexdigest()


def packed(path: Path, text: bytes, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("_about.txt", path.name)
        archive.writestr("fra.txt", text)
    return path


def entry(member: str | None = "fra.txt", **version: object) -> CorpusFile:
    values = {"date": "2019-04-07", "pairs": 30_000, "sha256": DIGEST} | version
    return CorpusFile(address="https://example.org/a", member=member, version=Version(**values))


def test_an_archive_that_is_packed_anew_has_the_same_text(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = [
        packed(tmp_path / "one.zip", TEXT),
        packed(tmp_path / "two.zip", TEXT, zipfile.ZIP_STORED),
    ]
    assert len({path.read_bytes() for path in files}) == 2
    found = find_versions(("pairs", entry(), path) for path in files)
    assert [(part.sha256, part.other_data) for part in found] == [(DIGEST, "")] * 2
    assert found[0].file == "https://example.org/a (fra.txt)"
    assert not caplog.messages


def test_another_text_is_said_with_the_date_and_the_number_of_pairs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = packed(tmp_path / "one.zip", TEXT + b"Hi.\tSalut !\n")
    (found,) = find_versions([("pairs", entry(), path)])
    assert found.other_data == (
        "pairs: data differ from those of the published results (2019-04-07, 30,000 pairs)"
    )
    assert found.sha256 != DIGEST
    assert caplog.messages == [f"warning: {found.other_data}: sha256 {found.sha256} of the text"]
    (found,) = find_versions([("pairs", entry(pairs=None), path)])
    assert found.other_data == "pairs: data differ from those of the published results (2019-04-07)"


def test_of_gz_it_is_the_text_inside_and_of_a_plain_file_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(TEXT))
    paths = [tmp_path / "a.txt", tmp_path / "a.txt.gz"]
    found = find_versions(("text", entry(None), path) for path in paths)
    assert [part.other_data for part in found] == ["", ""]


def test_a_version_without_a_digest_cannot_be_told(tmp_path: Path) -> None:
    assert find_versions([("pairs", entry(sha256=None), tmp_path / "none")]) == []
