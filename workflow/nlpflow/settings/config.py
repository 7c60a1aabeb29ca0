"""The whole config of a workflow run: read, defaults filled in, checked, grids expanded."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, JsonValue

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Seed, Settings
from nlpflow.settings.checks import checked, on_one_line, unknown_name
from nlpflow.settings.data import Dataset, Vocabulary
from nlpflow.settings.experiment import Experiment
from nlpflow.settings.registry import Corpus
from nlpflow.settings.testsets import OwnTestSet

SPLITS = ("dev", "test")
"""The test sets that every dataset has."""
RESERVED = ("train", *SPLITS, "figures")
"""A test set's name is that of a folder in each run's folder."""


class Grid(Settings):
    """Several experiments made from one: every value of a parameter, under every seed."""

    experiment: Name = Field(description="the experiment that is varied")
    parameter: str = Field(
        pattern=r"^[a-z_]+(\.[a-z_]+)*$",
        description="path of the key inside the experiment, as in `model.hidden`",
    )
    values: tuple[JsonValue, ...] = Field(
        min_length=1, strict=False, description="the values it takes"
    )
    seeds: tuple[Seed, ...] = Field(
        default=(), strict=False, description="random seeds; empty: those of the experiment"
    )


class FigureStyle(Settings):
    """How figures look; changes no number."""

    width: float = Field(6.4, gt=1, lt=40, description="width, in inches")
    font_size: float = Field(10.0, gt=3, lt=40, description="in points")
    dpi: int = Field(120, ge=50, le=600, description="resolution of the PNG files")
    colour_map: str = Field("viridis", description="matplotlib colour map of attention matrices")


class Config(Settings):
    """Everything one Snakemake run makes."""

    name: Name = Field(description="names the comparison and the report of this config")
    registry: str = Field("config/corpora.yaml", description="the registry of corpora")
    mirror: str | None = Field(
        None,
        description="folder that stands for the network: https://host/path is taken from "
        "`<mirror>/host/path`, with the same checks",
    )
    datasets: dict[Name, Dataset] = Field(min_length=1, description="by name, see below")
    vocabularies: dict[Name, Vocabulary] = Field(min_length=1, description="by name, see below")
    test_sets: dict[Name, OwnTestSet] = Field(
        default={}, description="test sets of your own, by name, see below"
    )
    experiments: dict[Name, Experiment] = Field(min_length=1, description="by name, see below")
    grids: dict[Name, Grid] = Field(default={}, description="by name, see below")
    figures: FigureStyle = Field(FigureStyle(), description="how figures look")


def load_config(values: dict[str, Any], root: Path) -> tuple[Config, dict[str, Corpus]]:
    """Check `values` (as read from YAML) and the registry they name; expand the grids.

    Raises `UserError` with one line: the path of the key, what is wrong, the nearest valid key.
    """
    config: Config = checked(Config, values, "config")
    registry = load_registry(root / config.registry)
    for key, grid in config.grids.items():
        if grid.experiment not in config.experiments:
            raise unknown_name(
                f"config: grids.{key}.experiment", grid.experiment, config.experiments
            )
    experiments = dict(config.experiments)
    for key, grid in config.grids.items():
        for name, experiment in _expand(key, grid, config.experiments[grid.experiment]).items():
            if name in experiments:
                raise UserError(f"config: grids.{key}: experiment '{name}' exists already")
            experiments[name] = experiment
    config = config.model_copy(update={"experiments": experiments})
    _check_names(config, registry)
    return config, registry


def load_registry(path: Path) -> dict[str, Corpus]:
    """The corpora of the registry file, by name."""
    values = read_yaml(path)
    registry: dict[str, Corpus] = checked(dict[Name, Corpus], values, f"registry {path.name}")
    return registry


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, not yet checked."""
    where = on_one_line(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UserError(f"{where}: cannot be read: {error}") from None
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: an impossible date
        raise UserError(f"{where}: no valid YAML: {' '.join(str(error).split())}") from None


def _expand(key: str, grid: Grid, base: Experiment) -> dict[str, Experiment]:
    """The experiments of one grid, named `<experiment>-<last part of the key>-<value>`."""
    experiments: dict[str, Experiment] = {}
    if grid.parameter in ("label", "seeds"):
        raise UserError(
            f"config: grids.{key}.parameter: '{grid.parameter}' is set by the grid itself; "
            "`seeds` of the grid are its random seeds"
        )
    for value in grid.values:
        values = base.model_dump()
        *path, last = grid.parameter.split(".")
        part: Any = values
        for step in path:
            part = part.get(step) if isinstance(part, dict) else None
        if not isinstance(part, dict) or last not in part:
            raise UserError(
                f"config: grids.{key}.parameter: an experiment has no key '{grid.parameter}'"
            )
        part[last] = value
        values["label"] = f"{base.label or grid.experiment}, {last} {value}"
        values["seeds"] = grid.seeds or base.seeds
        name = f"{grid.experiment}-{last}-{value}"
        checked(Name, name, f"config: grids.{key}.values")
        if name in experiments:
            raise UserError(f"config: grids.{key}.values: {value} stands there twice")
        experiments[name] = checked(Experiment, values, f"config: grids.{key} ({name})")
    return experiments


def _check_names(config: Config, registry: dict[str, Corpus]) -> None:
    """Every name that one part of the config takes from another must exist and fit."""
    for key, dataset in config.datasets.items():
        path = f"config: datasets.{key}"
        if dataset.corpus not in registry:
            raise unknown_name(f"{path}.corpus", dataset.corpus, registry)
        languages = registry[dataset.corpus].languages
        for role in ("source", "target"):
            if getattr(dataset, role) not in languages:
                raise unknown_name(f"{path}.{role}", getattr(dataset, role), languages)
        if dataset.source == dataset.target:
            raise UserError(f"{path}: source and target are both '{dataset.source}'")
        for language in dataset.filters.prefixes:
            if language not in languages:
                raise unknown_name(f"{path}.filters.prefixes", language, languages)
    for key, vocabulary in config.vocabularies.items():
        if vocabulary.dataset not in config.datasets:
            raise unknown_name(
                f"config: vocabularies.{key}.dataset", vocabulary.dataset, config.datasets
            )
    for key in config.test_sets:
        if key in RESERVED:
            raise UserError(f"config: test_sets.{key}: the name is taken; choose another")
    labels: dict[str, str] = {}
    for key, experiment in config.experiments.items():
        other = labels.setdefault(experiment.label or key, key)
        if other != key:
            raise UserError(f"config: experiments.{key}.label: the same as that of '{other}'")
        if experiment.vocabulary not in config.vocabularies:
            raise unknown_name(
                f"config: experiments.{key}.vocabulary", experiment.vocabulary, config.vocabularies
            )
        _check_test_sets(key, experiment, config)


def _check_test_sets(key: str, experiment: Experiment, config: Config) -> None:
    dataset = config.datasets[config.vocabularies[experiment.vocabulary].dataset]
    for index, name in enumerate(experiment.test_sets):
        where = f"config: experiments.{key}.test_sets.{index}"
        if name in SPLITS:
            continue
        if name not in config.test_sets:
            raise unknown_name(where, name, [*SPLITS, *config.test_sets])
        languages = config.test_sets[name].languages
        if set(languages) != {dataset.source, dataset.target}:
            raise UserError(
                f"{where}: '{name}' is {' and '.join(languages)}, but the experiment translates "
                f"{dataset.source} into {dataset.target}"
            )
