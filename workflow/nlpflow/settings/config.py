"""The whole config of a workflow run: read, defaults filled in, checked, grids expanded."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, JsonValue

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Seed, Settings
from nlpflow.settings.checks import checked, on_one_line, unknown_name
from nlpflow.settings.comparisons import check_comparison
from nlpflow.settings.data import (
    Dataset,
    LabelledDataset,
    PairDataset,
    SentenceDataset,
    TestSentenceDataset,
    Vocabulary,
)
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.experiment import Experiment
from nlpflow.settings.labelling import EntitiesExperiment, TaggingExperiment
from nlpflow.settings.registry import Corpus
from nlpflow.settings.testsets import OwnTestSet
from nlpflow.settings.translation import TranslationExperiment

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
    seeds: int | None = Field(
        None,
        ge=1,
        description="run every experiment under the random seeds 1 to this number, in place of its "
        "own: `--config seeds=5`",
    )
    datasets: dict[Name, Dataset] = Field(min_length=1, description="by name, see below")
    vocabularies: dict[Name, Vocabulary] = Field(default={}, description="by name, see below")
    test_sets: dict[Name, OwnTestSet] = Field(
        default={}, description="test sets of your own, by name, see below"
    )
    experiments: dict[Name, Experiment] = Field(min_length=1, description="by name, see below")
    grids: dict[Name, Grid] = Field(default={}, description="by name, see below")
    figures: FigureStyle = Field(FigureStyle(), description="how figures look")
    lessons: bool = Field(
        False,
        description="make the pages of the lessons, `results/lessons/`; each ends with the scores "
        "of a run of this config",
    )


def dataset_of(config: Config, experiment: Experiment) -> str:
    """The dataset's name of an experiment: its own, or that of its vocabulary."""
    if experiment.task == "translation":
        return config.vocabularies[experiment.vocabulary].dataset
    return experiment.dataset


def languages_of(
    dataset: SentenceDataset | TestSentenceDataset, registry: dict[str, Corpus]
) -> list[str]:
    """The languages of a dataset of sentences, in the order of the corpora if it names none."""
    there = [language for name in dataset.corpora for language in registry[name].languages]
    return list(dataset.languages or dict.fromkeys(there))


def data_folders(config: Config, experiment: Experiment, data: str) -> dict[str, str]:
    """The folders below `data` that training an experiment reads, by what they hold."""
    folders = {"prepared": f"{data}/prepared/{dataset_of(config, experiment)}"}
    if experiment.task == "translation":
        folders["vocabulary"] = f"{data}/vocabularies/{experiment.vocabulary}"
        folders["encoded"] = f"{data}/encoded/{experiment.vocabulary}"
    return folders


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
    if config.seeds:
        experiments = {
            key: experiment.model_copy(update={"seeds": tuple(range(1, config.seeds + 1))})
            for key, experiment in experiments.items()
        }
    config = config.model_copy(update={"experiments": experiments})
    _check_names(config, registry)
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


def _check_names(config: Config, registry: dict[str, Corpus]) -> None:
    """Every name that one part of the config takes from another must exist and fit."""
    for key, dataset in config.datasets.items():
        where = f"config: datasets.{key}"
        if dataset.kind == "pairs":
            _check_pairs(where, dataset, registry)
        elif dataset.kind == "labelled":
            _check_labelled(where, dataset, registry)
        else:
            _check_sentences(where, dataset, registry)
        if dataset.kind == "test_sentences":
            for other in dataset.apart_from:
                _check_dataset(f"{where}.apart_from", other, "sentences", config)
    for key, vocabulary in config.vocabularies.items():
        where = f"config: vocabularies.{key}.dataset"
        _check_dataset(where, vocabulary.dataset, "pairs", config)
    for key in config.test_sets:
        if key in RESERVED or key in config.datasets:
            raise UserError(f"config: test_sets.{key}: the name is taken; choose another")
    labels: dict[str, str] = {}
    for key, experiment in config.experiments.items():
        where = f"config: experiments.{key}"
        other = labels.setdefault(experiment.label or key, key)
        if other != key:
            raise UserError(f"{where}.label: the same as that of '{other}'")
        if experiment.task == "translation":
            if experiment.vocabulary not in config.vocabularies:
                raise unknown_name(
                    f"{where}.vocabulary", experiment.vocabulary, config.vocabularies
                )
            _check_test_sets(where, experiment, config)
            _check_has_words(where, experiment, config)
        elif experiment.task == "language_id":
            _check_dataset(f"{where}.dataset", experiment.dataset, "sentences", config)
            for name in set(experiment.test_sets) - {"dev", "test"}:
                _check_dataset(f"{where}.test_sets", name, "test_sentences", config)
        elif experiment.task == "embeddings":
            _check_embeddings(where, experiment, config, registry)
        else:
            _check_dataset(f"{where}.dataset", experiment.dataset, "labelled", config)
            _check_has_entities(where, experiment, config, registry)
    datasets = {key: dataset_of(config, value) for key, value in config.experiments.items()}
    for key in datasets:
        check_comparison(key, config.experiments, datasets)


