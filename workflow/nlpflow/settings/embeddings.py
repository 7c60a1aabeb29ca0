"""Settings of a word embeddings experiment: words, model, training, test lists, figures."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Settings
from nlpflow.settings.data import VocabularySettings
from nlpflow.settings.names import Names
from nlpflow.settings.pretrained import SOURCE
from nlpflow.settings.training import BaseExperiment, Training


class WordSettings(Settings):
    """Which words get a vector of their own; the others are out-of-vocabulary."""

    min_count: int = Field(5, ge=1, description="words that occur at least this often in training")
    max_size: int | None = Field(
        None, ge=8, description="at most this many, the most frequent ones; null: no limit"
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

    window: int = Field(5, ge=1, le=100, description="use at most this many words on either side")
    subsample: float | None = Field(
        0.001,
        gt=0,
        lt=1,
        description="subsample words whose share of the text is larger than about this; null: "
        "keep every word",
    )


class SkipGramModel(WindowModel):
    """Skip-gram with negative sampling (Mikolov et al. 2013)."""

    kind: Literal["skipgram"] = Field(description="each word predicts those around it")
    negatives: int = Field(5, ge=1, le=100, description="noise words per pair")
    noise: int = Field(
        64, ge=1, description="noise words drawn per batch; its pairs share them with weights"
    )


SAMPLES = Field(
    default=None,
    ge=1,
    description="sampled softmax: train on this many words drawn per batch in place of the whole "
    "vocabulary; null: exact softmax",
)


class CbowModel(WindowModel):
    """Continuous bag of words, the tutorial's exercise (Mikolov et al. 2013a)."""

    kind: Literal["cbow"] = Field(description="the words around it predict each word")
    samples: int | None = SAMPLES


class NgramModel(EmbeddingsModel):
    """The n-gram language model of the tutorial (Bengio et al. 2003)."""

    kind: Literal["ngram"] = Field(description="the words before it predict each word")
    context: int = Field(2, ge=1, le=20, description="number of words before it (the tutorial: 2)")
    hidden: int = Field(128, ge=1, description="units of the hidden layer")
    samples: int | None = SAMPLES


class LstmModel(EmbeddingsModel):
    """An LSTM language model."""

    kind: Literal["lstm"] = Field(description="the whole sentence before it predicts each word")
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
        description="update rule; skip-gram and CBOW, whose gradients are sparse, need `sgd`"
    )
    learning_rate: float = Field(
        gt=0,
        le=10,
        description="learning rate; for skip-gram and CBOW that of a single word, as in the "
        "word2vec program (0.025, 0.05), which falls to nearly zero over all epochs",
    )
    batch_size: int = Field(
        512, ge=1, description="words per batch; for an LSTM sentences of similar length"
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
        default=(), strict=False, description="words on the map and in the table of neighbours"
    )
    frequent: int = Field(
        30, ge=0, le=200, description="this many of the most frequent words are also on the map"
    )
    neighbours: int = Field(8, ge=1, le=50, description="neighbours per word in the table")


class EmbeddingsExperiment(BaseExperiment):
    """Word vectors from text."""

    predicts_sentences: ClassVar[bool] = False
    task: Literal["embeddings"] = Field(description="what is learnt")
    dataset: Name = Field(description="a dataset of kind `sentences` with one language")
    words: WordSettings = Field(WordSettings(), description="the words")
    model: Model = Field(description="the network")
    training: EmbeddingsTraining = Field(description="the optimisation")
    lists: TestLists = Field(TestLists(), description="what the vectors are tested on")
    figures: EmbeddingsFigures = Field(
        EmbeddingsFigures(), description="words on the map and in the table of neighbours"
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
        dataset = names.dataset(f"{where}.dataset", self.dataset, "sentences")
        languages = dataset.languages_in(names.registry)
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
