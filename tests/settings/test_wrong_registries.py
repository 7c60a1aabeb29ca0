"""A registry that is wrong ends in one line, and what a corpus may bring is read."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nlpflow.errors import UserError
from nlpflow.settings.loading import load_config, read_yaml
from settings.wrong import (
    CONFIG,
    DIGEST,
    REGISTRY,
    KeyPath,
    changed,
    one_line,
    read_registry,
    refusal,
    registry_refusal,
    write,
)

pytestmark = pytest.mark.long

FILES: list[dict[str, Any]] = REGISTRY["aligned"]["files"]


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("tiny", "files", 0, "sha256"), DIGEST[:-1], f"not '{DIGEST[:-1]}'"),
        (("tiny", "files", 0, "sha256"), DIGEST.upper(), f"not '{DIGEST.upper()}'"),
        (("tiny", "files", 0, "sha256"), 10**63, "but the number is too large"),
        (("tiny", "files", 0, "size"), 0, "not 0"),
        (("tiny", "files", 0, "address"), "", "not ''"),
        (("tiny", "files", 0, "address"), "ftp://example.org/a", "only http, https and local"),
        (("tiny", "files", 0, "address"), "file:///etc/passwd", "only http, https and local"),
        (("tiny", "files", 0, "address"), "http://[", "URL"),
        (("tiny", "files", 0, "address"), "https://a.org/b?c=d", "a query or fragment"),
        (("tiny", "files", 0, "address"), "https://a.org/../b", "must be a plain name"),
        (("tiny", "files", 0, "copies"), ["pairs.tsv"], "only http:// and https://"),
        (("tiny", "files", 0, "copies"), ["https://example.org/a/"], "must be a plain name"),
        (
            ("tiny", "files", 0, "copies"),
            ["http://EXAMPLE.org:80/tiny%2etsv"],
            "the same address is listed twice",
        ),
        (
            ("tiny", "files", 0),
            {"address": "pairs.tsv", "copies": ["https://example.org/tiny.tsv"]},
            "copies: only for a download",
        ),
        (
            ("tiny", "files", 0, "version", "date"),
            datetime.date(2019, 4, 7),
            "not the date 2019-04-07 (put it in quotes)",
        ),
        (("tiny", "files", 0, "version", "date"), "April 2019", "not 'April 2019'"),
        (("tiny", "files", 0, "address"), "pairs.tsv", "sha256: only for a download"),
        (("tiny", "files", 0, "language"), "eng", "one file, without 'language'"),
        (("tiny", "files", 0, "language"), False, "YAML reads yes, no, on and off"),
        (
            ("tiny", "files", 0, "split"),
            "train",
            "no file of split test, only of train; either remove",
        ),
        (("tiny", "files", 0, "split"), "dev", "no file of split test, only of dev; either remove"),
        (("tiny", "files", 0, "split"), "test", "name them under `test_sets` of a config"),
        (("tiny", "files", 0, "split"), "valid", "'train', 'dev' or 'test'"),
        (("tiny", "files"), [], ""),
        (("tiny", "files"), {"address": "a"}, "should be a list"),
        (("tiny", "files"), [{"address": "a"}, {"address": "b"}], "needs one file"),
        (("tiny", "files"), ["a"], "files.0: input should be a mapping"),
        (("tiny", "languages"), [], ""),
        (("tiny", "languages"), ["eng"], "reader 'tsv' needs exactly two codes"),
        (("tiny", "languages"), ["eng", "eng"], "the same code is listed twice"),
        (("tiny", "languages"), ["eng", "fra", "deu"], "needs exactly two codes"),
        (("tiny", "languages"), ["eng", "French"], "not 'French'"),
        (("tiny", "reader"), "csv", "'word_pairs' or 'analogies', not 'csv'"),
        (("tiny", "reader"), "aligned", "one file per language"),
        (("tiny", "title"), "", "not ''"),
        (("tiny", "licence"), None, "not None"),
        (("aligned", "files"), FILES[:-1], "one file per language"),
        (("aligned", "files"), [*FILES, FILES[0]], "one file per language"),
        (("aligned", "files"), FILES[:4], "of dev and train; either remove 'split' from"),
        (("aligned", "files"), FILES[2:], "no file of split train; name them"),
        (("treebank", "files"), REGISTRY["treebank"]["files"][1:], "train; add train, or leave"),
        (("aligned", "files", 0, "split"), None, "either every file has a split or none has"),
        (("aligned", "files", 0, "language"), "fra", "one file per language"),
        (("aligned", "files", 0, "language"), None, "one file per language"),
        (("treebank", "files", 0, "language"), "eng", "takes no 'language'"),
        (("treebank", "files", 0, "split"), None, "either every file has a split or none has"),
        (("treebank", "annotations"), "notes.tsv", "annotations are for pairs"),
        (("treebank", "columns"), {}, "required with reader 'columns', and only there"),
        (("entities", "columns"), None, "required with reader 'columns', and only there"),
        (("entities", "columns", "word"), 2, "word and tag are both column 2"),
        (("entities", "columns", "word"), 0, "not 0"),
        (("entities", "columns", "comments"), "", "not ''"),
        (
            ("entities", "columns", "scheme"),
            "IOB1",
            "'IOB2', 'IOBES', 'BILOU' or 'plain', not 'IOB1'",
        ),
        (("entities", "columns", "rename"), {"A": "b/c"}, "not 'b/c'"),
        (("lists", "files", 0, "language"), None, "reader 'lines' needs one file per language"),
        (("lists", "files", 0, "language"), "deu", "reader 'lines' needs one file per language"),
        (("lists", "languages"), ["eng", "fra", "fra"], "the same code is listed twice"),
        (("lists", "annotations"), "notes.tsv", "annotations are for pairs"),
        (("lists", "files", 0, "split"), "train", "either every file has a split or none has"),
        (
            ("lists",),
            REGISTRY["lists"]
            | {
                "reader": "analogies",
                "files": [
                    {"address": name, "language": name, "split": "test"}
                    for name in ("eng", "fra", "deu")
                ],
            },
            "reader 'analogies' takes no 'split'",
        ),
        (("a/b",), REGISTRY["tiny"], "not 'a/b'"),
        ((1,), REGISTRY["tiny"], "not 1"),
        (("tiny",), None, "should be a mapping"),
    ],
)
def test_wrong_corpus(tmp_path: Path, path: KeyPath, value: Any, reason: str) -> None:
    message = registry_refusal(changed(REGISTRY, path, value), tmp_path)
    assert message.startswith(f"registry wrong.yaml: {path[0]}")
    assert reason in message


def files_of(splits: Sequence[str | None], *languages: str | None) -> list[dict[str, Any]]:
    return [
        {"address": f"{name}.{split}", "language": name, "split": split}
        for name in languages
        for split in splits
    ]


@pytest.mark.parametrize(
    ("corpus", "splits", "languages"),
    [
        ("tiny", ["train", "test"], [None]),
        ("aligned", ["train", "test"], ["eng", "deu"]),
        ("treebank", ["train", "test"], [None]),
        ("treebank", ["test"], [None]),
        ("treebank", [None], [None]),
        ("entities", [None, None], [None]),  # several files, as many corpora have
        ("entities", ["train", "train", "test"], [None]),
        ("lists", ["train", "test"], ["eng", "fra", "deu"]),
        ("lists", ["train", "dev", "test"], ["eng", "fra", "deu"]),
        ("lists", ["test"], ["eng", "fra", "deu"]),
    ],
)
def test_splits_that_a_corpus_may_bring(
    tmp_path: Path, corpus: str, splits: list[str | None], languages: list[str | None]
) -> None:
    values = changed(REGISTRY, (corpus, "files"), files_of(splits, *languages))
    found = read_registry(write(tmp_path / "right.yaml", values))[corpus]
    assert found.splits == set(splits) - {None}
    assert found.has_own_split == bool(found.splits)
    assert found.lacks_dev == (found.splits == {"train", "test"})


@pytest.mark.parametrize(
    "content",
    [
        b"a: [",
        b"a: \x01",
        b"a: !!python/object/apply:os.getcwd []",
        b"? [1]\n: 2",
        b"a: 2024-13-45",
        b"a: 0b_",
        b"[" * 5000,
        b"a: 1\n  b: 2",
        b"\ta: 1",
        b"*unknown",
        b"--- 1\n--- 2",
    ],
)
def test_no_valid_yaml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "corpora.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError, match="not valid YAML: ") as caught:
        read_yaml(path)
    assert one_line(str(caught.value)).startswith(str(path))


@pytest.mark.parametrize("name", ["missing.yaml", "a\nb", "a\0b", "latin.yaml"])
def test_registry_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "latin.yaml").write_bytes("é".encode("latin-1"))
    with pytest.raises(UserError, match="cannot be read: ") as caught:
        load_config(changed(CONFIG, ("registry",), name), tmp_path)
    assert one_line(str(caught.value))


@pytest.mark.parametrize("name", ["", "\ud800"])
def test_registry_is_no_name_of_a_file(root: Path, name: str) -> None:
    message = refusal(changed(CONFIG, ("registry",), name), root)
    assert message.startswith("config: registry.0: ")
