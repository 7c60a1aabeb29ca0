"""Settings of a language identification experiment: model, training, figures."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from nlpflow.settings.base import Name, Settings
from nlpflow.settings.names import HELD_OUT, Names
from nlpflow.settings.training import BaseExperiment
from nlpflow.settings.vocabulary import VocabularySettings


class LanguageIdModel(Settings):
    """Logistic regression over a bag of words or of hashed character n-grams."""

    features: Literal["words", "characters"] = Field(
        description="`words`: counts of words, as in the tutorial; `characters`: counts of hashed "
        "character n-grams"
    )
    min_count: int = Field(
        1,
        ge=1,
        description="`words` only: words that occur less often than this in the training set are "
        "ignored",
    )
    longest: int = Field(
        4,
        ge=1,
        le=6,
        description="`characters` only: length of the longest n-grams, in characters; the "
        "shortest have length 1",
    )
    buckets: int = Field(
        65536,
        ge=2,
        le=2**24,
        description="`characters` only: number of buckets that n-grams are hashed into, a power "
        "of two",
    )
    ends: Literal["mark", "space"] = Field(
        "mark",
        description="`characters` only: what stands before and after a text in its n-grams. "
        "`mark`: a sign of its own; `space`: a space, so that a single word has the n-grams that "
        "it has inside a sentence",
    )

    @model_validator(mode="after")
    def _buckets_are_a_power_of_two(self) -> Self:
        if self.buckets & (self.buckets - 1):
            raise ValueError(f"buckets: {self.buckets} is not a power of two")
        return self


class LanguageIdSpans(Settings):
    """Spans of training sentences that are training examples too."""

    per_sentence: float = Field(
        0.0,
        ge=0,
        le=10,
        description="number of spans per training sentence, drawn anew in every epoch; 0: none",
    )
    words: float = Field(
        0.5,
        ge=0,
        le=1,
        description="share of single words (in a script without spaces: 1 to 4 characters)",
    )
    pairs: float = Field(
        0.3, ge=0, le=1, description="share of pairs of words (or 2 to 8 characters)"
    )
    cuts: float = Field(
        0.2, ge=0, le=1, description="share of spans of two or more words, up to the whole sentence"
    )
    language_exponent: float = Field(
        0.0,
        ge=0,
        le=1,
        description="the number of a language's spans is proportional to its number of sentences "
        "to the power of this value; 0: equally many for each language, 1: equally many for "
        "each sentence",
    )

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        if abs(self.words + self.pairs + self.cuts - 1) > 1e-6:
            raise ValueError("words, pairs, cuts: the three shares must sum to 1")
        return self


class LanguageIdFigures(Settings):
    """Which weights are plotted."""

    words: tuple[str, ...] = Field(
        default=(),
        strict=False,
        description="words whose weights are plotted before and after training (the tutorial: "
        "creo)",
    )
    top: int = Field(
        10,
        ge=1,
        le=50,
        description="number of features plotted per language, those with the largest weights",
    )


class LanguageIdExperiment(BaseExperiment):
    """The language of a sentence."""

    task: Literal["language_id"] = Field(description="what is learnt")
    dataset: Name = Field(description="a dataset of this config, of kind `sentences`")
    model: LanguageIdModel = Field(description="the classifier")
    spans: LanguageIdSpans = Field(
        LanguageIdSpans(), description="spans of training sentences that are trained on too"
    )
    figures: LanguageIdFigures = Field(LanguageIdFigures(), description="which weights are plotted")
    test_sets: tuple[Name, ...] = Field(  # type: ignore[assignment]
        ("test",),
        min_length=1,
        strict=False,
        description="`dev`, `test`, or datasets of kind `test_sentences`",
    )

    trains_on_several_gpus: ClassVar[bool] = False

    def dataset_name(self, vocabularies: Mapping[str, VocabularySettings]) -> str:
        """The experiment's dataset."""
        return self.dataset

    def check_names(self, where: str, names: Names) -> None:
        """The dataset and the test sets exist and are of the right kind."""
        names.dataset(f"{where}.dataset", self.dataset, "sentences")
        for name in set(self.test_sets) - {*HELD_OUT}:
            names.dataset(f"{where}.test_sets", name, "test_sentences")
