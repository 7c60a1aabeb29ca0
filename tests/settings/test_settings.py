"""Configs and registries that are wrong end in one clear line, and never in anything else."""

import copy
import datetime
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BeforeValidator, Strict
from pydantic.fields import FieldInfo

from config_docs import config_reference
from nlpflow.errors import UserError
from nlpflow.settings.base import Settings
from nlpflow.settings.checks import checked
from nlpflow.settings.config import Config, Shared
from nlpflow.settings.loading import load_config, read_registries, read_yaml
from nlpflow.settings.registry import Corpus

KeyPath = tuple[str | int, ...]
GONE = object()
SPLITS = ("train", "dev", "test")
DIGEST = "0123456789abcdef" * 4

CONFIG: dict[str, Any] = {
    "name": "test",
    "registry": "corpora.yaml",
    "datasets": {
        "pairs": {"kind": "pairs", "corpus": "tiny", "source": "fra", "target": "eng"},
        "sentences": {"kind": "sentences", "corpora": ["tiny", "lists"]},
        "words": {"kind": "test_sentences", "corpora": ["lists"], "apart_from": ["sentences"]},
        "treebank": {"kind": "labelled", "corpus": "treebank", "tags": "upos"},
        "entities": {"kind": "labelled", "corpus": "entities"},
        "tagged": {"kind": "test_labelled", "corpus": "treebank", "tags": "upos"},
        "english": {"kind": "sentences", "corpora": ["tiny"], "languages": ["eng"]},
    },
    "vocabularies": {
        "words": {"dataset": "pairs"},
        "pieces": {
            "dataset": "pairs",
            "kind": "subwords",
            "max_size": {"source": 300, "target": 400},
        },
    },
    "test_sets": {"own": {"languages": ["eng", "fra"], "files": ["own.tsv"]}},
    "experiments": {
        "plain": {
            "task": "translation",
            "vocabulary": "words",
            "model": {"attention": "none"},
            "test_sets": ["test", "own"],
        },
        "bag": {
            "task": "language_id",
            "dataset": "sentences",
            "model": {"features": "words"},
            "test_sets": ["dev", "words"],
        },
        "tagger": {"task": "tagging", "dataset": "treebank", "model": {"characters": {}}},
        "finder": {"task": "entities", "dataset": "entities", "model": {"output": "crf"}},
        "skipgram": {
            "task": "embeddings",
            "dataset": "english",
            "model": {"kind": "skipgram"},
            "training": {"optimiser": "sgd", "learning_rate": 0.025},
        },
        "cbow": {
            "task": "embeddings",
            "dataset": "english",
            "model": {"kind": "cbow"},
            "training": {"optimiser": "sgd", "learning_rate": 0.05},
        },
        "ngram": {
            "task": "embeddings",
            "dataset": "english",
            "model": {"kind": "ngram"},
            "training": {"optimiser": "adam", "learning_rate": 0.001},
        },
        "lstm": {
            "task": "embeddings",
            "dataset": "english",
            "model": {"kind": "lstm"},
            "training": {"optimiser": "adam", "learning_rate": 0.001},
        },
    },
    "grids": {"size": {"experiment": "plain", "parameter": "model.hidden", "values": [8, 16]}},
}
REGISTRY: dict[str, Any] = {
    "tiny": {
        "title": "Tiny",
        "licence": "CC0",
        "attribution": "us",
        "reader": "tsv",
        "languages": ["eng", "fra"],
        "files": [
            {
                "address": "https://example.org/tiny.tsv",
                "copies": ["https://example.org/copies/tiny.tsv"],
                "version": {"date": "2019-04-07", "pairs": 10, "sha256": DIGEST},
                "sha256": DIGEST,
                "size": 10,
            }
        ],
    },
    "lists": {
        "title": "Lists",
        "licence": "CC0",
        "attribution": "us",
        "reader": "lines",
        "languages": ["eng", "fra", "deu"],
        "files": [{"address": name, "language": name} for name in ("eng", "fra", "deu")],
    },
    "aligned": {
        "title": "Aligned",
        "licence": "CC0",
        "attribution": "us",
        "reader": "aligned",
        "languages": ["eng", "deu"],
        "files": [
            {"address": f"{split}.{language}", "language": language, "split": split}
            for split in ("train", "dev", "test")
            for language in ("eng", "deu")
        ],
    },
    "treebank": {
        "title": "Treebank",
        "licence": "CC0",
        "attribution": "us",
        "reader": "conllu",
        "languages": ["eng"],
        "files": [{"address": f"{split}.conllu", "split": split} for split in SPLITS],
    },
    "entities": {
        "title": "Entities",
        "licence": "CC0",
        "attribution": "us",
        "reader": "columns",
        "languages": ["eng"],
        "files": [{"address": f"{split}.iob2", "split": split} for split in SPLITS],
        "columns": {"rename": {"OTH": "O"}},
    },
}
# Every key there is, with its default.
FULL: dict[str, Any] = checked(Config, CONFIG, "config").model_dump(mode="json")
FULL_REGISTRY: dict[str, Any] = {
    name: checked(Corpus, corpus, name).model_dump(mode="json") for name, corpus in REGISTRY.items()
}


def groups(found: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, type[Settings]]]:
    """Every group of settings in a checked value, with its path."""
    if isinstance(found, Settings):
        yield path, type(found)
        found = {key: getattr(found, key) for key in type(found).model_fields}
    if isinstance(found, dict):
        for key, value in found.items():
            yield from groups(value, (*path, key))
    elif isinstance(found, tuple):
        for index, value in enumerate(found):
            yield from groups(value, (*path, index))


CONFIG_GROUPS = list(groups(checked(Config, FULL, "config")))
REGISTRY_GROUPS = list(groups(checked(dict[str, Corpus], FULL_REGISTRY, "registry")))


