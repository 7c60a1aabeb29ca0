"""Settings of a word embeddings experiment: words, model, training, test lists, figures."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Settings
from nlpflow.settings.names import Names
from nlpflow.settings.pretrained import SOURCE
from nlpflow.settings.training import BaseExperiment, Training
from nlpflow.settings.vocabulary import VocabularySettings


class WordSettings(Settings):
    """Which words get a vector of their own; the others are out-of-vocabulary."""

    min_count: int = Field(
        5, ge=1, description="smallest number of times that a word must occur in the training set"
    )
    max_size: int | None = Field(
        None, ge=8, description="at most this many words, the most frequent ones; null: no limit"
    )


class EmbeddingsModel(Settings):
    """Settings of all four models."""

    dimension: int = Field(100, ge=1, description="size of the word vectors")
    vectors: str | None = Field(
        None,
        min_length=1,
        description=f"pretrained vectors of size `dimension` that training starts from: {SOURCE}",
    )


class WindowModel(EmbeddingsModel):
    """Settings of the models with a context window."""

    window: int = Field(
        5, ge=1, le=100, description="use at most this many words before and after each word"
    )
    subsample: float | None = Field(
        0.001,
        gt=0,
        lt=1,
        description="drop occurrences of a word at random if its share of the text is larger "
        "than about this; null: keep all",
    )


class SkipGramModel(WindowModel):
    """Skip-gram with negative sampling (Mikolov et al. 2013)."""

    kind: Literal["skipgram"] = Field(description="each word predicts the words around it")
    negatives: int = Field(
        5, ge=1, le=100, description="negative samples (noise words) per pair, on average"
    )
    noise: int = Field(
        64,
        ge=1,
        description="noise words drawn per batch. All pairs of the batch share them, with weights "
        "that correspond to `negatives` noise words per pair",
    )


SAMPLES = Field(
    default=None,
    ge=1,
    description="sampled softmax: in training, compute the softmax over this many words drawn "
    "per batch instead of the whole vocabulary; null: exact softmax",
)


class CbowModel(WindowModel):
    """Continuous bag of words, the tutorial's exercise (Mikolov et al. 2013a)."""

    kind: Literal["cbow"] = Field(description="each word is predicted from the words around it")
    samples: int | None = SAMPLES


class NgramModel(EmbeddingsModel):
    """The n-gram language model of the tutorial (Bengio et al. 2003)."""

    kind: Literal["ngram"] = Field(
        description="each word is predicted from the words just before it"
    )
    context: int = Field(
        2,
        ge=1,
        le=20,
        description="number of preceding words that a word is predicted from (the tutorial: 2)",
    )
    hidden: int = Field(128, ge=1, description="units of the hidden layer")
    samples: int | None = SAMPLES


class LstmModel(EmbeddingsModel):
    """An LSTM language model."""

    kind: Literal["lstm"] = Field(
        description="each word is predicted from the beginning of its sentence"
    )
    hidden: int = Field(128, ge=1, description="size of the LSTM states")
    layers: int = Field(1, ge=1, le=8, description="LSTM layers")
    dropout: float = Field(
        0.0, ge=0, lt=1, description="dropout on embeddings and states in training"
    )
    samples: int | None = SAMPLES


Model = Annotated[SkipGramModel | CbowModel | NgramModel | LstmModel, Field(discriminator="kind")]


class EmbeddingsTraining(Training):
    """Training of word vectors."""

    optimiser: Literal["sgd", "rmsprop", "adam"] = Field(
        description="update rule; skip-gram and CBOW need `sgd`, because their gradients are sparse"
    )
    learning_rate: float = Field(
        gt=0,
        le=10,
        description="learning rate. For skip-gram and CBOW it is the rate of an update for a "
        "single word, as in the word2vec program (usually 0.025 for skip-gram and 0.05 for "
        "CBOW), and falls linearly to nearly zero",
    )
    batch_size: int = Field(
        512,
        ge=1,
        description="words per batch; for the LSTM, sentences of similar length per batch",
    )
    epochs: int = Field(10, ge=1, description="at most this many passes over the training set")
    clip_norm: float | None = Field(
        None, gt=0, description="clip gradients to this norm; null: no clipping"
    )

    @property
    def plans_its_end(self) -> bool:
        """See `Training.plans_its_end`; the learning rate falls until the last epoch."""
        return True


