"""The YAML of docs/labelling.md loads."""

import re
from pathlib import Path

import yaml

from nlpflow.settings.loading import load_config

ROOT = Path(__file__).resolve().parents[2]


def test_examples_load(tmp_path: Path) -> None:
    text = (ROOT / "docs/labelling.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    examples = [yaml.safe_load(block) for block in blocks]
    (values,) = [example for example in examples if "experiments" in example]
    corpora = {
        name: corpus
        for example in examples
        if example is not values
        for name, corpus in example.items()
    }
    (tmp_path / "corpora.yaml").write_text(yaml.safe_dump(corpora))
    config, registry = load_config(values | {"registry": "corpora.yaml"}, tmp_path)
    assert config.experiments["lassy-characters"].task == "tagging"
    assert registry["my-entities"].has_entities
