"""From YAML to a checked config: defaults filled in, grids expanded, names looked up."""

from pathlib import Path
from typing import Any

import yaml

from nlpflow.errors import UserError
from nlpflow.settings.base import Name
from nlpflow.settings.checks import checked, on_one_line, unknown_name
from nlpflow.settings.config import Config, Grid, check_names
from nlpflow.settings.experiment import Experiment
from nlpflow.settings.registry import Corpus
from nlpflow.text.addresses import own_file


def load_config(values: dict[str, Any], root: Path) -> tuple[Config, dict[str, Corpus]]:
    """Check `values` (as read from YAML) and the registry they name; expand the grids.

    Raises `UserError` with one line: the path of the key, what is wrong, the nearest valid key.
    """
    config: Config = checked(Config, values, "config")
    registry = load_registry(own_file(config.registry, root))
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
    if config.seeds:
        experiments = {
            key: experiment.model_copy(update={"seeds": tuple(range(1, config.seeds + 1))})
            for key, experiment in experiments.items()
        }
    config = config.model_copy(update={"experiments": experiments})
    check_names(config, registry)
    return config, registry


def load_registry(path: Path) -> dict[str, Corpus]:
    """The corpora of the registry file, by name."""
    values = read_yaml(path)
    registry: dict[str, Corpus] = checked(dict[Name, Corpus], values, f"registry {path.name}")
    expected: dict[str, tuple[str, str | None]] = {}
    for name, corpus in registry.items():
        for file in corpus.files:
            other, sha256 = expected.setdefault(file.address, (name, file.sha256))
            if sha256 != file.sha256:
                raise UserError(
                    f"registry {path.name}: {name}: {file.address} has another sha256 than in "
                    f"'{other}'; one download serves both, so they must agree"
                )
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
