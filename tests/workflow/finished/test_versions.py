"""Data that the upstream has replaced: the run goes on, and everything that it makes says so."""

import json

import pytest
import yaml

from project import ADDRESS, SMALL, Project

NOTE = "small: data differ from those of the published results (2019-04-07, 7 pairs)"
RESULTS = "results/compare/small/translation"


@pytest.mark.slow
def test_other_data_than_the_reference(finished: Project) -> None:
    registry = finished.folder / "config/small-corpora.yaml"
    right = registry.read_text()
    assert finished.snakemake("keep_reference", *SMALL).returncode == 0
    assert finished.nlpflow("verify", "small").returncode == 0
    tables = {
        name: (finished.folder / RESULTS / name).read_text()
        for name in ("runs.tsv", "summary.html", "cards.json", "cards.html")
    }
    assert not any("other" in text for text in tables.values())
    try:
        values = yaml.safe_load(right)
        version = {"date": "2019-04-07", "pairs": 7, "sha256": "0" * 64}
        values["small"]["files"][0]["version"] = version
        registry.write_text(yaml.safe_dump(values))
        result = finished.snakemake(*SMALL)
        assert result.returncode == 0, result.stderr
        assert f"warning: {NOTE}: sha256 " in result.stderr
        assert NOTE in (finished.folder / "logs/check_versions/small.log").read_text()
        for name, before in tables.items():
            text = (finished.folder / RESULTS / name).read_text()
            assert NOTE in text, name
            assert text != before
        for card in json.loads((finished.folder / RESULTS / "cards.json").read_text()).values():
            assert card["other_data"] == NOTE
        result = finished.nlpflow("archive", "config/small.yaml")
        assert result.returncode == 0, result.stderr
        # The figures are those of the reference, which the page of results still shows as they are.
        assert finished.nlpflow("verify", "small").returncode == 0
        summary = finished.folder / "results/reference/small/translation/runs.tsv"
        kept = summary.read_text()
        changed = [line.rpartition("\t")[0] + "\t7" for line in kept.splitlines()[1:]]
        summary.write_text("\n".join([kept.splitlines()[0], *changed, ""]))
        result = finished.nlpflow("verify", "small")
        summary.write_text(kept)
        assert result.returncode == 3, result.stderr
        assert NOTE in result.stdout
        assert "outside" not in result.stdout
    finally:
        registry.write_text(right)
        assert finished.snakemake(*SMALL).returncode == 0
    for name, before in tables.items():
        assert (finished.folder / RESULTS / name).read_text() == before


def test_a_further_address_is_tried_and_an_unused_wrong_entry_is_a_warning(
    finished: Project,
) -> None:
    registry = finished.folder / "config/small-corpora.yaml"
    right = registry.read_text()
    moved = ADDRESS.replace("small/", "moved/")
    log = finished.folder / f"logs/download/{moved.removeprefix('https://')}.log"
    try:
        values = yaml.safe_load(right)
        values["small"]["files"][0] |= {"address": moved, "copies": [ADDRESS]}
        registry.write_text(yaml.safe_dump(values | {"wrong": {}}))
        path = f"data/raw/{moved.removeprefix('https://')}"
        result = finished.snakemake(*SMALL, "--until", "download")
        assert result.returncode == 0, result.stderr
        assert "registry small-corpora.yaml: wrong." in result.stderr
        assert "this key is required (and 5 more) (this config does not use it)" in result.stderr
        receipt = json.loads((finished.folder / f"{path}.receipt.json").read_text())
        assert receipt["address"] == ADDRESS
        assert "not in the mirror" in log.read_text()
        assert "trying the next address" in log.read_text()
    finally:
        log.unlink(missing_ok=True)
        registry.write_text(right)
