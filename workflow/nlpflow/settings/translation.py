"""Settings of a translation experiment: model, training, decoding, figures."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from nlpflow.errors import UserError
from nlpflow.settings.base import Name, Seed, Settings
from nlpflow.settings.checks import unknown_name
from nlpflow.settings.data import PairDataset
from nlpflow.settings.names import HELD_OUT, Names
from nlpflow.settings.pretrained import vector_files
from nlpflow.settings.training import BaseExperiment
from nlpflow.settings.translation_model import TranslationModel
from nlpflow.settings.translation_training import SEED, TranslationTraining, of_seed
from nlpflow.settings.vocabulary import VocabularySettings


class Sampling(Settings):
    """How outputs are drawn at random."""

    temperature: float = Field(
        1.0,
        gt=0,
        le=10,
        description="scores of words are divided by this; below 1, likely words become likelier",
    )
    nucleus: float = Field(
        1.0,
        gt=0,
        le=1,
        description="draw only from the most probable words whose probabilities together are at "
        "least this (Holtzman et al. 2020); 1: from all words",
    )
    seed: Seed = Field(1, description="random seed of the draws")


class Decoding(Settings):
    """How translations are decoded; during training the dev set is always decoded greedily."""

    max_tokens: int = Field(50, ge=1, description="longest output, in tokens")
    batch_size: int = Field(128, ge=1, description="sentences decoded at once")
    beam: int = Field(
        1, ge=1, le=1000, description="number of hypotheses of beam search; 1: greedy search"
    )
    length_penalty: float = Field(
        0.6,
        ge=0,
        le=5,
        description="beam search divides log probabilities by ((5 + tokens) / 6) to this power "
        "(Wu et al. 2016, equation 14); 0: no division, which favours short outputs",
    )
    sampling: Sampling | None = Field(
        None, description="draw outputs at random; null: search for the best ones"
    )
    replace_unknown: bool = Field(
        False,
        description="replace an unknown word (`<unk>`) of the output by the source word with the "
        'largest attention weight (Luong et al. 2015, "Addressing the rare word problem")',
    )
    ensemble: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        (),
        strict=False,
        description="folders of other runs with the same vocabulary, which decode together with "
        f"this run: for each token, the probabilities of all runs are averaged. `{SEED}` in a "
        "folder stands for the run's own random seed",
    )

    @model_validator(mode="after")
    def _sample_or_search(self) -> Self:
        if self.sampling is not None and self.beam > 1:
            raise ValueError("sampling and a beam exclude each other; set beam to 1")
        return self


class TranslationFigures(Settings):
    """Sentences whose attention is plotted."""

    sentences: tuple[str, ...] = Field(
        default=(), strict=False, description="source sentences of your own"
    )
    sample: int = Field(
        2,
        ge=0,
        le=100,
        description="number of sentences of the first test set that are plotted as well",
    )


class Seq2SeqExperiment(BaseExperiment):
    """Settings of experiments whose network turns one side of a pair into the other."""

    normalisations: ClassVar[tuple[str, ...]] = ()
    """The normalisations that the dataset may have; empty: all."""
    kept_text: ClassVar[str] = ""
    """What the other normalisations would change, for the error message."""
    vocabulary: Name = Field(
        description="a vocabulary of this config; its dataset is the dataset of the experiment"
    )
    model: TranslationModel = Field(description="the network", discriminator="network")
    training: TranslationTraining = Field(
        TranslationTraining(), description="optimiser, learning rate, epochs and so on"
    )
    decoding: Decoding = Field(Decoding(), description="how translations are searched")
    figures: TranslationFigures = Field(
        TranslationFigures(), description="sentences whose attention is plotted"
    )

    @field_validator("model", mode="before")
    @classmethod
    def _gru_is_the_default(cls, model: Any) -> Any:
        return {"network": "gru"} | model if isinstance(model, dict) else model

    @model_validator(mode="after")
    def _transformers_are_teacher_forced(self) -> Self:
        shares = self.training.teacher_forcing, self.training.teacher_forcing_end
        if self.model.network == "transformer" and any(s not in (1, None) for s in shares):
            raise ValueError(
                "training.teacher_forcing: a Transformer is trained on whole sentences at once; "
                "only 1 is possible"
            )
        return self

    @model_validator(mode="after")
    def _guided_attention(self) -> Self:
        if self.training.guided_alignment and self.model.attention == "none":
            raise ValueError("training.guided_alignment: attention 'none' has no weights to guide")
        return self

    @model_validator(mode="after")
    def _unknown_words_need_attention(self) -> Self:
        if self.decoding.replace_unknown and self.model.attention == "none":
            raise ValueError("decoding.replace_unknown: attention 'none' has no weights")
        return self

    @model_validator(mode="after")
    def _alignments_number_words(self) -> Self:
        noise = self.training.noise
        if self.training.guided_alignment and (noise.drop or noise.swap):
            raise ValueError(
                "training.noise: moves the words that gold alignments number; set "
                "training.guided_alignment to 0"
            )
        return self

    @model_validator(mode="after")
    def _copied_words_are_not_smoothed(self) -> Self:
        # The words that can be copied change from sentence to sentence.
        if self.model.copying and self.training.label_smoothing:
            raise ValueError(
                "training.label_smoothing: not possible with model.copying; set it to 0"
            )
        return self

    @model_validator(mode="after")
    def _embeddings_start_once(self) -> Self:
        if self.training.initialise_from is None:
            return self
        parts = self.training.initialise_parts
        for key, name in (("source", "encoder"), ("target", "decoder")):
            taken = not parts or name in parts or f"{name}.embedding" in parts
            if taken and getattr(self.model, f"{key}_vectors", None) is not None:
                raise ValueError(
                    f"model.{key}_vectors: training.initialise_from already sets these embeddings; "
                    f"remove model.{key}_vectors, or list only other parts in "
                    "training.initialise_parts"
                )
        return self

    @property
    def vocabulary_name(self) -> str:
        """The vocabulary that runs share."""
        return self.vocabulary

    def starts_from(self, seed: int) -> str | None:
        """See `BaseExperiment.starts_from`."""
        run = self.training.initialise_from
        return None if run is None else of_seed(run, seed)

    def decodes_with(self, seed: int) -> tuple[str, ...]:
        """See `BaseExperiment.decodes_with`."""
        return tuple(of_seed(run, seed) for run in self.decoding.ensemble)

    def dataset_name(self, vocabularies: Mapping[str, VocabularySettings]) -> str:
        """The dataset of the experiment's vocabulary."""
        return vocabularies[self.vocabulary].dataset

    def check_names(self, where: str, names: Names) -> None:
        """Vocabulary and normalisation exist and fit the model and the task."""
        vocabulary = names.vocabulary(f"{where}.vocabulary", self.vocabulary)
        if self.model.copying and vocabulary.kind != "parts":
            raise UserError(
                f"{where}.model.copying: copies parts of words, but vocabulary "
                f"'{self.vocabulary}' has {vocabulary.kind}; set its kind to parts"
            )
        if vocabulary.kind == "subwords" and vector_files(self.model):
            raise UserError(
                f"{where}.model: pretrained vectors are of words, but vocabulary "
                f"'{self.vocabulary}' has subwords"
            )
        dataset = names.datasets[vocabulary.dataset]
        assert isinstance(dataset, PairDataset)  # checked with the vocabulary
        if self.normalisations and dataset.normalisation not in self.normalisations:
            raise UserError(
                f"{where}: dataset '{vocabulary.dataset}' has normalisation "
                f"'{dataset.normalisation}', which changes {self.kept_text}; set it to "
                f"{' or '.join(self.normalisations)}"
            )


class TranslationExperiment(Seq2SeqExperiment):
    """Translation of sentences of one language into another."""

    task: Literal["translation"] = Field(description="what is learnt")
    test_sets: tuple[Name, ...] = Field(  # type: ignore[assignment]
        ("test",),
        min_length=1,
        strict=False,
        description="test sets of the runs: `dev`, `test`, or keys of the config's `test_sets`",
    )

    def check_names(self, where: str, names: Names) -> None:
        """See `Seq2SeqExperiment.check_names`; test sets exist and have the right languages."""
        super().check_names(where, names)
        dataset = names.datasets[names.vocabularies[self.vocabulary].dataset]
        assert isinstance(dataset, PairDataset)  # checked before
        for index, name in enumerate(self.test_sets):
            if name in HELD_OUT:
                continue
            if name not in names.test_sets:
                known = [*HELD_OUT, *names.test_sets]
                raise unknown_name(f"{where}.test_sets.{index}", name, known)
            languages = names.test_sets[name].languages
            if set(languages) != {dataset.source, dataset.target}:
                raise UserError(
                    f"{where}.test_sets.{index}: '{name}' is {' and '.join(languages)}, but the "
                    f"experiment translates {dataset.source} into {dataset.target}"
                )