class TestLists(Settings):
    """Corpora of the registry that word vectors are tested on."""

    similarity: tuple[Name, ...] = Field(
        (), strict=False, description="corpora with the reader `word_pairs`"
    )
    analogies: tuple[Name, ...] = Field(
        (), strict=False, description="corpora with the reader `analogies`"
    )


class EmbeddingsFigures(Settings):
    """Which words plots and tables show."""

    words: tuple[str, ...] = Field(
        default=(),
        strict=False,
        description="words in the scatter plot and in the table of neighbours",
    )
    frequent: int = Field(
        30,
        ge=0,
        le=200,
        description="the scatter plot also has this many of the most frequent words",
    )
    neighbours: int = Field(8, ge=1, le=50, description="neighbours per word in the table")


class EmbeddingsExperiment(BaseExperiment):
    """Word vectors from text."""

    predicts_sentences: ClassVar[bool] = False
    trains_on_several_gpus: ClassVar[bool] = False
    task: Literal["embeddings"] = Field(description="what is learnt")
    dataset: Name = Field(
        description="a dataset of kind `sentences` with one language, or of kind `pairs`"
    )
    side: Literal["source", "target"] | None = Field(
        None, description="required with a dataset of kind `pairs`: the side that is learnt from"
    )
    words: WordSettings = Field(WordSettings(), description="which words get a vector")
    model: Model = Field(description="the network")
    training: EmbeddingsTraining = Field(description="the optimisation")
    lists: TestLists = Field(
        TestLists(), description="word pairs and analogies that the vectors are tested on"
    )
    figures: EmbeddingsFigures = Field(
        EmbeddingsFigures(), description="words in the scatter plot and in the table of neighbours"
    )

    @model_validator(mode="after")
    def _sparse_gradients(self) -> Self:
        kind, training = self.model.kind, self.training
        if kind not in ("skipgram", "cbow"):
            return self
        if training.optimiser != "sgd":
            raise ValueError(
                f"training.optimiser: model '{kind}' has sparse gradients and takes 'sgd', "
                f"not '{training.optimiser}'"
            )
        if training.clip_norm is not None or training.weight_decay or training.accumulate > 1:
            raise ValueError(
                f"training: model '{kind}' has sparse gradients, summed over a batch, and takes "
                "neither clip_norm nor weight_decay nor accumulate"
            )
        return self

    def dataset_name(self, vocabularies: Mapping[str, VocabularySettings]) -> str:
        """The experiment's dataset."""
        return self.dataset

    @property
    def test_corpora(self) -> tuple[str, ...]:
        """The test lists."""
        return (*self.lists.similarity, *self.lists.analogies)

    def check_names(self, where: str, names: Names) -> None:
        """The dataset has one language, and the test lists are words of it."""
        languages = self._languages(where, names)
        if len(languages) != 1:
            raise UserError(
                f"{where}.dataset: '{self.dataset}' has the languages {', '.join(languages)}; "
                "word vectors need exactly one: name it in the dataset's `languages`"
            )
        for key, reader in (("similarity", "word_pairs"), ("analogies", "analogies")):
            for name in getattr(self.lists, key):
                corpus = names.corpus(f"{where}.lists.{key}", name)
                if corpus.reader != reader or corpus.languages != languages:
                    raise UserError(
                        f"{where}.lists.{key}: corpus '{name}' has the reader '{corpus.reader}' "
                        f"and the languages {', '.join(corpus.languages)}; it must have the reader "
                        f"'{reader}' and the language {languages[0]}"
                    )

    def _languages(self, where: str, names: Names) -> tuple[str, ...]:
        """The languages of the text that is learnt from."""
        if self.side is None:
            dataset = names.dataset(f"{where}.dataset", self.dataset, "sentences", "pairs")
            if dataset.kind == "pairs":
                raise UserError(
                    f"{where}.side is missing: dataset '{self.dataset}' is of kind 'pairs'; learn "
                    "from its 'source' or its 'target'"
                )
            return dataset.languages_in(names.registry)
        pairs = names.dataset(f"{where}.dataset", self.dataset, "pairs")
        return (str(getattr(pairs, self.side)),)
