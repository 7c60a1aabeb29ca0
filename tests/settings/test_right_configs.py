"""Configs that are right: defaults, grids, random seeds, files anywhere."""

import re
from pathlib import Path

import pytest

from config_docs import config_reference
from nlpflow.errors import UserError
from nlpflow.settings.alike import trained_like
from nlpflow.settings.config import Shared
from nlpflow.settings.loading import load_config
from settings.wrong import (
    CONFIG,
    CONFIG_GROUPS,
    FULL,
    FULL_REGISTRY,
    REGISTRY,
    REGISTRY_GROUPS,
    changed,
    read_registry,
    write,
)


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


def test_grid_over_several_parameters(root: Path) -> None:
    parameters = {"model.hidden": [8, 16], "model.layers": [1, 2, 3]}
    config, _ = load_config(changed(CONFIG, ("grids", "size", "parameters"), parameters), root)
    made = [name for name in config.experiments if name.startswith("plain-")]
    assert made == [f"plain-hidden-{h}-layers-{n}" for h in (8, 16) for n in (1, 2, 3)]
    last = config.experiments["plain-hidden-16-layers-3"]
    assert (last.model.hidden, last.model.layers) == (16, 3)
    assert last.label == "plain, hidden 16, layers 3"


def test_random_seeds_of_all_experiments(root: Path) -> None:
    config, _ = load_config(CONFIG | {"seeds": 3}, root)
    assert {experiment.seeds for experiment in config.experiments.values()} == {(1, 2, 3)}


def test_only_some_experiments_and_what_they_need(root: Path) -> None:
    warm = CONFIG["experiments"]["plain"] | {
        "training": {"initialise_from": "results/translation/plain/seed-{seed}"},
        "decoding": {"ensemble": ["results/translation/plain-hidden-8/seed-1"]},
        "compare_with": "transformer",
    }
    values = changed(CONFIG, ("experiments", "warm"), warm)
    config, _ = load_config(values | {"only": ["warm"]}, root)
    assert list(config.experiments) == ["plain", "transformer", "warm", "plain-hidden-8"]
    config, _ = load_config(values | {"only": ["bag"]}, root)
    assert list(config.experiments) == ["bag"]
    with pytest.raises(UserError, match="config: only: 'wram' is unknown; did you mean 'warm'"):
        load_config(values | {"only": ["wram"]}, root)


def test_experiments_that_train_alike(root: Path) -> None:
    """The first one is trained; what changes only the scores makes no other training."""
    plain = CONFIG["experiments"]["plain"]
    others = {
        "beam": {"decoding": {"beam": 4}, "label": "with a beam", "test_sets": ["dev"]},
        "short": {"decoding": {"max_tokens": 9}},  # the dev set is decoded so in training
        "slow": {"training": {"learning_rate": 0.0001}},
        "gpus": {"resources": {"gpu": 2}},
        "memory": {"resources": {"mem_mb": 9000}, "seeds": [1, 2]},
        "last": {"seeds": [1, 2]},
    }
    values = CONFIG | {"experiments": {name: plain | others[name] for name in others}}
    values["experiments"] = CONFIG["experiments"] | values["experiments"]
    config, _ = load_config(values, root)
    found = {name: trained_like(name, 1, config.experiments) for name in config.experiments}
    assert {name: other for name, other in found.items() if other} == {
        "beam": "plain",
        "memory": "plain",
        "last": "plain",
    }
    assert trained_like("last", 2, config.experiments) == "memory"
    assert trained_like("memory", 2, config.experiments) is None
    alone, _ = load_config(values | {"only": ["last"]}, root)
    assert list(alone.experiments) == ["plain", "memory", "last"]


def test_grid_keeps_seeds_and_takes_null(root: Path) -> None:
    values = changed(CONFIG, ("grids", "size", "parameters"), {"training.clip_norm": [None, 0.5]})
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
