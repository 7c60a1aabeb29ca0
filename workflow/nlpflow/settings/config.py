"""The whole config of a workflow run: its models, and what follows from them."""

from pydantic import Field, JsonValue

from nlpflow.settings.base import Name, Seed, Settings
from nlpflow.settings.data import (
    Dataset,
    SentenceDataset,
    TestSentenceDataset,
    VocabularySettings,
)
from nlpflow.settings.experiment import Experiment
from nlpflow.settings.registry import Corpus
from nlpflow.settings.test_sets import OwnTestSet


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


class Shared(Settings):
    """A file that configs name as `shared`: definitions that several of them use."""

    datasets: dict[Name, Dataset] = Field(default={}, description="by name, as in a config")
    vocabularies: dict[Name, VocabularySettings] = Field(
        default={}, description="by name, as in a config"
    )


class Config(Settings):
    """Everything one Snakemake run makes."""

    name: Name = Field(description="names the comparison and the report of this config")
    registry: str = Field("config/corpora.yaml", description="the registry of corpora")
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
