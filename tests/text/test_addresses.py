"""Where files lie: local ones, and downloads, however their address is spelt."""

from pathlib import Path

import pytest

from nlpflow.errors import UserError
from nlpflow.text.addresses import own_file, raw_path


def test_the_project_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, working = tmp_path / "project", tmp_path / "working"
    for folder in (project, working):
        folder.mkdir()
        (folder / "both.tsv").touch()
    (working / "mine.tsv").touch()
    monkeypatch.chdir(working)
    assert own_file("both.tsv", project) == project / "both.tsv"
    assert own_file("mine.tsv", project) == Path("mine.tsv")
    assert own_file("none.tsv", project) == Path("none.tsv")
    assert own_file(str(working / "both.tsv"), project) == working / "both.tsv"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a/fra-eng.zip",
        "http://example.org/a/fra-eng.zip",
        "HTTPS://Example.ORG/a/fra-eng.zip",
        "https://example.org:443/a/fra-eng.zip",
        "http://example.org:80/a/fra-eng.zip",
        "http://example.org:/a/fra-eng.zip",
        "https://example.org:0443/a/fra-eng.zip",
        "https://example.org./a/fra-eng.zip",
        "https://example.org/%61/fra%2Deng%2ezip",
    ],
)
def test_however_an_address_is_spelt_it_is_one_file(address: str) -> None:
    assert raw_path(address) == "example.org/a/fra-eng.zip"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://example.org:8443/a.zip", "example.org:8443/a.zip"),
        ("https://example.org/A.zip", "example.org/A.zip"),
        ("https://example.org/%C3%A9.zip", "example.org/é.zip"),
        ("https://example.org/%2561.zip", "example.org/%61.zip"),
        ("http://[0:0::1]:8080/a.zip", "[::1]:8080/a.zip"),
        ("https://www.example.org/a.zip", "www.example.org/a.zip"),
    ],
)
def test_other_files_have_other_paths(address: str, path: str) -> None:
    assert raw_path(address) == path


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.org/a/./b.zip", "must be a plain name"),
        ("https://example.org/a/../b.zip", "must be a plain name"),
        ("https://example.org/%2E%2e/b.zip", "must be a plain name"),
        ("https://example.org//b.zip", "must be a plain name"),
        ("https://example.org/b.zip/", "must be a plain name"),
        ("https://example.org/a%2Fb.zip", "must be a plain name"),
        ("https://b\u00fccher.example/b.zip", "has characters beyond ASCII"),
        ("https://ex%61mple.org/b.zip", "has characters beyond ASCII"),
        ("https://[1::2::3]/b.zip", "not a valid address"),
    ],
)
def test_spellings_that_hide_the_file_are_refused(address: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        raw_path(address)
