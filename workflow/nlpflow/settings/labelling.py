"""Settings of sequence labelling experiments: part-of-speech tagging and entities."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Settings
from nlpflow.settings.data import OfTaggedWords
from nlpflow.settings.names import HELD_OUT, Names
from nlpflow.settings.pretrained import SOURCE
from nlpflow.settings.training import BaseExperiment, Training
from nlpflow.settings.vocabulary import VocabularySettings


class Characters(Settings):
    """Character features: the states of an LSTM over the characters of each word."""

    embedding: int = Field(25, ge=1, description="size of the character embeddings")
    hidden: int = Field(50, ge=1, description="size of the LSTM's state, in each direction")
    bidirectional: bool = Field(
        True, description="read words in both directions (Ling et al. 2015); false: only forwards"
    )
    dropout: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="share of the characters that are replaced by the unknown character in "
        "training",
    )


class Affixes(Settings):
    """Embeddings of each word's prefixes and suffixes, in lower case, and of its shape.

    Affixes and shapes that occur only once in the training set share the embedding of unknown ones.
    """

    embedding: int = Field(
        25, ge=1, description="size of the embedding of each affix and of the shape"
    )
    longest: int = Field(
        4,
        ge=1,
        le=10,
        description="length of the longest prefixes and suffixes, in characters; the shortest "
        "have length 1",
    )
    shape: bool = Field(
        True,
        description="also embed the shape of the word: capital letters become X, small letters x "
        "and digits 0, and repeated characters are written once. The shape of `Covid-19` is "
        "`Xx-0`",
    )


class LabellingModel(Settings):
    """The network that gives each word of a sentence a score for each tag."""

    embedding: int = Field(100, ge=1, description="size of the word embeddings")
    embedding_std: float = Field(
        0.1,
        gt=0,
        le=10,
        description="standard deviation of word and affix embeddings when training starts; with "
        "`vectors`, words without a pretrained vector are initialised with the standard "
        "deviation of the pretrained vectors",
    )
    vectors: str | None = Field(
        None,
        min_length=1,
        description="pretrained vectors of size `embedding`: training starts from them, and words "
        f"that are not in the training set keep their pretrained vector; {SOURCE}",
    )
    lower_case: bool = Field(
        False, description="look words up in lower case; character features still see the case"
    )
    min_count: int = Field(
        1,
        ge=1,
        description="words that occur less often than this in the training set share the "
        "embedding of unknown words",
    )
    word_dropout: float = Field(
        0.25,
        ge=0,
        description="the number a: in training, a word that occurs n times is replaced by the "
        "unknown word with probability a / (a + n) (Kiperwasser & Goldberg 2016: 0.25)",
    )
    characters: Characters | None = Field(
        None, description="character features of each word; null: none"
    )
    affixes: Affixes | None = Field(
        Affixes(), description="features of the affixes and the shape of each word; null: none"
    )
    hidden: int = Field(128, ge=1, description="size of the LSTM's state, in each direction")
    layers: int = Field(1, ge=1, le=8, description="LSTM layers")
    bidirectional: bool = Field(True, description="read sentences in both directions")
    dropout: float = Field(
        0.5, ge=0, lt=1, description="dropout on embeddings and LSTM states in training"
    )
    output: Literal["softmax", "crf"] = Field(
        "softmax",
        description="`softmax`: each tag is predicted independently; `crf`: a linear-chain "
        "conditional random field predicts the tags of a sentence together",
    )


class EntitiesModel(LabellingModel):
    """The network of a run that finds entities."""

    output: Literal["softmax", "crf"] = Field(
        "crf", description=LabellingModel.model_fields["output"].description
    )
    scheme: Literal["IOB2", "IOBES"] = Field("IOBES", description="the tag scheme inside the model")
    constraints: bool | None = Field(
        None,
        description="`crf` only: exclude tag sequences that are invalid in the scheme; null: "
        "`true` if `output` is `crf`",
    )

    @model_validator(mode="after")
    def _constraints_need_crf(self) -> Self:
        if self.constraints and self.output != "crf":
            raise ValueError("constraints need output 'crf'")
        return self

    @property
    def constrained(self) -> bool:
        """Whether invalid tag sequences are ruled out."""
        return self.output == "crf" and self.constraints is not False


class LabellingTraining(Training):
    """How a tagger is trained; docs/labelling.md explains the defaults."""

    learning_rate: float = Field(
        0.003, gt=0, le=10, description=Training.model_fields["learning_rate"].description
    )
    schedule: Literal["constant", "inverse_sqrt", "cosine", "plateau"] = Field(
        "cosine", description=Training.model_fields["schedule"].description
    )
    batch_size: int = Field(8, ge=1, description=Training.model_fields["batch_size"].description)
    epochs: int = Field(8, ge=1, description=Training.model_fields["epochs"].description)
    patience: int = Field(8, ge=1, description=Training.model_fields["patience"].description)
    average: int = Field(3, ge=1, description=Training.model_fields["average"].description)
    loss: Literal["nll", "perceptron", "hinge"] = Field(
        "nll",
        description="`nll`: negative log-likelihood. With `output: crf` also `perceptron`: the "
        "score of the best tags minus the score of the gold tags (Collins 2002); `hinge`: the "
        "same, with 1 added to a score for each wrong tag, so that the gold tags must win by a "
        "margin (Taskar et al. 2004)",
    )


class LabellingFigures(Settings):
    """Sentences whose marginal probabilities are plotted."""

    sentences: tuple[str, ...] = Field(
        default=(),
        strict=False,
        description="sentences of your own, with spaces between words",
    )
    sample: int = Field(
        2,
        ge=0,
        le=100,
        description="number of sentences of the first test set that are plotted as well",
    )


class LabellingExperiment(BaseExperiment):
    """Settings of experiments of both tasks."""

    finds_entities: ClassVar[bool] = False

    dataset: Name = Field(description="a dataset of this config, of kind `labelled`")
    model: LabellingModel = Field(LabellingModel(), description="the network")
    training: LabellingTraining = Field(
        LabellingTraining(), description="optimiser, learning rate, epochs and so on"
    )
    test_sets: tuple[Name, ...] = Field(  # type: ignore[assignment]
        ("test",),
        min_length=1,
        strict=False,
        description="`dev`, `test`, or datasets of kind `test_labelled`",
    )
    figures: LabellingFigures = Field(
        LabellingFigures(), description="sentences whose marginal probabilities are plotted"
    )

    @model_validator(mode="after")
    def _sequence_losses_need_crf(self) -> Self:
        loss = self.training.loss
        if loss != "nll" and self.model.output != "crf":
            raise ValueError(f"training.loss: '{loss}' needs model.output 'crf'")
        return self

    def dataset_name(self, vocabularies: Mapping[str, VocabularySettings]) -> str:
        """The experiment's dataset."""
        return self.dataset

    def check_names(self, where: str, names: Names) -> None:
        """Refuse a dataset or test set whose tags are of another kind than the task's.

        Entities cannot be scored as parts of speech, nor universal tags as language-specific ones.
        """
        own = _of_words(names, f"{where}.dataset", self.dataset, "labelled")
        if names.registry[own.corpus].has_entities != self.finds_entities:
            has, task = ("entities", "entities")
            if self.finds_entities:
                has, task = ("part-of-speech tags", "tagging")
            raise UserError(f"{where}.dataset: '{self.dataset}' has {has}; set task: {task}")
        for name in self.test_sets:
            if name in HELD_OUT:
                continue
            other = _of_words(names, f"{where}.test_sets", name, "test_labelled")
            entities = names.registry[other.corpus].has_entities
            different = other.tags and own.tags and other.tags != own.tags
            if different or entities != self.finds_entities:
                raise UserError(
                    f"{where}.test_sets: '{name}' has other tags than '{self.dataset}'; take a "
                    "corpus with the same ones, or give the test set the same `tags`"
                )


def _of_words(names: Names, where: str, name: str, kind: str) -> OfTaggedWords:
    dataset = names.dataset(where, name, kind)
    assert isinstance(dataset, OfTaggedWords)
    return dataset


class TaggingExperiment(LabellingExperiment):
    """A tag for every word."""

    task: Literal["tagging"] = Field(description="what is learnt")


class EntitiesExperiment(LabellingExperiment):
    """The entities of a sentence: where each one starts and ends, and its type."""

    finds_entities: ClassVar[bool] = True
    baseline_settings: ClassVar[Mapping[str, str]] = {"scheme": "IOB2"}
    task: Literal["entities"] = Field(description="what is learnt")
    model: EntitiesModel = Field(EntitiesModel(), description="the network")

    @property
    def comparison_settings(self) -> dict[str, str]:
        """The scheme of the predicted tags."""
        return {"scheme": self.model.scheme}
