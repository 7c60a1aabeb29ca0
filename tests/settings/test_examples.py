"""The YAML that the pages give as examples is accepted, and does what the pages say."""

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from documented import PAGES, blocks
from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_config
from nlpflow.text.normalisation import normalise
from project import ROOT

EXAMPLES = {
    str(page.relative_to(ROOT)): [
        yaml.safe_load(block.text) for block in blocks(page) if block.language == "yaml"
    ]
    for page in PAGES
}
SAMPLE = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))


def config_of(page: str) -> dict:
    """The sample's config with the sections of the page's, which may be a part of a config."""
    found = dict(SAMPLE)
    for block in EXAMPLES[page]:
        if block.keys() <= Config.model_fields.keys():
            for section, values in block.items():
                merged = found.get(section, {}) | values if isinstance(values, dict) else values
                found[section] = merged
    return found


@pytest.mark.parametrize("page", [page for page, found in EXAMPLES.items() if found])
def test_the_examples_load(page: str, tmp_path: Path) -> None:
    corpora = {}
    for block in EXAMPLES[page]:
        if not block.keys() <= Config.model_fields.keys():
            corpora |= block
    path = tmp_path / "corpora.yaml"
    path.write_text(yaml.safe_dump(corpora))
    config, registry = load_config(config_of(page) | {"registry": [str(path)]}, ROOT)
    assert config.experiments.keys() >= SAMPLE["experiments"].keys()
    assert registry.keys() >= corpora.keys()


def test_there_are_examples() -> None:
    assert sum(len(found) for found in EXAMPLES.values()) > 10


def test_the_readme_needs_ten_lines() -> None:
    found = [block for block in blocks(ROOT / "README.md") if block.language == "yaml"]
    assert sum(len(block.text.splitlines()) for block in found) == 10


def test_words_of_the_example_are_words_with_and_without_signs() -> None:
    dataset = config_of("config/README.md")["datasets"]["italian"]
    column = pa.array(["I go home", "I go home.", "Are you home?"])
    words = {
        sentence.split()[2] for sentence in normalise(column, dataset["normalisation"]).to_pylist()
    }
    assert words == {"home"}
