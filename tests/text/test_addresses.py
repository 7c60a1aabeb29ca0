"""Where local files lie."""

from pathlib import Path

import pytest

from nlpflow.text.addresses import own_file


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