def keys(
    found: list[tuple[KeyPath, type[Settings]]], required: bool | None = None
) -> list[tuple[KeyPath, str]]:
    return [
        (path, key)
        for path, group in found
        for key, field in group.model_fields.items()
        if required is None or field.is_required() == required
    ]


def changed(values: Any, path: KeyPath, value: Any) -> Any:
    """A copy of `values` with another value at `path`, or none if it is `GONE`."""
    values = copy.deepcopy(values)
    part = values
    for step in path[:-1]:
        part = part[step]
    if not path:
        return value
    if value is GONE:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return values


def renamed(values: Any, path: KeyPath, old: str, new: str) -> Any:
    group = values
    for step in path:
        group = group[step]
    return changed(
        values, path, {new if key == old else key: value for key, value in group.items()}
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the registry."""
    folder = tmp_path_factory.mktemp("project")
    write(folder / "corpora.yaml", REGISTRY)
    return folder


def write(path: Path, values: Any) -> Path:
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def one_line(message: str) -> str:
    assert message.isprintable()
    assert len(message) < 1000
    return message


def refusal(values: Any, root: Path) -> str:
    """The line with which a config is refused."""
    with pytest.raises(UserError) as caught:
        load_config(values, root)
    message = one_line(str(caught.value))
    assert message.startswith("config: ")
    return message


def registry_refusal(values: Any, folder: Path) -> str:
    """The line with which a registry is refused."""
    with pytest.raises(UserError) as caught:
        read_registry(write(folder / "wrong.yaml", values))
    message = one_line(str(caught.value))
    assert message.startswith("registry wrong.yaml: ")
    return message


def read_registry(path: Path) -> dict[str, Corpus]:
    """The corpora of a registry; UserError if one of them is wrong."""
    registry, wrong = read_registries([path])
    for message in wrong.values():
        raise UserError(message)
    return registry


def first_error(message: str) -> str:
    return re.sub(r" \(and \d more\)$", "", message)


def dotted(*path: str | int) -> str:
    return ".".join(map(str, path))


# Right ones


def test_small_and_full_config_are_the_same(root: Path) -> None:
    assert load_config(CONFIG, root) == load_config(FULL, root)
    assert read_registry(write(root / "full.yaml", FULL_REGISTRY)) == load_config(FULL, root)[1]


def test_every_group_of_settings_is_tried_below() -> None:
    tried = {group for _, group in [*CONFIG_GROUPS, *REGISTRY_GROUPS]}
    reference = config_reference()
    assert len(tried | {Shared}) == len(re.findall(r"^\| Key \|", reference, flags=re.MULTILINE))


def test_grid_is_expanded(root: Path) -> None:
    config, _ = load_config(changed(CONFIG, ("grids", "size", "seeds"), [3, 4]), root)
    assert list(config.experiments) == [*CONFIG["experiments"], "plain-hidden-8", "plain-hidden-16"]
    made = config.experiments["plain-hidden-16"]
    assert (made.model.hidden, made.seeds, made.label) == (16, (3, 4), "plain, hidden 16")
    assert config.experiments["plain"].seeds == (1,)


def test_random_seeds_of_all_experiments(root: Path) -> None:
    config, _ = load_config(CONFIG | {"seeds": 3}, root)
    assert {experiment.seeds for experiment in config.experiments.values()} == {(1, 2, 3)}


def test_grid_keeps_seeds_and_takes_null(root: Path) -> None:
    values = changed(CONFIG, ("grids", "size", "parameter"), "training.clip_norm")
    values = changed(values, ("grids", "size", "values"), [None, 0.5])
    values = changed(values, ("experiments", "plain", "seeds"), [7])
    config, _ = load_config(values, root)
    assert config.experiments["plain-clip_norm-None"].training.clip_norm is None
    assert config.experiments["plain-clip_norm-0.5"].seeds == (7,)


def test_settings_never_change(root: Path) -> None:
    config, _ = load_config(CONFIG, root)
    with pytest.raises(ValueError, match="frozen"):
        config.experiments["plain"].model.hidden = 3


@pytest.mark.parametrize("address", ["../../pairs.tsv", "/data/pairs.tsv", "C:\\pairs.tsv"])
def test_local_files_may_lie_anywhere(tmp_path: Path, address: str) -> None:
    values = changed(REGISTRY, ("tiny", "files"), [{"address": address}])
    file = read_registry(write(tmp_path / "corpora.yaml", values))["tiny"].files[0]
    assert (file.address, file.is_remote) == (address, False)


# Keys


@pytest.mark.parametrize(("path", "key"), keys(CONFIG_GROUPS, required=True))
def test_required_key_is_missing(root: Path, path: KeyPath, key: str) -> None:
    message = refusal(changed(FULL, (*path, key), GONE), root)
    assert message == f"config: {dotted(*path, key)}: this key is required"


@pytest.mark.parametrize(("path", "key"), keys(REGISTRY_GROUPS, required=True))
def test_required_key_of_the_registry_is_missing(tmp_path: Path, path: KeyPath, key: str) -> None:
    message = registry_refusal(changed(FULL_REGISTRY, (*path, key), GONE), tmp_path)
    expected = f"registry wrong.yaml: {dotted(*path, key)}: this key is required"
    assert first_error(message) == expected


@pytest.mark.parametrize(("path", "key"), keys(CONFIG_GROUPS))
def test_misspelt_key_names_the_right_one(root: Path, path: KeyPath, key: str) -> None:
    for at in range(len(key)):
        wrong = key[:at] + key[at + 1 :]
        message = refusal(renamed(FULL, path, key, wrong), root)
        expected = f"config: {dotted(*path, wrong)}: unknown key; did you mean '{key}'?"
        assert first_error(message) == expected


@pytest.mark.parametrize(("path", "key"), keys(REGISTRY_GROUPS))
def test_misspelt_key_of_the_registry(tmp_path: Path, path: KeyPath, key: str) -> None:
    wrong = key[:-2] + key[-1]
    message = registry_refusal(renamed(FULL_REGISTRY, path, key, wrong), tmp_path)
    expected = f"{dotted(*path, wrong)}: unknown key; did you mean '{key}'?"
    assert first_error(message) == f"registry wrong.yaml: {expected}"


def test_key_that_resembles_none_lists_the_known(root: Path) -> None:
    message = refusal(changed(CONFIG, ("vocabularies", "words", "zzz"), 1), root)
    assert (
        "zzz: unknown key; known are: character_coverage, dataset, kind, max_size, min_count"
        in message
    )


def test_number_of_further_errors(root: Path) -> None:
    values = changed(CONFIG, ("datasets", "pairs"), {"kind": "pairs", "corpus": "tiny"})
    assert "datasets.pairs.source: this key is required (and 1 more)" in refusal(values, root)


def test_a_wrong_item_makes_no_list_too_short(root: Path, tmp_path: Path) -> None:
    message = refusal(changed(FULL, (*EXPERIMENT, "seeds", 0), "1"), root)
    assert message == first_error(message)
    message = registry_refusal(changed(REGISTRY, ("tiny", "files", 0, "zzz"), 1), tmp_path)
    assert message == first_error(message)
    values = changed(REGISTRY, ("tiny", "files"), [])
    assert "tiny.files: " in registry_refusal(values, tmp_path)


# Types and ranges


@pytest.mark.parametrize(("path", "key"), keys(CONFIG_GROUPS))
@pytest.mark.parametrize("wrong", [b"bytes", datetime.date(2020, 1, 1), [[[]]], {"a": {"b": 1}}])
def test_wrong_type(root: Path, path: KeyPath, key: str, wrong: Any) -> None:
    assert dotted(*path, key) in refusal(changed(FULL, (*path, key), wrong), root)


@pytest.mark.parametrize(("path", "key"), keys(REGISTRY_GROUPS))
@pytest.mark.parametrize("wrong", [b"bytes", datetime.date(2020, 1, 1), [[[]]], {"a": {"b": 1}}])
def test_wrong_type_in_the_registry(tmp_path: Path, path: KeyPath, key: str, wrong: Any) -> None:
    message = registry_refusal(changed(FULL_REGISTRY, (*path, key), wrong), tmp_path)
    assert message.startswith(f"registry wrong.yaml: {dotted(*path, key)}")


def beyond(field: FieldInfo) -> Iterator[Any]:
    """Values just outside what a key may be; none for a key without bounds."""
    for note in field.metadata:
        match note:
            case annotated_types.Ge(ge=least):
                yield least - 1
            case annotated_types.Gt(gt=limit):
                yield limit
            case annotated_types.Le(le=most):
                yield most + 1
            case annotated_types.Lt(lt=limit):
                yield limit
            case annotated_types.MinLen():
                yield {str: "", dict: {}}.get(kind_of(field), [])
            case annotated_types.MaxLen(max_length=most):
                yield [f"{number}.tsv" for number in range(most + 1)]
            case _ if getattr(note, "pattern", None):
                yield "?"
            case _ if not isinstance(note, Strict | BeforeValidator):
                raise AssertionError(f"{note}: not tried")
    if any(get_origin(kind) is Literal for kind in (field.annotation, *get_args(field.annotation))):
        yield "another"


def kind_of(field: FieldInfo) -> Any:
    """The plain type of a key, without `None` and what is inside."""
    kinds = [kind for kind in get_args(field.annotation) if kind is not type(None)]
    optional = type(None) in get_args(field.annotation)
    kind = kinds[0] if optional else field.annotation
    return get_origin(kind) or kind


def all_beyond(found: list[tuple[KeyPath, type[Settings]]]) -> list[tuple[KeyPath, Any]]:
    return [
        ((*path, key), value)
        for path, group in found
        for key, field in group.model_fields.items()
        for value in beyond(field)
    ]


@pytest.mark.parametrize(("path", "value"), all_beyond(CONFIG_GROUPS))
def test_out_of_range(root: Path, path: KeyPath, value: Any) -> None:
    assert refusal(changed(FULL, path, value), root).startswith(f"config: {dotted(*path)}: ")


@pytest.mark.parametrize(("path", "value"), all_beyond(REGISTRY_GROUPS))
def test_out_of_range_in_the_registry(tmp_path: Path, path: KeyPath, value: Any) -> None:
    message = registry_refusal(changed(FULL_REGISTRY, path, value), tmp_path)
    assert message.startswith(f"registry wrong.yaml: {dotted(*path)}: ")


@pytest.mark.parametrize(
    ("font", "families"),
    [("Noto Sans", ("Noto Sans",)), (["Noto Sans", "Amiri"], ("Noto Sans", "Amiri"))],
)
def test_a_font_is_a_name_or_a_list(root: Path, font: Any, families: tuple[str, ...]) -> None:
    config, _ = load_config(changed(FULL, ("figures", "font"), font), root)
    assert config.figures.font == families


@pytest.mark.parametrize(("path", "_"), [group for group in CONFIG_GROUPS if group[0]])
@pytest.mark.parametrize("wrong", [None, [], "text", 1, True])
def test_section_is_no_mapping(root: Path, path: KeyPath, _: Any, wrong: Any) -> None:
    if wrong is None and path[-1] == "characters":
        assert load_config(changed(FULL, path, None), root)  # this one may be left out
        return
    if path[-1] == "max_size":
        return  # one number stands for both sides; its wrong values have a test below
    message = refusal(changed(FULL, path, wrong), root)
    assert message.startswith(f"config: {dotted(*path)}: input should be a mapping")
    assert "instance" not in message


@pytest.mark.parametrize("section", ["datasets", "experiments"])
@pytest.mark.parametrize("wrong", [None, [], {}, "text"])
def test_section_is_empty(root: Path, section: str, wrong: Any) -> None:
    assert refusal(changed(FULL, (section,), wrong), root).startswith(f"config: {section}: ")


@pytest.mark.parametrize("values", [None, [], "text", 1, True])
def test_file_is_no_mapping(tmp_path: Path, values: Any) -> None:
    assert refusal(values, tmp_path).startswith("config: input should be a mapping")
    assert "wrong.yaml: input should be a mapping" in registry_refusal(values, tmp_path)


EXPERIMENT = ("experiments", "plain")
MODEL, TRAINING = (*EXPERIMENT, "model"), (*EXPERIMENT, "training")
DATASET, GRID = ("datasets", "pairs"), ("grids", "size")
SENTENCES = ("datasets", "sentences")
TREEBANK, ENTITIES = ("datasets", "treebank"), ("datasets", "entities")
TAGGER, FINDER = ("experiments", "tagger"), ("experiments", "finder")


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ((*MODEL, "hidden"), 0, "1, not 0"),
        ((*MODEL, "hidden"), 8.0, "not 8.0"),
        ((*MODEL, "hidden"), "8", "not '8'"),
        ((*MODEL, "hidden"), True, "not True"),
        ((*MODEL, "layers"), 9, "8, not 9"),
        ((*MODEL, "dropout"), 1.0, "1, not 1.0"),
        ((*MODEL, "dropout"), math.nan, "not nan"),
        ((*MODEL, "bidirectional"), 1, "not 1"),
        ((*MODEL, "bidirectional"), "yes", "not 'yes'"),
        ((*MODEL, "attention"), "dott", "'general' or 'local-p', not 'dott'"),
        ((*MODEL, "attention"), None, "not None"),
        ((*MODEL, "attention"), False, "YAML reads yes, no, on and off as true or false"),
        ((*TRAINING, "learning_rate"), 0, "not 0"),
        ((*TRAINING, "learning_rate"), "1e-3", "YAML reads 1e-3 as text: write 1.0e-3"),
        ((*TRAINING, "clip_norm"), "1e1", "YAML reads 1e-3 as text"),
        ((*TRAINING, "learning_rate"), "fast", "not 'fast'"),
        ((*TRAINING, "learning_rate"), math.inf, "not inf"),
        ((*TRAINING, "learning_rate"), 10**400, "not a number of that size"),
        ((*TRAINING, "teacher_forcing"), 1.01, "not 1.01"),
        ((*EXPERIMENT, "task"), "tagging" * 1000, "'entities', not 'taggingtagging"),
        ((*EXPERIMENT, "seeds"), 1, "should be a list, not 1"),
        ((*EXPERIMENT, "seeds"), [], ""),
        ((*EXPERIMENT, "seeds", 0), "1", "not '1'"),
        ((*EXPERIMENT, "seeds", 0), True, "not True"),
        ((*EXPERIMENT, "seeds", 0), -1, "not -1"),
        ((*EXPERIMENT, "seeds", 0), 2**32, "not 4294967296"),
        ((*EXPERIMENT, "test_sets", 0), "train", "'train' is unknown; known are: dev, own, test"),
        ((*EXPERIMENT, "label"), 2020, "not 2020"),
        ((*EXPERIMENT, "figures", "sentences"), "one", "should be a list, not 'one'"),
        ((*EXPERIMENT, "resources", "gpu"), 2, "not 2"),
        ((*DATASET, "split", "dev"), 0, "not 0"),
        ((*DATASET, "filters", "prefixes"), {"fra": "je"}, "fra: input should be a list, not 'je'"),
        ((*DATASET, "filters", "prefixes"), {"fra": None}, "fra: input should be a list, not None"),
        ((*DATASET, "filters", "prefixes"), {"French": ["je"]}, "not 'French'"),
        ((*DATASET, "source"), False, "YAML reads yes, no, on and off as true or false"),
        (("name",), "a/b", "not 'a/b'"),
        (("name",), "..", "not '..'"),
        (("name",), "a\n", "not 'a\\n'"),
        (("figures", "dpi"), 1, "not 1"),
        ((*TREEBANK, "tags"), "lemma", "'upos' or 'xpos', not 'lemma'"),
        ((*TREEBANK, "normalisation"), "cased", "'none' or 'digits', not 'cased'"),
        ((*TREEBANK, "max_words"), 0, "not 0"),
        ((*TAGGER, "model", "output"), "hmm", "'softmax' or 'crf', not 'hmm'"),
        ((*TAGGER, "model", "word_dropout"), -0.1, "not -0.1"),
        ((*TAGGER, "model", "characters", "dropout"), 1.0, "not 1.0"),
        ((*TAGGER, "training", "loss"), "hinge", "'nll' or 'perceptron', not 'hinge'"),
        ((*FINDER, "model", "scheme"), "IOB1", "'IOB2' or 'IOBES', not 'IOB1'"),
        ((*GRID, "values"), [], ""),
        ((*GRID, "values"), 8, "should be a list, not 8"),
        ((*GRID, "parameter"), "model..hidden", "not 'model..hidden'"),
    ],
)
def test_wrong_value(root: Path, path: KeyPath, value: Any, reason: str) -> None:
    message = refusal(changed(FULL, path, value), root)
    assert message.startswith(f"config: {dotted(*path)}")
    assert reason in message


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*MODEL, "\ud800"), 1),
        (("datasets", "\ud800"), FULL["datasets"]["pairs"]),
        ((*DATASET, "corpus"), "\ud800"),
    ],
    ids=["key", "name", "value"],
)
def test_half_a_character(root: Path, path: KeyPath, value: Any) -> None:
    # The YAML escape "\ud800" makes such text, which cannot even be printed.
    message = refusal(changed(FULL, path, value), root)
    assert message.startswith(f"config: {dotted(*path[:-1])}")
    assert "not '\\ud800'" in message


def test_number_too_long_to_show(root: Path) -> None:
    values = changed(FULL, (*TRAINING, "epochs"), -(16**5000))
    assert "epochs: " in refusal(values, root)


@pytest.mark.parametrize("name", ["a/b", "../a", "a b", "", "a\nb", "é", "-a", ".a"])
@pytest.mark.parametrize("section", ["datasets", "vocabularies", "experiments", "grids"])
def test_wrong_name(root: Path, section: str, name: str) -> None:
    value = next(iter(FULL[section].values()))
    message = refusal(changed(FULL, (section, name), value), root)
    assert message.startswith(f"config: {section}.")
    assert f"not {name!r}" in message


@pytest.mark.parametrize("key", [1, None, True, 1.5, datetime.date(2020, 1, 1), (1, 2), b"a"])
@pytest.mark.parametrize("path", [(), ("datasets",), DATASET, MODEL, (*DATASET, "filters")])
def test_key_is_no_text(root: Path, path: KeyPath, key: Any) -> None:
    assert dotted(*path) in refusal(changed(FULL, (*path, key), "x"), root)


@pytest.mark.parametrize("key", ["a\nb", "\x1b[31m", "\u2028", ""])
def test_key_that_cannot_be_shown(root: Path, key: str) -> None:
    assert f"{key!r}: unknown key" in refusal(changed(FULL, (*MODEL, key), 1), root)


# What must fit together


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ((*DATASET, "split"), {"dev": 0.5, "test": 0.5}, "leave nothing to train on"),
        (("vocabularies", "words", "kind"), "subwords", "needs max_size"),
        (
            ("vocabularies", "words"),
            {"dataset": "pairs", "kind": "subwords", "max_size": 100, "min_count": 2},
            "min_count is for words",
        ),
        (
            MODEL,
            {"attention": "none", "tied_embeddings": True, "hidden": 3, "embedding": 4},
            "needs hidden equal to embedding",
        ),
        (
            MODEL,
            {"attention": "dot", "bidirectional": True},
            "set bidirectional to false or take 'general'",
        ),
        ((*EXPERIMENT, "seeds"), [1, 2, 1], "seeds: [1, 2, 1] has a value twice"),
        ((*EXPERIMENT, "test_sets"), ["dev", "dev"], "has a value twice"),
        (
            (*EXPERIMENT, "test_sets"),
            ["test", "onw"],
            "'onw' is unknown; did you mean 'own'",
        ),
        (("test_sets", "own", "languages"), ["eng", "eng"], "two different codes are needed"),
        (("test_sets", "own", "files"), ["a", "b", "c"], ""),
        (
            ("test_sets", "own", "files"),
            ["https://example.org/a.tsv"],
            "not the path of a local file",
        ),
        (("test_sets", "own", "files"), ["a.tsv", "a.tsv"], "the same file is listed twice"),
        (
            ("test_sets",),
            {"figures": {"languages": ["eng", "fra"], "files": ["own.tsv"]}},
            "test_sets.figures: the name is taken",
        ),
        ((*DATASET, "corpus"), "tinny", "'tinny' is unknown; did you mean 'tiny'?"),
        ((*DATASET, "source"), "fre", "'fre' is unknown; did you mean 'fra'?"),
        ((*DATASET, "target"), "spa", "'spa' is unknown; "),
        ((*DATASET, "source"), "eng", "source and target are both 'eng'"),
        ((*SENTENCES, "corpora"), ["tinny"], "'tinny' is unknown; did you mean 'tiny'?"),
        (("datasets", "words", "corpora"), ["list"], "'list' is unknown; did you mean 'lists'?"),
        (("datasets", "words", "apart_from"), ["pairs"], "is of kind 'pairs', not 'sentences'"),
        (("datasets", "words", "apart_from"), ["words"], "is of kind 'test_sentences'"),
        (("experiments", "bag", "dataset"), "words", "kind 'test_sentences', not 'sentences'"),
        (("experiments", "bag", "test_sets"), ["sentences"], "not 'test_sentences'"),
        (("experiments", "bag", "test_sets"), ["word"], "unknown; did you mean 'words'?"),
        (
            ("experiments", "bag", "model"),
            {"features": "characters", "buckets": 1000},
            "buckets: 1000 is not a power of two",
        ),
        ((*DATASET, "corpus"), "lists", "'lists' has no sentence pairs"),
        ((*SENTENCES, "languages"), ["fre"], "'fre' is unknown; did you mean 'fra'?"),
        (("experiments", "bag", "dataset"), "pairs", "is of kind 'pairs', not 'sentences'"),
        (("vocabularies", "words", "dataset"), "sentences", "is of kind 'sentences', not 'pairs'"),
        ((*DATASET, "filters"), {"prefixes": {"deu": ["ich"]}}, "'deu' is unknown; "),
        ((*DATASET, "corpus"), "treebank", "'treebank' has no sentence pairs"),
        ((*SENTENCES, "corpora"), ["treebank"], "'treebank' has no plain sentences"),
        ((*TREEBANK, "corpus"), "treebanks", "unknown; did you mean 'treebank'?"),
        ((*TREEBANK, "corpus"), "tiny", "'tiny' has no tags"),
        ((*TREEBANK, "tags"), None, "required with reader 'conllu'"),
        ((*ENTITIES, "tags"), "upos", "required with reader 'conllu', and only there"),
        ((*TAGGER, "dataset"), "treebanks", "unknown; did you mean 'treebank'?"),
        ((*TAGGER, "dataset"), "pairs", "is of kind 'pairs', not 'labelled'"),
        ((*TAGGER, "dataset"), "entities", "'entities' has entities: set another task"),
        ((*FINDER, "dataset"), "treebank", "'treebank' has part-of-speech tags"),
        ((*TAGGER, "training"), {"loss": "perceptron"}, "'perceptron' needs model.output 'crf'"),
        ((*FINDER, "model"), {"constraints": True}, "constraints need output 'crf'"),
        ((*TAGGER, "model"), {"constraints": True}, "constraints: unknown key"),
        (("vocabularies", "words", "dataset"), "pears", "unknown; did you mean 'pairs'?"),
        ((*EXPERIMENT, "vocabulary"), "word", "unknown; did you mean 'words'?"),
        ((*GRID, "experiment"), "plane", "unknown; did you mean 'plain'?"),
        ((*GRID, "parameter"), "model.hiden", "no key 'model.hiden'"),
        ((*GRID, "parameter"), "model.hidden.size", "no key 'model.hidden.size'"),
        ((*GRID, "parameter"), "modle.hidden", "no key 'modle.hidden'"),
        ((*GRID, "parameter"), "seeds", "'seeds' is set by the grid itself"),
        ((*GRID, "parameter"), "label", "'label' is set by the grid itself"),
        ((*GRID, "values"), ["8"], "not '8'"),
        ((*GRID, "values"), [0], "not 0"),
        ((*GRID, "values"), [8, 8], "8 is listed twice"),
        ((*GRID, "values"), ["a/b"], "a/b'"),
        ((*GRID, "values"), ["a\nb"], ""),
        ((*GRID, "values"), [[8]], ""),
        ((*GRID, "values"), [{"a": 1}], ""),
        ((*GRID, "seeds"), [1, 1], "has a value twice"),
    ],
)
def test_parts_do_not_fit(root: Path, path: KeyPath, value: Any, reason: str) -> None:
    message = refusal(changed(CONFIG, path, value), root)
    assert message.startswith(f"config: {dotted(*path[:2])}")
    assert reason in message


def test_own_test_set_in_another_language(root: Path) -> None:
    message = refusal(changed(CONFIG, ("test_sets", "own", "languages"), ["eng", "deu"]), root)
    assert "experiments.plain.test_sets.1: 'own' is eng and deu, but the experiment" in message


def test_sizes_in_a_grid_must_fit(root: Path) -> None:
    values = changed(CONFIG, (*MODEL, "tied_embeddings"), True)
    message = refusal(values, root)
    assert "grids.size (plain-hidden-8): model: tied_embeddings" in message


def test_grid_names_an_unknown_vocabulary(root: Path) -> None:
    grid = {"experiment": "plain", "parameter": "vocabulary", "values": ["word"]}
    message = refusal(changed(CONFIG, GRID, grid), root)
    assert "experiments.plain-vocabulary-word.vocabulary: 'word' is unknown" in message


def test_grid_makes_an_existing_experiment(root: Path) -> None:
    values = changed(CONFIG, ("experiments", "plain-hidden-8"), CONFIG["experiments"]["plain"])
    assert "grids.size: experiment 'plain-hidden-8' exists already" in refusal(values, root)
    values = changed(CONFIG, ("grids", "again"), CONFIG["grids"]["size"])
    assert "grids.again: experiment 'plain-hidden-8' exists already" in refusal(values, root)


# The registry

FILES: list[dict[str, Any]] = REGISTRY["aligned"]["files"]


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("tiny", "files", 0, "sha256"), DIGEST[:-1], f"not '{DIGEST[:-1]}'"),
        (("tiny", "files", 0, "sha256"), DIGEST.upper(), f"not '{DIGEST.upper()}'"),
        (("tiny", "files", 0, "sha256"), 10**63, "not a number of that size"),
        (("tiny", "files", 0, "size"), 0, "not 0"),
        (("tiny", "files", 0, "address"), "", "not ''"),
        (("tiny", "files", 0, "address"), "ftp://example.org/a", "only http, https and local"),
        (("tiny", "files", 0, "address"), "file:///etc/passwd", "only http, https and local"),
        (("tiny", "files", 0, "address"), "http://[", "URL"),
        (("tiny", "files", 0, "address"), "https://a.org/b?c=d", "a query or fragment"),
        (("tiny", "files", 0, "address"), "https://a.org/../b", "must be a plain name"),
        (("tiny", "files", 0, "copies"), ["pairs.tsv"], "only http:// and https://"),
        (("tiny", "files", 0, "copies"), ["https://example.org/a/"], "must be a plain name"),
        (
            ("tiny", "files", 0, "copies"),
            ["http://EXAMPLE.org:80/tiny%2etsv"],
            "the same address is listed twice",
        ),
        (
            ("tiny", "files", 0),
            {"address": "pairs.tsv", "copies": ["https://example.org/tiny.tsv"]},
            "copies: only for a download",
        ),
        (
            ("tiny", "files", 0, "version", "date"),
            datetime.date(2019, 4, 7),
            "not the date 2019-04-07 (put it in quotes)",
        ),
        (("tiny", "files", 0, "version", "date"), "April 2019", "not 'April 2019'"),
        (("tiny", "files", 0, "address"), "pairs.tsv", "sha256: only for a download"),
        (("tiny", "files", 0, "language"), "eng", "one file, without 'language'"),
        (("tiny", "files", 0, "language"), False, "YAML reads yes, no, on and off"),
        (("tiny", "files", 0, "split"), "train", "no file of split test, only of train; leave"),
        (("tiny", "files", 0, "split"), "dev", "no file of split test, only of dev; leave"),
        (("tiny", "files", 0, "split"), "test", "name them under `test_sets` of a config"),
        (("tiny", "files", 0, "split"), "valid", "'train', 'dev' or 'test'"),
        (("tiny", "files"), [], ""),
        (("tiny", "files"), {"address": "a"}, "should be a list"),
        (("tiny", "files"), [{"address": "a"}, {"address": "b"}], "needs one file"),
        (("tiny", "files"), ["a"], "files.0: input should be a mapping"),
        (("tiny", "languages"), [], ""),
        (("tiny", "languages"), ["eng"], "reader 'tsv' needs exactly two codes"),
        (("tiny", "languages"), ["eng", "eng"], "different codes are needed"),
        (("tiny", "languages"), ["eng", "fra", "deu"], "needs exactly two codes"),
        (("tiny", "languages"), ["eng", "French"], "not 'French'"),
        (("tiny", "reader"), "csv", "'word_pairs' or 'analogies', not 'csv'"),
        (("tiny", "reader"), "aligned", "one file per language"),
        (("tiny", "title"), "", "not ''"),
        (("tiny", "licence"), None, "not None"),
        (("aligned", "files"), FILES[:-1], "one file per language"),
        (("aligned", "files"), [*FILES, FILES[0]], "one file per language"),
        (("aligned", "files"), FILES[:4], "of dev and train; leave 'split' out, and datasets"),
        (("aligned", "files"), FILES[2:], "no file of split train; name them"),
        (("treebank", "files"), REGISTRY["treebank"]["files"][1:], "train; add train, or leave"),
        (("aligned", "files", 0, "split"), None, "either every file has a split or none has"),
        (("aligned", "files", 0, "language"), "fra", "one file per language"),
        (("aligned", "files", 0, "language"), None, "one file per language"),
        (("treebank", "files", 0, "language"), "eng", "takes no 'language'"),
        (("treebank", "files", 0, "split"), None, "either every file has a split or none has"),
        (("treebank", "annotations"), "notes.tsv", "annotations are for pairs"),
        (("treebank", "columns"), {}, "required with reader 'columns', and only there"),
        (("entities", "columns"), None, "required with reader 'columns', and only there"),
        (("entities", "columns", "word"), 2, "word and tag are both column 2"),
        (("entities", "columns", "word"), 0, "not 0"),
        (("entities", "columns", "comments"), "", "not ''"),
        (
            ("entities", "columns", "scheme"),
            "IOB1",
            "'IOB2', 'IOBES', 'BILOU' or 'plain', not 'IOB1'",
        ),
        (("entities", "columns", "rename"), {"A": "b/c"}, "not 'b/c'"),
        (("lists", "files", 0, "language"), None, "reader 'lines' needs one file per language"),
        (("lists", "files", 0, "language"), "deu", "reader 'lines' needs one file per language"),
        (("lists", "languages"), ["eng", "fra", "fra"], "different codes are needed"),
        (("lists", "annotations"), "notes.tsv", "annotations are for pairs"),
        (("lists", "files", 0, "split"), "train", "either every file has a split or none has"),
        (
            ("lists",),
            REGISTRY["lists"]
            | {
                "reader": "analogies",
                "files": [
                    {"address": name, "language": name, "split": "test"}
                    for name in ("eng", "fra", "deu")
                ],
            },
            "reader 'analogies' takes no 'split'",
        ),
        (("a/b",), REGISTRY["tiny"], "not 'a/b'"),
        ((1,), REGISTRY["tiny"], "not 1"),
        (("tiny",), None, "should be a mapping"),
    ],
)
def test_wrong_corpus(tmp_path: Path, path: KeyPath, value: Any, reason: str) -> None:
    message = registry_refusal(changed(REGISTRY, path, value), tmp_path)
    assert message.startswith(f"registry wrong.yaml: {path[0]}")
    assert reason in message


def files_of(splits: Sequence[str | None], *languages: str | None) -> list[dict[str, Any]]:
    return [
        {"address": f"{name}.{split}", "language": name, "split": split}
        for name in languages
        for split in splits
    ]


@pytest.mark.parametrize(
    ("corpus", "splits", "languages"),
    [
        ("tiny", ["train", "test"], [None]),
        ("aligned", ["train", "test"], ["eng", "deu"]),
        ("treebank", ["train", "test"], [None]),
        ("treebank", ["test"], [None]),
        ("treebank", [None], [None]),
        ("entities", [None, None], [None]),  # several files, as many corpora have
        ("entities", ["train", "train", "test"], [None]),
        ("lists", ["train", "test"], ["eng", "fra", "deu"]),
        ("lists", ["train", "dev", "test"], ["eng", "fra", "deu"]),
        ("lists", ["test"], ["eng", "fra", "deu"]),
    ],
)
def test_splits_that_a_corpus_may_bring(
    tmp_path: Path, corpus: str, splits: list[str | None], languages: list[str | None]
) -> None:
    values = changed(REGISTRY, (corpus, "files"), files_of(splits, *languages))
    found = read_registry(write(tmp_path / "right.yaml", values))[corpus]
    assert found.splits == set(splits) - {None}
    assert found.has_own_split == bool(found.splits)
    assert found.lacks_dev == (found.splits == {"train", "test"})


@pytest.mark.parametrize(
    "content",
    [
        b"a: [",
        b"a: \x01",
        b"a: !!python/object/apply:os.getcwd []",
        b"? [1]\n: 2",
        b"a: 2024-13-45",
        b"a: 0b_",
        b"[" * 5000,
        b"a: 1\n  b: 2",
        b"\ta: 1",
        b"*unknown",
        b"--- 1\n--- 2",
    ],
)
def test_no_valid_yaml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "corpora.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError, match="not valid YAML: ") as caught:
        read_yaml(path)
    assert one_line(str(caught.value)).startswith(str(path))


@pytest.mark.parametrize("name", ["", "missing.yaml", "a\nb", "a\0b", "\ud800", "latin.yaml"])
def test_registry_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "latin.yaml").write_bytes("é".encode("latin-1"))
    with pytest.raises(UserError, match="cannot be read: ") as caught:
        load_config(changed(CONFIG, ("registry",), name), tmp_path)
    assert one_line(str(caught.value))


# Anything


def paths(values: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    yield path
    if isinstance(values, dict | list):
        steps = values.items() if isinstance(values, dict) else enumerate(values)
        for step, value in steps:
            yield from paths(value, (*path, step))


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=3)
    | st.sampled_from(["plain", "words", "pairs", "eng", "model.hidden", "1e-3", "none", "a/b"])
)
KEYS = SCALARS | st.sampled_from([str(path[-1]) for path in paths(FULL) if path])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.sets(SCALARS, max_size=2)
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, values: Any) -> Any:
    """`values` with one to three places replaced, removed or added to."""
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(
            st.sampled_from([path for path in paths(values) if path] or [("name",)])
        )
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "add" and isinstance(last, str):
            last = draw(KEYS)
        new = draw(ANYTHING)
        values = changed(values, (*above, last), GONE if change == "remove" else new)
        if not values:
            break
    return values


def outcome(read: Callable[[], Any]) -> str | None:
    """The line of a `UserError`, None if all is well; any other exception passes."""
    try:
        read()
    except UserError as error:
        return one_line(str(error))
    return None


@settings(max_examples=300, deadline=None)
@given(values=mutated(FULL))
def test_mutated_config_is_read_or_refused_in_one_line(root: Path, values: Any) -> None:
    line = outcome(lambda: load_config(values, root))
    # A registry that cannot be read is named by its path, quoted where it must be.
    assert line is None or line.startswith("config: ") or "cannot be read: " in line


@settings(max_examples=200, deadline=None)
@given(values=mutated(FULL_REGISTRY))
def test_mutated_registry_is_read_or_refused_in_one_line(values: Any) -> None:
    line = outcome(lambda: checked(dict[str, Corpus], values, "registry"))
    assert line is None or line.startswith("registry: ")


@settings(max_examples=100, deadline=None)
@given(values=ANYTHING)
def test_anything_else_is_refused_in_one_line(root: Path, values: Any) -> None:
    assert refusal(values, root)


def other_letters(root: Path, normalisation: str | None, source: str = "jpn") -> dict[str, Any]:
    """The config with pairs of another language, whose corpus is among those of the registry."""
    registry = changed(REGISTRY, ("tiny", "languages"), ["eng", source])
    dataset = CONFIG["datasets"]["pairs"] | {"source": source, "target": "eng"}
    dataset.pop("normalisation", None)
    if normalisation:
        dataset["normalisation"] = normalisation
    corpora = write(root / "other.yaml", {"tiny": registry["tiny"]})
    return {
        "name": "other",
        "registry": str(corpora),
        "datasets": {"pairs": dataset},
        "vocabularies": {"words": {"dataset": "pairs"}},
        "experiments": {"plain": CONFIG["experiments"]["plain"] | {"test_sets": ["test"]}},
    }


def test_the_normalisation_of_the_tutorial_is_for_latin_letters(root: Path) -> None:
    message = refusal(other_letters(root, "tutorial"), root)
    assert message == (
        "config: datasets.pairs.normalisation: 'tutorial' keeps Latin letters only, and jpn has "
        "others: set it to 'cased'"
    )
    for normalisation, source, expected in (
        (None, "jpn", "cased"),
        (None, "rus", "cased"),
        ("cased", "jpn", "cased"),
        (None, "srp_Latn", "tutorial"),
        (None, "deu", "tutorial"),
    ):
        config, _ = load_config(other_letters(root, normalisation, source), root)
        assert config.datasets["pairs"].normalisation == expected


def test_sentences_of_other_letters_are_not_normalised_as_in_the_tutorial(root: Path) -> None:
    values = other_letters(root, None)
    values["datasets"]["texts"] = {
        "kind": "sentences",
        "corpora": ["tiny"],
        "normalisation": "tutorial",
    }
    message = refusal(values, root)
    assert message.startswith("config: datasets.texts.normalisation: 'tutorial' keeps Latin")
    values["datasets"]["texts"]["languages"] = ["eng"]
    load_config(values, root)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ({"source": 300}, "max_size.target: this key is required"),
        ({"source": 300, "target": 7}, "max_size.target: input should be greater than or equal"),
        ({"source": 9, "target": 9, "lft": 9}, "max_size.lft: unknown key"),
        (7, "max_size.source: input should be greater than or equal to 8, not 7 (and 1 more)"),
        ("many", "max_size: input should be a whole number, or `{source: N, target: M}`, not "),
        (True, "max_size: input should be a whole number, or `{source: N, target: M}`, not True"),
    ],
)
def test_a_size_is_one_number_or_one_of_each_side(root: Path, size: Any, expected: str) -> None:
    message = refusal(changed(CONFIG, ("vocabularies", "pieces", "max_size"), size), root)
    assert message.startswith(f"config: vocabularies.pieces.{expected}")


def test_one_size_is_of_both_sides(root: Path) -> None:
    config, _ = load_config(changed(CONFIG, ("vocabularies", "pieces", "max_size"), 300), root)
    pieces, words = config.vocabularies["pieces"], config.vocabularies["words"]
    assert [pieces.size(side) for side in ("source", "target")] == [300, 300]
    assert words.size("source") is None


def test_character_coverage_is_of_subwords(root: Path) -> None:
    message = refusal(changed(CONFIG, ("vocabularies", "words", "character_coverage"), 0.99), root)
    assert message.startswith("config: vocabularies.words: character_coverage is for subwords")
