"""The pages that the site is built from, and the check that it loads nothing from elsewhere."""

import re
from pathlib import Path

import pytest

import site_check
import site_pages
from project import ROOT


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    site_pages.write_pages(folder)
    return folder


def test_every_page_of_docs_is_there(pages: Path) -> None:
    docs = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    written = {path.relative_to(pages) for path in pages.rglob("*.md")}
    assert docs - {Path("README.md")} < written
    places = list(site_pages._places().values())
    assert sorted(places) == sorted(set(places))
    assert {Path("index.md"), Path("config.md"), Path("lessons/1-tensors.md")} < written


def test_every_page_is_in_the_navigation(pages: Path) -> None:
    written = {path.relative_to(pages).as_posix() for path in pages.rglob("*.md")}
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
    named = re.findall(r"[\w/-]+\.md", navigation)
    assert sorted(named) == sorted(page for page in written if not page.startswith("files/"))


def test_every_link_leads_to_a_page_or_picture(pages: Path) -> None:
    for page in pages.rglob("*.md"):
        if page.relative_to(pages).parts[0] not in ("api", "files"):
            links = re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
            assert [link for link in links if not (page.parent / link).is_file()] == [], page


def test_a_module_is_linked_where_the_api_has_it(pages: Path) -> None:
    page = (pages / "training.md").read_text(encoding="utf-8")
    assert "](api/training.md#nlpflow.training.loop)" in page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $x^2$ b", "<msup>"),
        ("$$s = x$$", 'display="block"'),
        ("`$HOME` and `$PATH`", "`$HOME` and `$PATH`"),
    ],
)
def test_formulas_are_mathml_and_code_is_not(text: str, expected: str) -> None:
    page = site_pages._lesson(f"# %% [markdown]\n# {text}\n")
    assert expected in page
    assert ("<math" in page) == ("`" not in text)


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        '<img src="HTTP://example.org/a.png">',
        "<style>@import 'https://example.org/a.css';</style>",
        '<p style="background: url(https://example.org/a.png)">',
    ],
)
def test_what_loads_from_elsewhere_is_found(page: str) -> None:
    assert len(site_check.outside(page)) == 1


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://example.org">there</a>',
        '<img src="a.png"><script src="../b.js"></script>',
        '<img src="data:image/png;base64,AA//AA">',
        "<code>@import 'https://example.org/a.css'</code>",
    ],
)
def test_what_stays_here_is_not(page: str) -> None:
    assert site_check.outside(page) == []


def test_a_site_that_is_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["site_check.py", str(tmp_path)])
    with pytest.raises(SystemExit, match="no pages"):
        site_check.main()
    (tmp_path / "a.html").write_text('<img src="https://example.org/a.png">')
    with pytest.raises(SystemExit, match=r"a\.html: loads https://example\.org/a\.png"):
        site_check.main()
