"""Settings of a language identification experiment: model and training."""

from typing import Literal

from pydantic import Field

from nlpflow.settings.base import Name, Settings
from nlpflow.settings.training import BaseExperiment, Training


class LanguageIdModel(Settings):
    """Logistic regression over a bag of words or of hashed character n-grams."""

    features: Literal["words", "characters"] = Field(
        description="`words`: the tutorial's bag of words; `characters`: hashed n-grams"
    )
    longest: int = Field(4, ge=1, le=6, description="characters: n-grams of 1 to this many")
    buckets: int = Field(
        65536, ge=2, le=2**24, description="characters: n-grams are hashed to so many rows"
    )


class LanguageIdExperiment(BaseExperiment):
    """The language of a sentence."""

    task: Literal["language_id"] = Field(description="what is learnt")
    dataset: Name = Field(description="a dataset of this config, of kind `sentences`")
    model: LanguageIdModel = Field(description="the classifier")
    training: Training = Field(Training(), description="the optimisation")
