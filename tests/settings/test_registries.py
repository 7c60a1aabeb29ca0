"""Several registries: merged; what is wrong in an entry matters to those who use it."""

import logging
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlpflow.errors import UserError
from nlpflow.settings.loading import load_config, read_registries, read_yaml
from nlpflow.settings.plan import DataPlan
from nlpflow.settings.registry import Corpus

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
PAIRS = "https://example.org/a/fra-eng.zip"
PIN = "0123456789abcdef" * 4


def corpus(address: str = PAIRS, **file: Any) -> dict[str, Any]:
    return {
        "title": "Pairs",
        "licence": "CC0",
        "attribution": "us",
        "reader": "tsv",
        "languages": ["eng", "fra"],
        "files": [{"address": address, "member": "fra.txt"} | file],
    }


def write(path: Path, values: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def load(root: Path, *used: str, registry: Any = ("one.yaml", "two.yaml")) -> dict[str, Corpus]:
    """The registry of a config of translations, one for each corpus that is used."""
    values = {
        "name": "test",
        "registry": registry,
        "datasets": {
            name: {"kind": "pairs", "corpus": name, "source": "fra", "target": "eng"}
            for name in used
        },
        "vocabularies": {name: {"dataset": name} for name in used},
        "experiments": {
            name: {"task": "translation", "vocabulary": name, "model": {"attention": "none"}}
            for name in used
        },
    }
    config, found = load_config(values, root)
    assert set(DataPlan(config, found, root).downloads()) <= {"example.org/a/fra-eng.zip", "b/c"}
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a built-in registry and two of the user's."""
    write(tmp_path / "config/corpora.yaml", {"built-in": corpus(), "same": corpus()})
    write(tmp_path / "one.yaml", {"one": corpus("data/one.tsv", member=None)})
    write(tmp_path / "two.yaml", {"two": corpus("data/two.tsv", member=None), "same": corpus()})
    return tmp_path


def test_corpora_of_all_registries_may_be_used(root: Path) -> None:
    assert set(load(root, "built-in", "one", "two", "same")) == {"built-in", "one", "two", "same"}
    assert set(load(root, "built-in", "one", registry="one.yaml")) == {"built-in", "one", "same"}
    assert set(load(root, "built-in", registry="config/corpora.yaml")) == {"built-in", "same"}


def test_one_name_for_two_corpora_stops_who_uses_it(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(root / "two.yaml", {"same": corpus() | {"title": "Others"}})
    with pytest.raises(UserError) as caught:
        load(root, "same")
    assert str(caught.value) == (
        f"registry {root}/two.yaml: same: {root}/config/corpora.yaml has another corpus of that "
        "name; give yours another one"
    )
    load(root, "one")
    assert "has another corpus of that name" in caplog.text


def test_a_wrong_entry_stops_who_uses_it_and_warns_the_others(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(root / "two.yaml", {"two": corpus(menber="fra.txt"), "a/b": corpus(), "three": corpus()})
    problem = "registry two.yaml: two.files.0.menber: unknown key; did you mean 'member'?"
    with pytest.raises(UserError) as caught:
        load(root, "one", "two")
    assert str(caught.value) == problem
    with caplog.at_level(logging.WARNING):
        assert "two" not in load(root, "one", "three")
    assert f"warning: {problem} (this config does not use it)" in caplog.messages
    assert sum("two.yaml: a/b: " in message for message in caplog.messages) == 1


@pytest.mark.parametrize("values", [["one"], "text", None])
def test_a_file_that_holds_no_registry_stops_every_config(root: Path, values: Any) -> None:
    write(root / "two.yaml", values)
    with pytest.raises(UserError, match=r"registry two\.yaml: input should be a mapping"):
        load(root, "one")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a/fra-eng.zip",
        "HTTPS://EXAMPLE.org/a/fra-eng.zip",
        "https://example.org:443/a/fra-eng.zip",
        "http://example.org.:80/%61/fra%2Deng.zip",
    ],
)
@pytest.mark.parametrize("pinned", ["one", "two"])
def test_a_pin_is_not_bypassed(root: Path, address: str, pinned: str) -> None:
    """Neither by the order of the entries nor by how an address is spelt."""
    files = {"one": {"address": PAIRS}, "two": {"address": address}}
    files[pinned]["sha256"] = PIN
    for name, file in files.items():
        write(root / f"{name}.yaml", {name: corpus(**file)})
    with pytest.raises(UserError) as caught:
        load(root, "one", "two")
    assert str(caught.value) == (
        f"registry: two: {address} and {PAIRS} in 'one' differ in sha256; this is one "
        "download, so they must agree"
    )
    for name in ("one", "two"):  # alone, each is right, and what it expects is expected
        (file,) = load(root, name)[name].files
        assert file.sha256 == files[name].get("sha256")


def test_copies_of_one_download_agree(root: Path) -> None:
    write(root / "one.yaml", {"one": corpus(copies=["https://b/c"])})
    with pytest.raises(UserError, match="differ in copies"):
        load(root, "one", "built-in")


def test_every_entry_of_our_own_registry_is_right(caplog: pytest.LogCaptureFixture) -> None:
    found, wrong = read_registries([ROOT / "config/corpora.yaml"])
    assert len(found) > 20
    assert wrong == {}
    for path in (ROOT / "config").glob("*.yaml"):
        values = read_yaml(path)
        if "experiments" in values:
            load_config(values, ROOT)
    assert not caplog.messages


def test_every_pair_file_that_is_replaced_in_place_has_a_version() -> None:
    found, _ = read_registries([ROOT / "config/corpora.yaml"])
    files = [file for name, entry in found.items() for file in entry.files if file.is_remote]
    unpinned = [file for file in files if not file.sha256]
    assert len(unpinned) == 11
    assert all(file.version and file.version.sha256 for file in unpinned)
    (french,) = found["tatoeba-fra-eng"].files
    assert str(french.version) == "2019-04-07, 167,130 pairs"


def test_what_people_read_is_nothing_that_preparation_reads() -> None:
    entry = read_registries([ROOT / "config/corpora.yaml"])[0]["tatoeba-fra-eng"]
    (file,) = entry.files
    other = entry.model_copy(
        update={
            "title": "Another",
            "licence": "Another",
            "attribution": "Another",
            "files": (file.model_copy(update={"version": None, "size": 7, "copies": ("a",)}),),
        }
    )
    assert other.as_read() == entry.as_read()
    changed = entry.model_copy(update={"files": (file.model_copy(update={"member": "x"}),)})
    assert changed.as_read() != entry.as_read()
