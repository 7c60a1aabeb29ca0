"""The configs that the pages give as examples are accepted, and do what the pages say."""

import re
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_config
from nlpflow.text.normalisation import normalise
from project import ROOT

PAGES = ("config/README.md", "docs/scripts.md")


def examples(page: str) -> list[dict]:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    return [yaml.safe_load(block) for block in blocks]


def config_of(page: str) -> dict:
    """The sections of the page's config, and of what it adds to it."""
    found: dict = {"name": "example"}
    for block in examples(page):
        if block.keys() <= Config.model_fields.keys():
            for section, values in block.items():
                merged = found.get(section, {}) | values if isinstance(values, dict) else values
                found[section] = merged
    return found


@pytest.mark.parametrize("page", PAGES)
def test_the_example_is_a_config(page: str, tmp_path: Path) -> None:
    values = config_of(page)
    registry = [block for block in examples(page) if not block.keys() <= Config.model_fields.keys()]
    path = tmp_path / "corpora.yaml"
    path.write_text(yaml.safe_dump({name: one for part in registry for name, one in part.items()}))
    config, _ = load_config(values | {"registry": [str(path)]}, ROOT)
    assert config.experiments


def test_words_of_the_example_are_words_with_and_without_signs() -> None:
    dataset = config_of("config/README.md")["datasets"]["italian"]
    column = pa.array(["I go home", "I go home.", "Are you home?"])
    words = {
        sentence.split()[2] for sentence in normalise(column, dataset["normalisation"]).to_pylist()
    }
    assert words == {"home"}
