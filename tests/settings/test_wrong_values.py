"""A value of another type, out of its range or without a meaning is named by its key."""

import datetime
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
import pytest
from pydantic import BeforeValidator, Strict
from pydantic.fields import FieldInfo

from nlpflow.settings.base import Settings
from nlpflow.settings.loading import load_config
from settings.wrong import (
    CONFIG_GROUPS,
    DATASET,
    EXPERIMENT,
    FINDER,
    FULL,
    FULL_REGISTRY,
    GRID,
    MODEL,
    REGISTRY_GROUPS,
    TAGGER,
    TRAINING,
    TREEBANK,
    KeyPath,
    changed,
    dotted,
    keys,
    refusal,
    registry_refusal,
)

pytestmark = pytest.mark.long

OF_NO_KEY = (b"bytes", datetime.date(2020, 1, 1), [[[]]], {"a": {"b": 1}})
"""Values of a type that no key has."""


@pytest.mark.parametrize(("path", "key"), keys(CONFIG_GROUPS))
def test_wrong_type(root: Path, path: KeyPath, key: str) -> None:
    for wrong in OF_NO_KEY:
        assert dotted(*path, key) in refusal(changed(FULL, (*path, key), wrong), root), wrong


@pytest.mark.parametrize(("path", "key"), keys(REGISTRY_GROUPS))
def test_wrong_type_in_the_registry(tmp_path: Path, path: KeyPath, key: str) -> None:
    for wrong in OF_NO_KEY:
        message = registry_refusal(changed(FULL_REGISTRY, (*path, key), wrong), tmp_path)
        assert message.startswith(f"registry wrong.yaml: {dotted(*path, key)}"), wrong


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
def test_section_is_no_mapping(root: Path, path: KeyPath, _: Any) -> None:
    if path[-1] == "max_size":
        return  # one number stands for both sides; its wrong values have a test of their own
    wrong = [None, [], "text", 1, True]
    if path[-1] in ("characters", "affixes", "sampling"):
        assert load_config(changed(FULL, path, None), root)  # this one may be left out
        wrong.remove(None)
    for value in wrong:
        message = refusal(changed(FULL, path, value), root)
        assert message.startswith(f"config: {dotted(*path)}: input should be a mapping"), value
        assert "instance" not in message


@pytest.mark.parametrize("section", ["datasets", "experiments"])
@pytest.mark.parametrize("wrong", [None, [], {}, "text"])
def test_section_is_empty(root: Path, section: str, wrong: Any) -> None:
    assert refusal(changed(FULL, (section,), wrong), root).startswith(f"config: {section}: ")


@pytest.mark.parametrize("values", [None, [], "text", 1, True])
def test_file_is_no_mapping(tmp_path: Path, values: Any) -> None:
    assert refusal(values, tmp_path).startswith("config: input should be a mapping")
    assert "wrong.yaml: input should be a mapping" in registry_refusal(values, tmp_path)


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
        ((*MODEL, "attention"), "dott", "'local-p' or 'multi-head', not 'dott'"),
        ((*MODEL, "attention"), None, "not None"),
        ((*MODEL, "attention"), False, "YAML reads yes, no, on and off as true or false"),
        ((*TRAINING, "learning_rate"), 0, "not 0"),
        ((*TRAINING, "learning_rate"), "1e-3", "YAML reads 1e-3 as text: write 1.0e-3"),
        ((*TRAINING, "clip_norm"), "1e1", "YAML reads 1e-3 as text"),
        ((*TRAINING, "learning_rate"), "fast", "not 'fast'"),
        ((*TRAINING, "learning_rate"), math.inf, "not inf"),
        ((*TRAINING, "learning_rate"), 10**400, "but the number is too large"),
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
        ((*EXPERIMENT, "resources", "gpu"), -1, "not -1"),
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
        ((*TREEBANK, "max_training"), 0, "not 0"),
        ((*TAGGER, "model", "output"), "hmm", "'softmax' or 'crf', not 'hmm'"),
        ((*TAGGER, "model", "word_dropout"), -0.1, "not -0.1"),
        ((*TAGGER, "model", "characters", "dropout"), 1.0, "not 1.0"),
        ((*TAGGER, "training", "loss"), "margin", "'nll', 'perceptron' or 'hinge', not 'margin'"),
        ((*FINDER, "model", "scheme"), "IOB1", "'IOB2' or 'IOBES', not 'IOB1'"),
        ((*GRID, "parameters", "model.hidden"), [], ""),
        ((*GRID, "parameters", "model.hidden"), 8, "should be a list, not 8"),
        ((*GRID, "parameters"), {"model..hidden": [8]}, "not 'model..hidden'"),
        ((*GRID, "parameters"), {}, ""),
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
