"""The whole config of a workflow run."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Seed, Settings
from nlpflow.settings.comparisons import check_comparison
from nlpflow.settings.data import Dataset
from nlpflow.settings.names import Names
from nlpflow.settings.registry import Corpus
from nlpflow.settings.tasks import Experiment
from nlpflow.settings.test_sets import OwnTestSet
from nlpflow.settings.vocabulary import VocabularySettings

OneOrMore = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    Field(strict=False),
    BeforeValidator(
        lambda value: (value,) if isinstance(value, str) else value,
        json_schema_input_type=str | tuple[str, ...],
    ),
]
"""A list of texts, or a single text without brackets."""


class Grid(Settings):
    """Several experiments made from one: one per combination of values, with all random seeds."""

    experiment: Name = Field(description="the experiment to vary")
    parameters: dict[
        Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)*$")],
        Annotated[tuple[JsonValue, ...], Field(min_length=1, strict=False)],
    ] = Field(
        min_length=1,
        description="a list of values for each path of a key in the experiment, as in "
        "`model.hidden: [128, 256]`; each combination of values makes one experiment",
    )
    seeds: tuple[Seed, ...] = Field(
        default=(),
        strict=False,
        description="random seeds of these experiments; empty: those of the varied experiment",
    )


class FigureStyle(Settings):
    """How plots look; these settings change no score."""

    width: float = Field(6.4, gt=1, lt=40, description="width, in inches")
    font_size: float = Field(10.0, gt=3, lt=40, description="font size, in points")
    dpi: int = Field(120, ge=50, le=600, description="resolution of the PNG files")
    colour_map: str = Field("viridis", description="matplotlib colour map of attention plots")
    font: OneOrMore = Field(
        ("DejaVu Sans",),
        min_length=1,
        description="a font family, or a list of families that are tried in this order for each "
        "character. If none of them has the character, another installed font is used. With "
        "`DejaVu Sans`, which comes with matplotlib, plots of Latin, Greek and Cyrillic text "
        "are the same on every machine",
    )


class Shared(Settings):
    """A file of definitions for several configs, which name it under `shared`."""

    datasets: dict[Name, Dataset] = Field(default={}, description="by name, as in a config")
    vocabularies: dict[Name, VocabularySettings] = Field(
        default={}, description="by name, as in a config"
    )


class Config(Settings):
    """Everything that the workflow makes in one execution."""

    name: Name = Field(
        description="name of the config; it is part of the paths of its comparison and its report"
    )
    registry: OneOrMore = Field(
        (),
        description="your own registries, one path or a list of paths, relative to the repository "
        "or else to the working folder; their corpora are added to those of "
        "`config/corpora.yaml`",
    )
    shared: str | None = Field(
        None,
        description="a file with `datasets` and `vocabularies` that several configs share; this "
        "config may use them, and must not define the same names again",
    )
    mirror: str | None = Field(
        None,
        description="folder that replaces downloads: https://host/path is read from "
        "`<mirror>/host/path`, and verified in the same way",
    )
    checkpoints: str | None = Field(
        None,
        description="folder for the states of trainings in progress, where the disk of the results "
        "may be lost, as on a rented machine; null: `results/.checkpoints`",
    )
    seeds: int | None = Field(
        None,
        ge=1,
        description="run every experiment with the random seeds 1 to this number, instead of its "
        "own `seeds`, as in `--config seeds=5`",
    )
    only: tuple[Name, ...] = Field(
        (),
        strict=False,
        description="run only these experiments, and those that they need or are compared with, as "
        "in `--config 'only=[a, b]'`; empty: all. If expected results are kept, those of the other "
        "experiments stay",
    )
    datasets: dict[Name, Dataset] = Field(
        default={}, description="datasets by name, see below; may be left out with `shared`"
    )
    vocabularies: dict[Name, VocabularySettings] = Field(
        default={}, description="vocabularies by name, see below"
    )
    test_sets: dict[Name, OwnTestSet] = Field(
        default={}, description="test sets of your own, by name, see below"
    )
    experiments: dict[Name, Experiment] = Field(
        min_length=1, description="experiments by name, see below"
    )
    grids: dict[Name, Grid] = Field(default={}, description="grids by name, see below")
    figures: FigureStyle = Field(FigureStyle(), description="how plots look")
    lessons: bool = Field(
        False,
        description="make the pages of the lessons in `results/lessons/`; each ends with the "
        "scores of a run of this config",
    )

    @property
    def corpus_names(self) -> set[str]:
        """The corpora that the config uses, including those that word vectors are tested on."""
        datasets, experiments = self.datasets.values(), self.experiments.values()
        return {
            *(name for dataset in datasets for name in dataset.corpus_names),
            *(name for experiment in experiments for name in experiment.test_corpora),
        }


def check_names(config: Config, registry: Mapping[str, Corpus]) -> None:
    """Raise UserError if a part of the config names something that does not exist or does not fit.

    For example, an experiment names a dataset, and the dataset names a corpus of the registry.
    """
    names = Names(config.datasets, config.vocabularies, config.test_sets, registry)
    names.check()
    labels: dict[str, str] = {}
    for key, experiment in config.experiments.items():
        where = f"config: experiments.{key}"
        other = labels.setdefault(experiment.label or key, key)
        if other != key:
            raise UserError(f"{where}.label: '{other}' has the same label; choose another one")
        experiment.check_names(where, names)
    datasets = {
        key: experiment.dataset_name(config.vocabularies)
        for key, experiment in config.experiments.items()
    }
    for key in datasets:
        check_comparison(key, config.experiments, datasets)
