"""The report of the small config: every entry explained, nothing loaded from elsewhere."""

import json
import re
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from browser import FLAGS, found_browser
from project import Project
from workflow.finished.test_edits import PREPARED

BROWSERS_OWN = "not an origin"


@pytest.fixture(scope="module")
def report(finished: Project) -> Path:
    return finished.folder / "results/small.html"


class Loaded(HTMLParser):
    """Addresses that a page loads by itself; links that a reader may follow are none."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"link": "href", "script": "src", "img": "src", "iframe": "src"}.get(tag)
        self.addresses += [value for name, value in attrs if name == wanted and value]


def entries(report: Path) -> dict[str, dict]:
    return embedded(report, "results")


def embedded(report: Path, name: str) -> dict[str, dict]:
    """A variable of the page's scripts."""
    text = report.read_text()
    start = re.search(rf"var {name} = (?=\{{)", text)
    assert start is not None
    return json.JSONDecoder().raw_decode(text, start.end())[0]


def test_every_entry_has_a_caption_and_labels(report: Path) -> None:
    check_entries(entries(report))


def test_what_each_step_of_a_dataset_dropped_is_there(report: Path) -> None:
    (entry,) = (
        entry for path, entry in entries(report).items() if path.endswith("filter_report.tsv")
    )
    assert entry["labels"]["dataset"] == "small"
    assert "malformed lines" in entry["caption"]


def check_entries(found: dict[str, dict]) -> None:
    assert [path for path in found if path.endswith("curves.svg")]
    assert [path for path, entry in found.items() if not entry["labels"]] == []
    texts = {p: re.sub(r"<[^>]+>", "", entry["caption"] or "") for p, entry in found.items()}
    assert [path for path, text in texts.items() if len(text.split()) < 8] == []
    assert [path for path, text in texts.items() if "{{" in text or "Undefined" in text] == []


def test_rule_graph_shows_every_rule_and_whose_output_it_reads(report: Path) -> None:
    graph = {part["name"]: part["values"] for part in embedded(report, "rulegraph_spec")["data"]}
    rules = {"all", "download", "check_versions", *PREPARED}
    assert {node["rule"] for node in graph["node-data"]} == rules
    links = graph["link-data"] + graph["link-data-direct"]
    stages = ["download", "prepare", "vocabulary", "encode", "train_translation"]
    stages += ["evaluate_translation", "compare", "all"]
    assert set(pairwise(stages)) <= {(link["sourcerule"], link["targetrule"]) for link in links}


def test_page_names_nothing_elsewhere(report: Path) -> None:
    page = Loaded()
    page.feed(report.read_text())
    assert [address for address in page.addresses if "//" in address] == []


@pytest.fixture(scope="module")
def browser() -> str:
    return found_browser()


def opened(browser: str, page: Path, folder: Path) -> tuple[str, set[str]]:
    """What the browser shows, and the addresses that the page asks for."""
    log = folder / "net.json"
    command = [browser, *FLAGS, f"--user-data-dir={folder}", f"--log-net-log={log}"]
    command += ["--virtual-time-budget=5000", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    text = log.read_text().rstrip()
    events = json.loads(text if text.endswith("}") else text.rstrip(",") + "]}")["events"]
    asked = [event.get("params", {}) for event in events]
    # What the browser asks its maker for, whatever the page, has no origin.
    return shown, {
        params["url"]
        for params in asked
        if params.get("initiator", BROWSERS_OWN) != BROWSERS_OWN
        and params.get("url", "").startswith("http")
    }


def test_browser_shows_it_and_it_asks_for_nothing(
    browser: str, report: Path, tmp_path: Path
) -> None:
    shown, asked = opened(browser, report, tmp_path)
    text = re.sub(r"<script.*?</script>", "", shown, flags=re.DOTALL)
    assert "comparison" in text
    assert "translation" in text
    check_front_page(text.partition("Results of small")[2])
    assert asked == set()


def check_front_page(text: str) -> None:
    """What is seen when the report opens: the answer, in words, and nothing of docutils."""
    text = re.sub(r"<[^>]+>", " ", text.partition("nlpflow</strong>")[0])
    for said in ("held-out test set", "BLEU (normalised)", "is measured with nrefs:"):
        assert said in text
    for said in (
        "The weights of an output word sum to 1",
        "occurs in more than one of train, dev and test",
    ):
        assert said in text
    for said in ("CC0 1.0", "nlpflow sample grammar", "duplicates"):
        assert said in text
    assert "System Message" not in text
    assert "_" not in text


def test_a_page_that_asks_is_found(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!DOCTYPE html><img src="http://example.org/x.png">')
    _, asked = opened(browser, page, tmp_path)
    assert asked == {"http://example.org/x.png"}
