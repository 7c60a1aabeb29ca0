"""The file itself: nothing from elsewhere, texts that are not markup, what cannot be in it."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from networks import network
from nlpflow.errors import UserError
from nlpflow.playground.describe import describe
from nlpflow.playground.page import _json, bundled, choose, write_page
from nlpflow.playground.rounded import rounded
from nlpflow.settings.plan.summary import Facts
from nlpflow.tables import read_json, write_json
from page_parity import models_of
from playground.made_runs import facts, write_made
from playground.test_translators import seq2seq

pytestmark = pytest.mark.long

EVIL = "</script><script>alert(1)</script><!-- <script> <img src=x onerror=alert(1)>"


class Elements(HTMLParser):
    """Counts elements, and keeps addresses that a browser would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href") and value]


def read(text: str) -> Elements:
    elements = Elements()
    elements.feed(text)
    return elements


def write(output: Path, told: Facts, *folders: Path) -> None:
    write_page(choose(folders, told), told.config, output)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return seq2seq(tmp_path, "additive", network("additive"))


def test_nothing_is_loaded(run: Path, tmp_path: Path) -> None:
    text = write_made([run], tmp_path / "page.html").read_text()
    elements = read(text)
    assert elements.addresses == ["data:,"]
    assert elements.tags.count("script") == 3
    assert "default-src 'none'" in text
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


def test_texts_are_not_markup(run: Path, tmp_path: Path) -> None:
    text = write_made([run], tmp_path / "page.html", label=EVIL).read_text()
    elements = read(text)
    assert elements.tags.count("script") == 3
    assert "img" not in elements.tags
    assert models_of(tmp_path / "page.html") == ["translation/additive/seed-1"]


