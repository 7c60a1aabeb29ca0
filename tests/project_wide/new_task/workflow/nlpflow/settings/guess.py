"""Settings of a guess experiment: the language of a sentence from its length alone."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from nlpflow.settings.base import Name, Settings
from nlpflow.settings.names import Names
from nlpflow.settings.training import BaseExperiment
from nlpflow.settings.vocabulary import VocabularySettings


class GuessModel(Settings):
    """A table of scores."""

    longest: int = Field(60, ge=1, description="longer sentences count as this long, in characters")


class GuessExperiment(BaseExperiment):
    """The language of a sentence, guessed from its length."""

    task: Literal["guess"] = Field(description="what is learnt")
    dataset: Name = Field(description="a dataset of kind `sentences`")
    model: GuessModel = Field(GuessModel(), description="the table")

    def dataset_name(self, vocabularies: Mapping[str, VocabularySettings]) -> str:
        """The experiment's dataset."""
        return self.dataset

    def check_names(self, where: str, names: Names) -> None:
        """The dataset exists and is of the right kind."""
        names.dataset(f"{where}.dataset", self.dataset, "sentences")
