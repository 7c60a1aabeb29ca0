"""Pages of results in a browser: no wider than a laptop's screen, or a phone's."""

import re
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import pandas as pd
import pytest

from browser import FLAGS, found_browser
from made_summary import contender, dataset, facts, report, scores, task
from nlpflow.results.cards import cards_html
from nlpflow.results.comparison import summary_html
from nlpflow.results.differences import DIFFERENCE_COLUMNS
from nlpflow.results.summary import summary_page

pytestmark = pytest.mark.long

MakesPage = Callable[[], str]
LAPTOP, BESIDE_MENU, PHONE = 1366, 1100, 390
LANGUAGES = ("cmn", "deu", "eng", "fra", "hin", "jpn", "kor", "mar", "nld", "spa", "swe", "vie")
LABELS = [
    f"experiment {number}: additive attention, both directions, deep read-out, tied embeddings, "
    "a_name_that_nobody_could_break_anywhere_because_it_has_no_space"
    for number in range(30)
]
METRICS = (
    "bleu",
    "chrf2",
    "exact",
    "bleu_normalised",
    "chrf2_normalised",
    "exact_normalised",
    "aer",
    "aer_diagonal",
    "aer_uniform",
    "fluency_perplexity",
    "fluency_perplexity_references",
)


def first_page() -> str:
    """30 experiments over 12 languages."""
    data = {f"tatoeba-{language}-of-2019": dataset() for language in LANGUAGES}
    data["all"] = dataset(kind="sentences").model_copy(update={"languages": LANGUAGES})
    names = list(data)
    contenders = {
        f"e{number}": contender(label, names[number % len(names)])
        for number, label in enumerate(LABELS)
    }
    about = task(contenders, ("bleu", "chrf2", "exact", "aer", "fluency_perplexity"))
    rows = [(label, "test", metric, 45.25) for label in LABELS for metric in METRICS]
    sizes = report(
        {"train": 1_234_567, "dev": 12_345, "test": 12_345},
        fewer_tokens_than=123_456,
        drop_empty=7,
        drop_duplicates=123_456,
        drop_copies=123,
    )
    return summary_page(facts([about], data), [scores(about, rows)], [], dict.fromkeys(data, sizes))


def comparison() -> str:
    rows = [(label, "test", metric, 3, 45.25, 1.25) for label in LABELS for metric in METRICS[3:]]
    columns = ["experiment", "test_set", "metric", "n", "mean", "sd"]
    return summary_html(
        pd.DataFrame(rows, columns=columns), pd.DataFrame(columns=DIFFERENCE_COLUMNS)
    )


def cards() -> str:
    same = {"config": "0" * 16, "code": "1" * 16, "data": {"train": "2" * 64}, "parents": {}}
    same |= {"processor": "A long name of a processor (TM) v9 @ 3.00GHz", "torch": "2.9.0+cpu"}
    same |= {"vectors": None, "signatures": None}
    return cards_html(
        {
            f"e{number}/seed-1": {"label": label, "seed": number, "seconds": number, **same}
            for number, label in enumerate(LABELS)
        }
    )


@pytest.fixture(scope="module")
def browser() -> str:
    return found_browser()


def opened_at(browser: str, page: str, width: int, folder: Path) -> tuple[int, int]:
    """How wide a page is in a window of this width, and how many tables a reader must scroll."""
    outer = folder / "outer.html"
    outer.write_text(
        f"<!DOCTYPE html><iframe width='{width}' height='800' style='border:0' "
        f'srcdoc="{escape(page)}"></iframe><script>onload = () => {{'
        "const inner = document.querySelector('iframe').contentDocument;"
        "const tables = [...inner.querySelectorAll('.scroll')];"
        "const wide = tables.filter(one => one.scrollWidth > one.clientWidth);"
        "document.title = inner.documentElement.scrollWidth + ' ' + wide.length}</script>",
        encoding="utf-8",
    )
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}"]
    command += ["--virtual-time-budget=5000", "--dump-dom", outer.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    found = re.search(r"<title>(\d+) (\d+)</title>", shown)
    assert found is not None, shown[:500]
    return int(found[1]), int(found[2])


def test_a_page_that_is_too_wide_is_found(browser: str, tmp_path: Path) -> None:
    page = "<!DOCTYPE html><div class='scroll' style='width:2000px'>x</div>"
    assert opened_at(browser, page, LAPTOP, tmp_path)[0] > LAPTOP


@pytest.mark.parametrize("page", [first_page, comparison, cards])
@pytest.mark.parametrize("width", [LAPTOP, BESIDE_MENU])
def test_tables_fit_a_laptop(browser: str, page: MakesPage, width: int, tmp_path: Path) -> None:
    found, scrolled = opened_at(browser, page(), width, tmp_path)
    assert found <= width
    assert scrolled == 0


@pytest.mark.parametrize("page", [first_page, comparison, cards])
def test_on_a_phone_only_tables_are_scrolled(browser: str, page: MakesPage, tmp_path: Path) -> None:
    width, _ = opened_at(browser, page(), PHONE, tmp_path)
    assert width <= PHONE