def _check_test_sets(where: str, experiment: TranslationExperiment, config: Config) -> None:
    dataset = config.datasets[config.vocabularies[experiment.vocabulary].dataset]
    assert dataset.kind == "pairs"  # checked before
    for index, name in enumerate(experiment.test_sets):
        if name in SPLITS:
            continue
        if name not in config.test_sets:
            raise unknown_name(f"{where}.test_sets.{index}", name, [*SPLITS, *config.test_sets])
        languages = config.test_sets[name].languages
        if set(languages) != {dataset.source, dataset.target}:
            raise UserError(
                f"{where}.test_sets.{index}: '{name}' is {' and '.join(languages)}, but the "
                f"experiment translates {dataset.source} into {dataset.target}"
            )


def _check_has_words(where: str, experiment: TranslationExperiment, config: Config) -> None:
    """Pretrained vectors are of words, and a subword is none."""
    model, kind = experiment.model, config.vocabularies[experiment.vocabulary].kind
    if kind != "words" and (model.source_vectors or model.target_vectors):
        raise UserError(
            f"{where}.model: pretrained vectors are of words, but vocabulary "
            f"'{experiment.vocabulary}' has {kind}"
        )


def _check_pairs(where: str, dataset: PairDataset, registry: dict[str, Corpus]) -> None:
    if dataset.corpus not in registry:
        raise unknown_name(f"{where}.corpus", dataset.corpus, registry)
    if not registry[dataset.corpus].has_pairs:
        raise UserError(f"{where}.corpus: '{dataset.corpus}' has no pairs of sentences")
    languages = registry[dataset.corpus].languages
    for role in ("source", "target"):
        if getattr(dataset, role) not in languages:
            raise unknown_name(f"{where}.{role}", getattr(dataset, role), languages)
    if dataset.source == dataset.target:
        raise UserError(f"{where}: source and target are both '{dataset.source}'")
    for language in dataset.filters.prefixes:
        if language not in languages:
            raise unknown_name(f"{where}.filters.prefixes", language, languages)


def _check_sentences(
    where: str, dataset: SentenceDataset | TestSentenceDataset, registry: dict[str, Corpus]
) -> None:
    for corpus in dataset.corpora:
        if corpus not in registry:
            raise unknown_name(f"{where}.corpora", corpus, registry)
        if not registry[corpus].has_sentences:
            raise UserError(f"{where}.corpora: '{corpus}' is no text: {registry[corpus].reader}")
    there = {language for corpus in dataset.corpora for language in registry[corpus].languages}
    for language in dataset.languages:
        if language not in there:
            raise unknown_name(f"{where}.languages", language, there)


def _check_labelled(where: str, dataset: LabelledDataset, registry: dict[str, Corpus]) -> None:
    if dataset.corpus not in registry:
        raise unknown_name(f"{where}.corpus", dataset.corpus, registry)
    corpus = registry[dataset.corpus]
    if not corpus.has_tags:
        raise UserError(f"{where}.corpus: '{dataset.corpus}' has no tags")
    if (corpus.reader == "conllu") != (dataset.tags is not None):
        raise UserError(f"{where}.tags: required with reader 'conllu', and with no other")


def _check_has_entities(
    where: str,
    experiment: TaggingExperiment | EntitiesExperiment,
    config: Config,
    registry: dict[str, Corpus],
) -> None:
    """Task `entities` needs entities, and for `tagging` they would be meaningless tags."""
    dataset = config.datasets[experiment.dataset]
    assert dataset.kind == "labelled"  # checked before
    if registry[dataset.corpus].has_entities != (experiment.task == "entities"):
        has = "part-of-speech tags" if experiment.task == "entities" else "entities"
        raise UserError(f"{where}.dataset: '{experiment.dataset}' has {has}: set another task")


def _check_embeddings(
    where: str, experiment: EmbeddingsExperiment, config: Config, registry: dict[str, Corpus]
) -> None:
    _check_dataset(f"{where}.dataset", experiment.dataset, "sentences", config)
    dataset = config.datasets[experiment.dataset]
    languages = languages_of(dataset, registry) if dataset.kind == "sentences" else []
    if len(languages) != 1:
        raise UserError(
            f"{where}.dataset: '{experiment.dataset}' has the languages {', '.join(languages)}; "
            "word vectors are of one: name it in the dataset's `languages`"
        )
    for key, reader in (("similarity", "word_pairs"), ("analogies", "analogies")):
        for name in getattr(experiment.lists, key):
            if name not in registry:
                raise unknown_name(f"{where}.lists.{key}", name, registry)
            corpus = registry[name]
            if corpus.reader != reader or corpus.languages != tuple(languages):
                raise UserError(
                    f"{where}.lists.{key}: corpus '{name}' has the reader '{corpus.reader}' and "
                    f"the languages {', '.join(corpus.languages)}; needed are '{reader}' and "
                    f"{languages[0]}"
                )


def _check_dataset(where: str, name: str, kind: str, config: Config) -> None:
    """The dataset `name` must exist and be of a kind."""
    if name not in config.datasets:
        raise unknown_name(where, name, config.datasets)
    if config.datasets[name].kind != kind:
        raise UserError(
            f"{where}: dataset '{name}' is of kind '{config.datasets[name].kind}', not '{kind}'"
        )