def test_an_ensemble_is_named_and_left_out(
    run: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = seq2seq(tmp_path, "both", network("additive"), ensemble=[str(run)])
    told = facts(("translation", "additive"), ("translation", "both"))
    write(tmp_path / "page.html", told, run, other)
    assert models_of(tmp_path / "page.html") == ["translation/additive/seed-1"]
    text = (tmp_path / "page.html").read_text()
    assert "translation/both/seed-1" in text
    assert "decodes together with other runs" in caplog.text
    write(tmp_path / "none.html", told, other)  # a rule's output, which must be there
    assert models_of(tmp_path / "none.html") == []


def test_runs_that_are_too_large_are_left_out(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = seq2seq(tmp_path, "dot", network("dot"))
    told = facts(("translation", "additive"), ("translation", "dot"))
    sizes = [len(_json(describe(folder, told)).encode()) for folder in (run, other)]
    assert sizes[0] > sizes[1] > len(describe(other, told)["weights"])
    monkeypatch.setattr("nlpflow.playground.page.MOST_MIB", sizes[0] / 2**20)
    chosen = choose([run, other], told)
    assert [model["id"] for model in chosen.models] == ["translation/additive/seed-1"]
    (left_out,) = chosen.left_out
    assert left_out["id"] == "translation/dot/seed-1"
    assert "its 1 MiB and the models before it are more than" in left_out["reason"]
    assert "write a page of its own with `nlpflow page`" in left_out["reason"]
    # Alone it fits; the first model alone does not if there is less room.
    assert len(choose([other], told).models) == 1
    monkeypatch.setattr("nlpflow.playground.page.MOST_MIB", sizes[1] / 2**20)
    chosen = choose([run, other], told)
    assert [model["id"] for model in chosen.models] == ["translation/dot/seed-1"]
    (left_out,) = chosen.left_out
    assert "before it" not in left_out["reason"]
    assert "on the command line or in Python" in left_out["reason"]


def test_a_run_of_another_config(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="config 'made' has no experiment 'additive' of task trans"):
        choose([run], facts(("translation", "dot")))


def test_no_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a trained run"):
        choose([tmp_path], facts())
    (tmp_path / "run.json").write_text("[1]")
    with pytest.raises(UserError, match="is not a trained run"):
        choose([tmp_path], facts())


def test_no_place_for_the_file(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"page\.html: cannot be written"):
        write(tmp_path / "file/page.html", facts(("translation", "additive")), run)


def test_half_precision() -> None:
    matrix = np.array([[1.0, 1 / 3], [-2.0, 6e-8]], np.float32)
    found = rounded({"one": matrix, "tied": matrix.copy(), "whole": np.array([-127, 5], np.int8)})
    assert found.tensors["one"]["at"] == found.tensors["tied"]["at"]
    assert found.tensors["whole"] == {"type": "i8", "at": 8, "shape": [2]}
    with pytest.raises(ValueError, match="weight large is beyond 65504"):
        rounded({"large": np.array([70000.0], np.float32)})
    with pytest.raises(ValueError, match="weight unknown is beyond"):
        rounded({"unknown": np.array([np.nan], np.float32)})


def test_every_module_is_in_a_bundle() -> None:
    from nlpflow.playground.page import WEB

    both = bundled("main.js") + bundled("worker.js")
    names = {path.name for path in WEB.iterdir() if path.name.endswith(".js")}
    assert {name for name in names if f"modules['{name}'] =" not in both} == set()
    assert not re.search(r"^\s*(import|export)\b", both, re.MULTILINE)


def test_examples_are_those_of_the_config_or_of_the_test_set(run: Path) -> None:
    told = facts(("translation", "additive"))
    assert describe(run, told)["examples"] == []
    predictions = run / "test/predictions.tsv"
    predictions.write_text("source\toutput\n" + "".join(f"text {i}\tx\n" for i in range(9)))
    assert describe(run, told)["examples"] == ["text 0", "text 1", "text 2"]
    predictions.write_text("sentence\tword\tgold\n1\ta\tX\n1\tb\tY\n2\t.\tX\n")
    assert describe(run, told)["examples"] == ["a b", "."]
    metrics = run / "test/metrics.json"
    named = metrics.read_text().replace('"figures": {}', '"figures": {"sentences": ["named ."]}')
    metrics.write_text(named)
    assert describe(run, told)["examples"] == ["named ."]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("test/metrics.json", "{}"),
        ("test/metrics.json", "[]"),
        ("test/metrics.json", '{"data": null, "scores": {}, "settings": {}}'),
        ("card.json", "{}"),
        ("card.json", "[1]"),
    ],
)
def test_damaged_files(run: Path, file: str, content: str) -> None:
    (run / file).write_text(content)
    with pytest.raises(UserError, match=f"{file}: ") as error:
        describe(run, facts(("translation", "additive")))
    assert "\n" not in str(error.value)


def test_scores_that_are_no_numbers_are_left_out(run: Path) -> None:
    metrics = run / "test/metrics.json"
    scores = describe(run, facts(("translation", "additive")))["scores"]
    assert [one["value"] for one in scores] == [12.3456, 65.9]
    assert scores[1]["metric"] == "sample-similarity"  # a list of words
    for value in ("NaN", "null"):
        metrics.write_text(metrics.read_text().replace("12.3456", value))
        assert describe(run, facts(("translation", "additive")))["scores"] == scores[1:]


def test_a_run_is_in_the_page_once(run: Path, tmp_path: Path) -> None:
    told = facts(("translation", "additive"))
    assert [len(part) for part in choose([run, run], told)] == [1, 0]
    copy = shutil.copytree(run, run.parent / "copy")
    values = read_json(copy / "run.json")
    write_json(copy / "run.json", values | {"vocabulary": f"{run}/{values['vocabulary']}"})
    chosen = choose([run, copy], told)
    assert len(chosen.models) == 1
    reason = "another folder with this run is in the page"
    assert chosen.left_out == [{"id": "translation/additive/seed-1", "reason": reason}]


def test_scores_are_held_out_and_of_these_weights(run: Path) -> None:
    told = facts(("translation", "additive"))
    scores = describe(run, told)["scores"]
    metrics = (run / "test/metrics.json").read_text()
    for test_set, text in (
        ("dev", metrics),
        ("old", metrics.replace('"weights": "', '"weights": "0')),
    ):
        (run / test_set).mkdir()
        (run / test_set / "metrics.json").write_text(text)
    assert describe(run, told)["scores"] == scores
