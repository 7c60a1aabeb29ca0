"""The whole config of a workflow run: its models, and what follows from them."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, JsonValue

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Seed, Settings
from nlpflow.settings.comparisons import check_comparison
from nlpflow.settings.data import Dataset, VocabularySettings
from nlpflow.settings.names import Names
from nlpflow.settings.registry import Corpus
from nlpflow.settings.tasks import Experiment
from nlpflow.settings.test_sets import OwnTestSet


def _as_list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Paths = Annotated[
    tuple[str, ...],
    Field(strict=False),
    BeforeValidator(_as_list, json_schema_input_type=str | tuple[str, ...]),
]
"""Several paths; one may stand without brackets."""


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


Families = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(
        lambda value: (value,) if isinstance(value, str) else value,
        json_schema_input_type=str | tuple[str, ...],
    ),
]
"""A name, or a list of names."""


class FigureStyle(Settings):
    """How figures look; changes no number."""

    width: float = Field(6.4, gt=1, lt=40, description="width, in inches")
    font_size: float = Field(10.0, gt=3, lt=40, description="in points")
    dpi: int = Field(120, ge=50, le=600, description="resolution of the PNG files")
    colour_map: str = Field("viridis", description="matplotlib colour map of attention matrices")
    font: Families = Field(
        ("DejaVu Sans",),
        min_length=1,
        strict=False,
        description="a family, or a list of families that are asked in turn for each character; "
        "after them an installed one that has it is chosen. With `DejaVu Sans`, which comes with "
        "matplotlib, plots of Latin, Greek and Cyrillic are the same on every machine",
    )


class Shared(Settings):
    """A file that configs name as `shared`: definitions that several of them use."""

    datasets: dict[Name, Dataset] = Field(default={}, description="by name, as in a config")
    vocabularies: dict[Name, VocabularySettings] = Field(
        default={}, description="by name, as in a config"
    )


class Config(Settings):
    """Everything one Snakemake run makes."""

    name: Name = Field(description="names the comparison and the report of this config")
    registry: Paths = Field(
        (),
        description="registries of your own, files of the project or else of the working folder; "
        "their corpora are added to those of `config/corpora.yaml`",
    )
    shared: str | None = Field(
        None,
        description="a file of `datasets` and `vocabularies` that several configs share; those "
        "that this config uses are taken from it, and none may be defined here again",
    )
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
    datasets: dict[Name, Dataset] = Field(
        default={}, description="by name, see below; required without `shared`"
    )
    vocabularies: dict[Name, VocabularySettings] = Field(
        default={}, description="by name, see below"
    )
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

    @property
    def corpus_names(self) -> set[str]:
        """The corpora that it uses, with those that word vectors are tested on."""
        datasets, experiments = self.datasets.values(), self.experiments.values()
        return {
            *(name for dataset in datasets for name in dataset.corpus_names),
            *(name for experiment in experiments for name in experiment.test_corpora),
        }


def check_names(config: Config, registry: Mapping[str, Corpus]) -> None:
    """UserError unless names that one part of the config takes from another exist and fit."""
    names = Names(config.datasets, config.vocabularies, config.test_sets, registry)
    names.check()
    labels: dict[str, str] = {}
    for key, experiment in config.experiments.items():
        where = f"config: experiments.{key}"
        other = labels.setdefault(experiment.label or key, key)
        if other != key:
            raise UserError(f"{where}.label: the same as that of '{other}'")
        experiment.check_names(where, names)
    datasets = {
        key: experiment.dataset_name(config.vocabularies)
        for key, experiment in config.experiments.items()
    }
    for key in datasets:
        check_comparison(key, config.experiments, datasets)
