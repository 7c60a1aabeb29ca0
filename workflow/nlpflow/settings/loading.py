"""From YAML to a checked config: defaults filled in, grids expanded, names looked up."""

import logging
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from nlpflow.errors import UserError
from nlpflow.settings.alike import trained_like
from nlpflow.settings.base import Name
from nlpflow.settings.checks import checked, on_one_line, unknown_name
from nlpflow.settings.config import Config, Grid, Shared, check_names
from nlpflow.settings.names import HELD_OUT
from nlpflow.settings.pretrained import experiment_in, runs_started_from, vector_files
from nlpflow.settings.registry import Corpus, CorpusFile
from nlpflow.settings.tasks import Experiment
from nlpflow.settings.yaml_text import parse
from nlpflow.text.addresses import own_file, raw_path

BUILT_IN = "config/corpora.yaml"
"""The project's registry."""


def load_config(values: dict[str, Any], root: Path) -> tuple[Config, dict[str, Corpus]]:
    """Check `values` (as read from YAML) and the files they name; expand the grids.

    An invalid registry entry that the config does not use is not an error; a warning names it.

    Raises:
        UserError: one line: the path of the key, what is wrong, the nearest valid key
    """
    config: Config = checked(Config, values, "config")
    registry, wrong = read_registries(registry_files(config, root))
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
    used = config.corpus_names
    for message in (wrong[name] for name in wrong if name in used):
        raise UserError(message)
    check_names(config, registry)
    if config.only:
        config = config.model_copy(update={"experiments": selected(config)})
        used = config.corpus_names
    _check_downloads({name: registry[name] for name in registry if name in used})
    for message in wrong.values():
        logging.getLogger(__name__).warning("warning: %s (this config does not use it)", message)
    return config, registry


def selected(config: Config) -> dict[str, Experiment]:
    """The experiments that `only` names, and those that they need, in the order of the config."""
    found: set[str] = set()
    waiting = list(config.only)
    while waiting:
        name = waiting.pop()
        if name not in config.experiments:
            raise unknown_name("config: only", name, config.experiments)
        if name not in found:
            found.add(name)
            waiting += _needed(name, config.experiments)
    return {name: config.experiments[name] for name in config.experiments if name in found}


def _needed(name: str, experiments: Mapping[str, Experiment]) -> list[str]:
    """The experiments whose runs an experiment reads, repeats or is compared with."""
    experiment = experiments[name]
    paths = [*vector_files(experiment.model), *runs_started_from(experiment)]
    paths += [folder for seed in experiment.seeds for folder in experiment.decodes_with(seed)]
    named = [experiment_in(path, experiments) for path in paths]
    named += [trained_like(name, seed, experiments) for seed in experiment.seeds]
    return [other for other in [*named, experiment.compare_with] if other and other in experiments]


def registry_files(config: Config, root: Path) -> list[Path]:
    """The files of the registries of a config: the project's, then those that the config names."""
    files = [root / BUILT_IN] if (root / BUILT_IN).exists() else []
    for path in (own_file(path, root) for path in config.registry):
        if path not in files:
            files.append(path)
    return files


def read_registries(files: Iterable[Path]) -> tuple[dict[str, Corpus], dict[str, str]]:
    """The valid entries of several registries, by name, and an error for each invalid one.

    An entry is also invalid if two files use its name for different corpora.

    Raises:
        UserError: a file cannot be read or is not a mapping.
    """
    registry: dict[str, Corpus] = {}
    wrong: dict[str, str] = {}
    defined_in: dict[str, Path] = {}
    for path in files:
        where = f"registry {path.name}"
        for name, values in checked(dict[Any, Any], read_yaml(path), where).items():
            try:
                entry = checked(dict[Name, Corpus], {name: values}, where)
            except UserError as error:
                wrong[name] = str(error)
                continue
            if registry.setdefault(name, entry[name]) != entry[name]:
                wrong[name] = (
                    f"registry {path}: {name}: {defined_in[name]} has another corpus of that name; "
                    "give yours another one"
                )
            defined_in.setdefault(name, path)
    return {name: registry[name] for name in registry if name not in wrong}, wrong


def _check_downloads(corpora: Mapping[str, Corpus]) -> None:
    """Raise UserError if two corpora share a download but disagree on its digest or its copies."""
    expected: dict[str, tuple[str, CorpusFile]] = {}
    for name, corpus in corpora.items():
        for file in filter(lambda file: file.is_remote, corpus.files):
            other, same = expected.setdefault(raw_path(file.address), (name, file))
            for key in ("sha256", "copies"):
                if getattr(file, key) != getattr(same, key):
                    raise UserError(
                        f"registry: {name}: {file.address} and {same.address} in '{other}' "
                        f"differ in {key}; this is one download, so they must agree"
                    )


def load_shared(config: Config, root: Path) -> Shared:
    """The definitions in the file that a config names as `shared`; empty without one."""
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
            needed |= {experiment.dataset_name({}), *experiment.test_sets} - set(HELD_OUT)
    for vocabulary in [vocabularies[name] for name in used & vocabularies.keys()]:
        needed |= {vocabulary.dataset, vocabulary.made_from or vocabulary.dataset}
    for dataset in [datasets[name] for name in needed & datasets.keys()]:
        if dataset.kind == "test_sentences":
            needed |= set(dataset.apart_from)
    if needed <= datasets.keys() and used <= vocabularies.keys():
        datasets = {name: datasets[name] for name in datasets if name in needed}
        vocabularies = {name: vocabularies[name] for name in vocabularies if name in used}
    # Else a name is unknown: keep all definitions, so that the error can name the nearest one.
    return config.model_copy(update={"datasets": datasets, "vocabularies": vocabularies})


def read_yaml(path: Path) -> Any:
    """The content of a YAML or JSON file, not yet checked.

    Raises:
        UserError: the file cannot be read, is neither YAML nor JSON, has duplicate keys, or has a
            number that YAML does not read in base 10
    """
    where = on_one_line(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"{where}: cannot be read: {reason}") from None
    return parse(text, where)


def _expand(key: str, grid: Grid, base: Experiment) -> dict[str, Experiment]:
    """The experiments of one grid, named `<experiment>-<last part of a key>-<value>-...`."""
    where = f"config: grids.{key}"
    for parameter, chosen in grid.parameters.items():
        if parameter in ("label", "seeds"):
            raise UserError(
                f"{where}.parameters: a grid cannot vary '{parameter}'; it labels its "
                "experiments itself, and its own key `seeds` sets their random seeds"
            )
        for value in chosen:
            if chosen.count(value) > 1:
                raise UserError(f"{where}.parameters.{parameter}: {value} is listed twice")
    experiments: dict[str, Experiment] = {}
    for combination in product(*grid.parameters.values()):
        values, labels, names = base.model_dump(), [], []
        for parameter, value in zip(grid.parameters, combination, strict=True):
            *path, last = parameter.split(".")
            part: Any = values
            for step in path:
                part = part.get(step) if isinstance(part, dict) else None
            if not isinstance(part, dict) or last not in part:
                raise UserError(f"{where}.parameters: an experiment has no key '{parameter}'")
            part[last] = value
            labels.append(f"{last} {value}")
            names.append(f"{last}-{value}")
        values["label"] = ", ".join([base.label or grid.experiment, *labels])
        values["seeds"] = grid.seeds or base.seeds
        name = "-".join([grid.experiment, *names])
        checked(Name, name, f"{where}.parameters")
        experiments[name] = checked(Experiment, values, f"{where} ({name})")
    return experiments
