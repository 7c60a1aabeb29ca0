"""The messages that docs/faults.md explains are those of the code."""

import re

import pytest

from project import ROOT

PAGE = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
OURS, SNAKEMAKES = PAGE.split("Snakemake's own messages:")
MESSAGES = [
    phrase
    for row in re.findall(r"^\| (`.*?) \|", OURS, flags=re.MULTILINE)
    for phrase in re.findall(r"`(.+?)`", row)
]


@pytest.fixture(scope="module")
def code() -> str:
    """The library's text, with strings that go on in the next line made one."""
    files = sorted((ROOT / "workflow/nlpflow").rglob("*.py"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return re.sub(r'"\s*\n\s*f?"', "", text)


@pytest.mark.parametrize("phrase", MESSAGES)
def test_a_message_of_the_page_is_in_the_code(code: str, phrase: str) -> None:
    assert phrase in code


def test_every_row_has_three_cells() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|")]
    assert len(MESSAGES) > 25
    assert len(re.findall(r"^\| `", SNAKEMAKES, flags=re.MULTILINE)) >= 5
    assert {row.count("|") for row in rows} == {4}
