"""The playground of the small config: a part of the run, equal to Python, used in a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, sync_playwright

import nlpflow
from browser import FLAGS, found_browser
from nlpflow.cli import main
from page_parity import TOLERANCE, compare, models_of
from project import SMALL, Project

PAGE = "results/small/playground.html"
SENTENCE = "elle est trop petite ."


@pytest.fixture(scope="module")
def html(finished: Project) -> Path:
    return finished.folder / PAGE


def test_every_experiment_is_in_it(html: Path) -> None:
    found = models_of(html)
    assert "translation/additive/seed-1" in found
    assert all(model.endswith("/seed-1") for model in found)


def test_it_equals_python_on_the_test_set(finished: Project, html: Path) -> None:
    before = Path.cwd()
    os.chdir(finished.folder)  # the runs name their vocabularies from here
    try:
        table = compare(html, finished.folder)
    finally:
        os.chdir(before)
    assert table["inputs"].min() > 0
    assert table["differing"].sum() == 0
    assert table["largest"].max() < TOLERANCE


def test_the_report_links_it(finished: Project) -> None:
    assert "small/playground.html" in (finished.folder / "results/small.html").read_text()


def test_the_command(
    finished: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.chdir(finished.folder)
    output = tmp_path / "one.html"
    run = "results/translation/additive/seed-1"
    options = ["--output", str(output), "--configfile", SMALL[1]]
    assert main(["page", run, *options]) == 0
    assert models_of(output) == ["translation/additive/seed-1"]
    assert main(["page", "results/translation/none/seed-1", *options]) == 1
    assert "is not a trained run" in capsys.readouterr().err
    other = yaml.safe_load(Path(SMALL[1]).read_text())
    other["datasets"]["small"]["normalisation"] = "cased"
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(other))
    arguments = ["--output", str(tmp_path / "other.html"), "--configfile"]
    assert main(["page", run, *arguments, str(tmp_path / "other.yaml")]) == 1
    assert "other.yaml or its registry changed" in capsys.readouterr().err
    assert not (tmp_path / "other.html").exists()


@pytest.fixture
def opened(html: Path) -> Iterator[Page]:
    """The page in Chromium, opened from the disk; it must ask for nothing and report no error."""
    executable = found_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS])
        page = browser.new_page()
        problems: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(html.as_uri())
        yield page
        browser.close()
    assert problems == []
    assert [url for url in requests if not url.startswith("blob:")] == [html.as_uri()]


def show(page: Page, label: str) -> None:
    page.get_by_role("navigation").get_by_role("button", name=label, exact=True).click()


def test_typing_translates(finished: Project, opened: Page) -> None:
    show(opened, "additive")
    opened.get_by_label("Sentence to translate").fill(SENTENCE)
    expected = nlpflow.load(finished.folder / "results/translation/additive/seed-1")
    (output,) = expected.translate([SENTENCE])
    opened.locator("#result", has_text=output.text).wait_for()
    assert opened.locator("#result").inner_text() == output.text
    assert opened.locator("table.attention tbody tr").count() == len(output.tgt_tokens)


def test_hovering_marks_both_words(opened: Page) -> None:
    show(opened, "additive")
    opened.locator("table.attention tbody tr").nth(1).locator("td").nth(2).hover()
    marked = opened.locator("table.attention th.marked")
    assert marked.count() == 2


def test_another_word_changes_the_rest(opened: Page) -> None:
    show(opened, "additive")
    opened.get_by_label("Sentence to translate").fill(SENTENCE)
    first = opened.locator("#word-0")
    first.wait_for()
    before = first.inner_text()
    first.press("Enter")  # a button: the keyboard does what a click does
    opened.locator(".alternatives button").nth(1).click()
    opened.locator("#word-0.forced").wait_for()
    assert opened.locator("#word-0").inner_text() != before
    opened.get_by_role("button", name="Undo the choice of words").click()
    opened.locator("#word-0:not(.forced)").wait_for()
    assert opened.locator("#word-0").inner_text() == before


def test_it_fits_a_phone(opened: Page) -> None:
    opened.set_viewport_size({"width": 360, "height": 740})
    opened.locator("#result").wait_for()
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
