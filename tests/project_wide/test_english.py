"""Plain English: phrases that read twice do not come back into library, docs, help and captions."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from project import ROOT

FOLDERS = ("workflow", "rules", "docs", "lessons", "benchmarks", "config", "profiles", "tools")
ENDINGS = {".py", ".smk", ".rst", ".md", ".yaml"}
OLD = {
    "one row per split": r"\b(a|one) (row|column|panel|line|file) an? ",
    "deduplication key": r"\bfold keys?\b",
    "learning rate": r"\bstep sizes?\b",
    "is not UTF-8": r"\bno (valid )?UTF-8",
    "not valid YAML": r"\bno valid (YAML|JSON)",
    "out-of-vocabulary words": r"\bfurther words\b",
}
"""Patterns of the old wording, by what to write in its place."""


def pages() -> Iterator[Path]:
    yield from (ROOT / "README.md", ROOT / "Snakefile")
    for folder in FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in ENDINGS)


@pytest.mark.parametrize("new", OLD)
def test_the_old_wording_is_gone(new: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in pages()
        # A phrase may run over the end of a line, in code over quotation marks.
        for match in re.finditer(OLD[new], re.sub(r'[\s"#]+', " ", path.read_text()), re.I)
    ]
    assert found == [], f"write: {new}"
