"""A config and a registry that are right, changes to them, and what refuses a wrong one."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlpflow.errors import UserError
from nlpflow.settings.base import Settings
from nlpflow.settings.checks import checked
from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_config, read_registries
from nlpflow.settings.registry import Corpus

KeyPath = tuple[str | int, ...]
GONE = object()
EXPERIMENT = ("experiments", "plain")
MODEL, TRAINING = (*EXPERIMENT, "model"), (*EXPERIMENT, "training")
DATASET, GRID = ("datasets", "pairs"), ("grids", "size")
SENTENCES = ("datasets", "sentences")
TREEBANK, ENTITIES = ("datasets", "treebank"), ("datasets", "entities")
TAGGER, FINDER = ("experiments", "tagger"), ("experiments", "finder")
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
        "requests": {
            "kind": "pairs",
            "corpus": "assistant",
            "source": "eng",
            "target": "zxx",
            "normalisation": "cased",
            "split": {"by": "source"},
        },
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
        "parts": {"dataset": "requests", "kind": "parts"},
    },
    "test_sets": {"own": {"languages": ["eng", "fra"], "files": ["own.tsv"]}},
    "experiments": {
        "plain": {
            "task": "translation",
            "vocabulary": "words",
            "model": {"attention": "none"},
            "test_sets": ["test", "own"],
        },
        "transformer": {
            "task": "translation",
            "vocabulary": "words",
            "model": {"network": "transformer"},
        },
        "bash": {"task": "bash", "vocabulary": "parts", "model": {"attention": "dot"}},
        "frames": {
            "task": "frames",
            "vocabulary": "parts",
            "model": {"attention": "dot", "copying": True},
        },
        "chat": {
            "task": "chat",
            "vocabulary": "parts",
            "model": {"attention": "dot"},
            "decoding": {"sampling": {}},
        },
        "questions": {"task": "questions", "vocabulary": "parts", "model": {"attention": "dot"}},
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
    "grids": {"size": {"experiment": "plain", "parameters": {"model.hidden": [8, 16]}}},
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
REGISTRY["assistant"] = {
    "title": "Assistant",
    "licence": "CC0",
    "attribution": "us",
    "reader": "rasa",
    "languages": ["eng", "zxx"],
    "files": [{"address": "a.json"}, {"address": "b.json"}],
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
