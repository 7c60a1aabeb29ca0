"""Lessons: every one runs and its claims hold; a false claim fails; pages load nothing."""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("jupytext")  # lessons need the workflow's extra

from nlpflow.errors import UserError
from nlpflow.lesson_pages import claim
from nlpflow.lesson_pages.notebook import run_lesson
from nlpflow.lesson_pages.page import outside, page_of, write_page
from nlpflow.lesson_pages.runs import NO_RUN, LessonRun

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "lessons").glob("*.py"))
SCORES = {"accuracy": 98.7654, "f1_macro": 12.0}


@pytest.fixture
def run(tmp_path: Path) -> LessonRun:
    metrics = tmp_path / "results/task/small-run/seed-3/test/metrics.json"
    metrics.parent.mkdir(parents=True)
    metrics.write_text(json.dumps({"scores": SCORES}))
    return LessonRun("a small <run>", metrics)


def lesson(folder: Path, *cells: str) -> Path:
    """A lesson of code cells, after a heading and a cell of parameters."""
    path = folder / "small.py"
    head = '# %% [markdown]\n# # Small\n\n# %% tags=["parameters"]\nRUN = None\n'
    path.write_text(head + "".join(f"\n# %%\n{cell}\n" for cell in cells), encoding="utf-8")
    return path


CLAIM = "from nlpflow.lesson_pages import claim\n"


def test_there_are_five_lessons() -> None:
    assert [path.stem[0] for path in LESSONS] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(
    path: Path, run: LessonRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    page, again = tmp_path / "page.html", tmp_path / "again.html"
    write_page(path, {"RUN": run}, page)
    html = page.read_text(encoding="utf-8")
    assert outside(html) == []
    assert html.count('class="claim"') >= 15
    assert "<img alt=" in html
    assert "$" not in re.sub(r"(?s)<div class=\"source\">.*?</pre>", "", html)  # no raw formula
    assert not re.search(r"\b0x[0-9a-f]{6}", html)  # no address in memory
    assert "a small &lt;run&gt; (small-run), random seed 3, on test" in html
    assert "<th>F1, mean over the tags, %</th><td>12.0</td>" in html
    write_page(path, {"RUN": run}, again)
    assert again.read_bytes() == page.read_bytes()


def test_without_a_run_the_page_says_so(tmp_path: Path) -> None:
    path = lesson(tmp_path, "from nlpflow.lesson_pages import scores_of\nscores_of(RUN)")
    write_page(path, {"RUN": None}, tmp_path / "page.html")
    assert NO_RUN in (tmp_path / "page.html").read_text()


def test_false_claim_names_lesson_and_claim_and_leaves_no_page(tmp_path: Path) -> None:
    path = lesson(tmp_path, CLAIM + 'claim("one is one", 1 == 1)', 'claim("one is two", 1 == 2)')
    with pytest.raises(
        UserError, match="lesson small, cell 4: this claim does not hold: one is two"
    ):
        write_page(path, {}, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_a_claim_wants_a_bool() -> None:
    with pytest.raises(TypeError, match="'numbers': list is not a bool"):
        claim("numbers", [0])  # type: ignore[arg-type]


def test_an_error_says_which_cell(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run_lesson(lesson(tmp_path, "x = 1", "x / 0"), {})
    assert caught.value.__notes__ == ["lesson small, cell 4"]


def test_unknown_parameter(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no parameter 'RUNS'"):
        run_lesson(lesson(tmp_path), {"RUNS": None})


def test_cells_share_names_and_show_what_they_print_and_give(tmp_path: Path) -> None:
    cells = run_lesson(lesson(tmp_path, "x = 2\nprint('a < b')", "x + 1", "y = x"), {"RUN": 1})
    assert [(cell.printed, cell.value) for cell in cells[2:]] == [
        ("a < b\n", None),
        ("", 3),
        ("", None),
    ]
    html = page_of(cells)
    assert "<title>Small</title>" in html
    assert '<pre class="printed">a &lt; b</pre>' in html
    assert '<div class="value"><pre>3</pre></div>' in html
    assert "RUN" not in html  # the cell of parameters is not shown


def test_formulas_are_mathml(tmp_path: Path) -> None:
    path = tmp_path / "small.py"
    path.write_text("# %% [markdown]\n# # A $x_1$\n#\n# $$\\frac{1}{2}$$\n")
    html = page_of(run_lesson(path, {}))
    assert '<math display="inline">' in html
    assert "<mfrac>" in html


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<script src="https://cdn.example.org/x.js"></script>', "https://cdn.example.org/x.js"),
        ("<img src=//example.org/x.png>", "//example.org/x.png"),
        ("<link href='style.css'>", "style.css"),
        ("<style>@import 'a.css';</style>", "a.css"),
        ("<style>p { background: url(a.png) }</style>", "a.png"),
        ("see ftp://example.org", "ftp://example.org"),
    ],
)
def test_outside(html: str, found: str) -> None:
    assert found in outside(html)


def test_nothing_is_outside_in_figures_and_anchors() -> None:
    assert outside('<img src="data:image/svg+xml;base64,AA//BB"><a href="#top">a // b</a>') == []


def test_a_page_that_leads_outside_is_not_written(tmp_path: Path) -> None:
    path = lesson(tmp_path)
    path.write_text(path.read_text() + "\n# %% [markdown]\n# [there](https://example.org)\n")
    with pytest.raises(UserError, match=r"lesson small: the page must not refer to https://ex"):
        write_page(path, {}, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()
