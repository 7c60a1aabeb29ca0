"""A key that is missing or misspelt is named, with the right one."""

from pathlib import Path

import pytest

from settings.wrong import (
    CONFIG,
    CONFIG_GROUPS,
    EXPERIMENT,
    FULL,
    FULL_REGISTRY,
    GONE,
    REGISTRY,
    REGISTRY_GROUPS,
    KeyPath,
    changed,
    dotted,
    first_error,
    keys,
    refusal,
    registry_refusal,
    renamed,
)

pytestmark = pytest.mark.long


# Without `network` a model is a GRU.
REQUIRED = [found for found in keys(CONFIG_GROUPS, required=True) if found[-1] != "network"]


@pytest.mark.parametrize(("path", "key"), REQUIRED)
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
    for at in {0, len(key) // 2, len(key) - 1}:
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
    known = "character_coverage, dataset, kind, made_from, max_size, min_count"
    assert f"zzz: unknown key; known are: {known}" in message


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
