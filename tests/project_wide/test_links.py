"""Every link of a page to a file of the project, or to a heading of a page, leads somewhere."""

import re
from functools import cache
from pathlib import Path

import pytest

from project import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "config/README.md"])


@cache
def anchors(page: Path) -> set[str]:
    """The headings of a page as code hosts name them in addresses."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = []
    for link, anchor in links:
        if "://" in link:
            continue
        target = (page.parent / link).resolve() if link else page
        known = target.exists() and (not anchor or anchor in anchors(target))
        missing += [] if known else [f"{link}#{anchor}"]
    assert missing == []
