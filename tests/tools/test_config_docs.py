"""The generated reference and schemas: up to date, complete, and with examples that load."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from config_docs import FOLDER, _anchor, config_reference, generated_files, main
from nlpflow.settings.base import Settings
from nlpflow.settings.checks import checked
from nlpflow.settings.config import Config, Shared
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.registry import Corpus

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted(
    path for path in FOLDER.glob("*.yaml") if path.name not in ("corpora.yaml", "shared.yaml")
)


def all_groups(group: type[Settings] = Settings) -> Iterator[type[Settings]]:
    for child in group.__subclasses__():
        yield child
        yield from all_groups(child)


FIELDS = {
    f"{group.__name__}.{key}": field
    for group in all_groups()
    if group.__module__.startswith("nlpflow.settings.")
    and not group.__module__.startswith("nlpflow.settings.plan.")
    for key, field in group.model_fields.items()
}
"""The keys that users write; what `settings.plan` derives from them has none."""


@pytest.mark.parametrize("name", generated_files())
def test_committed_file_is_what_the_models_say(name: str) -> None:
    expected = generated_files()[name].encode()
    assert (FOLDER / name).read_bytes() == expected, "run python tools/config_docs.py"


@pytest.mark.parametrize("path", FIELDS)
def test_every_field_has_a_meaning(path: str) -> None:
    assert (FIELDS[path].description or "").strip()


@pytest.mark.long
@pytest.mark.parametrize("path", [path for path in FIELDS if not FIELDS[path].is_required()])
def test_every_default_is_allowed(path: str) -> None:
    default = FIELDS[path].get_default(call_default_factory=True)
    values = default.model_dump() if isinstance(default, Settings) else default
    # rebuild_annotation() keeps the limits, the bare annotation has none.
    assert TypeAdapter(FIELDS[path].rebuild_annotation()).validate_python(values) == default


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_shipped_config_loads(path: Path) -> None:
    config, registry = load_config(read_yaml(path), ROOT)
    assert config.experiments
    assert registry


@pytest.mark.long
def test_a_name_means_the_same_in_every_config() -> None:
    """Configs share the folders of prepared data, of vocabularies and of results."""
    meanings: dict[tuple[str, str], tuple[Settings, str]] = {}
    for path in CONFIGS:
        config, _ = load_config(read_yaml(path), ROOT)
        named = [("dataset", *item) for item in config.datasets.items()]
        named += [("vocabulary", *item) for item in config.vocabularies.items()]
        named += [(value.task, key, value) for key, value in config.experiments.items()]
        for kind, name, settings in named:
            meaning, where = meanings.setdefault((kind, name), (settings, path.name))
            assert meaning == settings, f"{kind} {name} in {where} and in {path.name}"


@pytest.mark.long
def test_every_name_of_the_shared_file_is_used() -> None:
    shared = checked(Shared, read_yaml(FOLDER / "shared.yaml"), "shared")
    configs = [load_config(read_yaml(path), ROOT)[0] for path in CONFIGS]
    for name in shared.datasets:
        assert any(name in config.datasets for config in configs), name
    for name in shared.vocabularies:
        assert any(name in config.vocabularies for config in configs), name


def test_files_that_are_listed_are_there() -> None:
    rows = [line for line in config_reference().splitlines() if re.match(r"\| `[^`]*\.", line)]
    named = {name for row in rows for name in re.findall(r"`(\S+)`", row.split("|")[1])}
    assert named <= {path.name for path in FOLDER.iterdir()}
    assert {"config.yaml", "entities.yaml", "shared.yaml", "corpora.yaml"} <= named


def test_every_key_has_a_row_with_its_meaning() -> None:
    sections = re.split(r"^### ", config_reference(), flags=re.MULTILINE)[1:]
    rows = [line for section in sections for line in section.splitlines() if line.startswith("| `")]
    described = [(row.split(" | ")[0].strip("| `"), row.rstrip(" |")) for row in rows]
    for path, field in FIELDS.items():
        key, meaning = path.split(".")[1], str(field.description).replace("|", "\\|")
        assert any(name == key and row.endswith(meaning) for name, row in described), path


@pytest.mark.parametrize(
    "row",
    [
        "| `layers` | whole number | `1` | ≥ 1, ≤ 8 | ",
        "| `attention` | one of `none`, `tutorial`, `additive`, `dot`, `general`, `local-p`, "
        "`multi-head` | **required** |  | ",
        "| `clip_norm` | number or `null` | `1.0` | > 0 | ",
        "| `prefixes` | mapping from language codes to list of texts | `{}` |  | ",
        "| `seeds` | list of whole numbers | `[1]` | each ≥ 0, < 4294967296; at least 1 | ",
        "| `languages` | list of language codes | **required** | each like `fra` or `srp_Latn`; "
        "at least 1 | ",
        '| `label` | text | `""` |  | ',
    ],
)
def test_types_and_limits_in_words(row: str) -> None:
    assert f"\n{row}" in config_reference()


def test_tables_have_five_columns_and_links_lead_somewhere() -> None:
    text = config_reference()
    tables = text.split("## Keys of a config")[1]
    for line in tables.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 6, line
    anchors = {_anchor(title) for title in re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]*)\)", text))
    assert links
    assert links <= anchors


def test_examples_in_the_text_load(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", config_reference(), flags=re.DOTALL)
    examples = [yaml.safe_load(block) for block in blocks]
    configs = [example for example in examples if "experiments" in example]
    registry = {
        name: corpus
        for example in examples
        if example not in configs and not {"test_sets", "datasets"} & example.keys()
        for name, corpus in example.items()
    }
    (tmp_path / "config").mkdir()
    (tmp_path / "config/my-corpora.yaml").write_text(json.dumps(registry), encoding="utf-8")
    assert len(registry) == 6
    (values,) = configs
    for example in examples:
        values["datasets"] |= example.get("datasets", {})
    (own,) = (example for example in examples if "test_sets" in example)
    values |= own
    values["experiments"]["italian-additive"]["test_sets"] = ["test", *own["test_sets"]]
    config, corpora = load_config(values, tmp_path)
    assert set(config.experiments) == {
        "italian-additive",
        "italian-additive-hidden-128-layers-1",
        "italian-additive-hidden-128-layers-2",
        "italian-additive-hidden-512-layers-1",
        "italian-additive-hidden-512-layers-2",
    }
    assert corpora["my-divided-files"].has_own_split
    assert not corpora[config.datasets["letters"].corpus_names[0]].has_own_split
    assert corpora["my-pairs"].annotations


def test_schemas_describe_the_models() -> None:
    files = generated_files()
    config, corpora = (json.loads(files[f"{name}.schema.json"]) for name in ("config", "corpora"))
    assert set(config["properties"]) == set(Config.model_fields)
    assert config["additionalProperties"] is False
    assert set(corpora["$defs"]["Corpus"]["properties"]) == set(Corpus.model_fields)


@pytest.mark.long
def test_files_are_written_and_differences_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], tmp_path) == 1
    assert main([], tmp_path) == 0
    assert {path.name for path in tmp_path.iterdir()} == set(generated_files())
    capsys.readouterr()
    assert main(["--check"], tmp_path) == 0
    assert capsys.readouterr() == ("", "")
    with (tmp_path / "README.md").open("a") as stream:
        stream.write("\n")
    assert main(["--check"], tmp_path) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "README.md out of date; run python tools/config_docs.py" in message
    assert "schema" not in message


def test_every_config_has_a_row() -> None:
    """The introduction's table of files is written by hand."""
    text = (FOLDER / "README.md").read_text()
    for path in FOLDER.glob("*.yaml"):
        assert f"\n| `{path.name}` | " in text, path.name
