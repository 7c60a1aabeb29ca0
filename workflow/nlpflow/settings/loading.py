"""From YAML to a checked config: defaults filled in, grids expanded, names looked up."""

from pathlib import Path
from typing import Any

from nlpflow.errors import UserError
from nlpflow.settings.base import Name
from nlpflow.settings.checks import checked, on_one_line, unknown_name
from nlpflow.settings.config import Config, Grid, Shared, check_names
from nlpflow.settings.names import SPLITS
from nlpflow.settings.registry import Corpus
from nlpflow.settings.tasks import Experiment
from nlpflow.settings.yaml_text import parse
from nlpflow.text.addresses import own_file


def load_config(values: dict[str, Any], root: Path) -> tuple[Config, dict[str, Corpus]]:
    """Check `values` (as read from YAML) and the files they name; expand the grids.

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
    config = _with_shared(config.model_copy(update={"experiments": experiments}), root)
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


def load_shared(config: Config, root: Path) -> Shared:
    """The definitions in the file that a config's `shared` names; none without it."""
    if config.shared is None:
        return Shared()
    path = own_file(config.shared, root)
    shared: Shared = checked(Shared, read_yaml(path), f"shared {path.name}")
    return shared


def _with_shared(config: Config, root: Path) -> Config:
    """The config with those shared definitions that it uses."""
    if not (config.datasets or config.shared):
        raise UserError("config: datasets: this key is required, or `shared`")
    shared = load_shared(config, root)
    for section in ("datasets", "vocabularies"):
        for name in getattr(shared, section).keys() & getattr(config, section).keys():
            raise UserError(
                f"config: {section}.{name}: {config.shared} defines {section}.{name} as well; "
                "rename it here, or leave it out to take the shared one"
            )
    datasets = config.datasets | shared.datasets
    vocabularies = config.vocabularies | shared.vocabularies
    used = set(config.vocabularies)
    needed = set(config.datasets)
    for experiment in config.experiments.values():
        if experiment.vocabulary_name:
            used.add(experiment.vocabulary_name)
        else:
            needed |= {experiment.dataset_name({}), *experiment.test_sets} - set(SPLITS)
    needed |= {vocabularies[name].dataset for name in used & vocabularies.keys()}
    for dataset in [datasets[name] for name in needed & datasets.keys()]:
        if dataset.kind == "test_sentences":
            needed |= set(dataset.apart_from)
    if needed <= datasets.keys() and used <= vocabularies.keys():
        datasets = {name: datasets[name] for name in datasets if name in needed}
        vocabularies = {name: vocabularies[name] for name in vocabularies if name in used}
    # Else a name is unknown: with everything there is, its error can tell the nearest one.
    return config.model_copy(update={"datasets": datasets, "vocabularies": vocabularies})


def read_yaml(path: Path) -> Any:
    """The content of a YAML or JSON file, not yet checked.

    Raises:
        UserError: it cannot be read, is neither, or has a line that does not say what it seems to:
            equal keys, or a number that YAML reads to another base than ten.
    """
    where = on_one_line(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UserError(f"{where}: cannot be read: {error}") from None
    return parse(text, where)


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
