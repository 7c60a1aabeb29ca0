"""Settings that experiments of every task share: training, resources, seeds."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from nlpflow.settings.base import Name, Seed, Settings


class Training(Settings):
    """How a model is trained, for any task."""

    optimiser: Literal["sgd", "rmsprop", "adam"] = Field("adam", description="update rule")
    learning_rate: float = Field(0.001, gt=0, le=10, description="learning rate")
    weight_decay: float = Field(
        0.0, ge=0, description="weight decay (an L2 penalty; decoupled for adam)"
    )
    schedule: Literal["constant", "inverse_sqrt", "cosine", "plateau"] = Field(
        "constant",
        description="how the learning rate changes during training. `inverse_sqrt`: it falls with "
        "the square root of the number of updates; `cosine`: it falls to zero at the end of the "
        "last epoch; `plateau`: it is reduced when the dev score stops rising (while the score "
        "is 0: when the dev loss stops falling)",
    )
    warmup_updates: int = Field(
        0,
        ge=0,
        description="number of updates over which the learning rate rises from zero, with any "
        "schedule",
    )
    plateau_factor: float = Field(
        0.5, gt=0, lt=1, description="`plateau` only: factor of each reduction"
    )
    plateau_patience: int = Field(
        2,
        ge=1,
        description="`plateau` only: reduce after this many epochs without a better dev score",
    )
    batch_size: int = Field(64, ge=1, description="sentences per batch, all of similar length")
    accumulate: int = Field(
        1, ge=1, description="number of batches whose gradients are summed for one update"
    )
    epochs: int = Field(30, ge=1, description="largest number of passes over the training set")
    patience: int = Field(
        5,
        ge=1,
        description="stop after this many epochs without a better dev score (while the score is "
        "0: without a lower dev loss)",
    )
    average: int = Field(
        1, ge=1, description="number of epochs whose weights are averaged; 1: no averaging"
    )
    average_of: Literal["best", "last"] = Field(
        "best",
        description="which epochs are averaged. `best`: those with the best dev scores (if scores "
        "are equal, those with the lower dev losses); `last`: the last ones",
    )
    precision: Literal["fp32", "bf16", "fp16"] = Field(
        "fp32",
        description="floating-point precision of matrix products in training; weights and dev "
        "scores are always fp32",
    )
    clip_norm: float | None = Field(
        1.0, gt=0, description="clip gradients to this norm; null: no clipping"
    )
    threads: int = Field(
        1,
        ge=1,
        description="number of threads that torch uses. It changes the last digits of results, so "
        "it is not one of the `resources`",
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="`auto`: use the GPU if there is one"
    )

    @property
    def plans_its_end(self) -> bool:
        """Whether training within an epoch depends on the total number of epochs."""
        return self.schedule == "cosine"

    @property
    def weights_kept(self) -> str:
        """Which weights a run ends with, as the report says it."""
        one = self.average == 1
        if self.average_of == "best":
            which = (
                "epoch with the best dev score"
                if one
                else f"{self.average} epochs with the best dev scores"
            )
        else:
            which = "last epoch" if one else f"last {self.average} epochs"
        return f"the weights of the {which}" if one else f"the mean of the weights of the {which}"


class Resources(Settings):
    """Resources that one training job requests; of these only `gpu` may change a result."""

    threads: int = Field(1, ge=1, description="number of cores")
    mem_mb: int = Field(2000, ge=100, description="memory, in MB")
    runtime: int = Field(60, ge=1, description="time limit, in minutes")
    gpu: int = Field(
        0,
        ge=0,
        description="number of GPUs. With more than one, a process on each of them computes its "
        "share of every batch. The masks of dropout, `word_dropout` and `noise` then depend on "
        "this number, so results differ as they do between two random seeds. A change of it trains "
        "no run again; a run's card has each number that the run was trained with. The tasks "
        "`embeddings` and `language_id` take at most one, and evaluation uses one",
    )
    checkpoint_minutes: int = Field(
        5,
        ge=0,
        description="minutes between checkpoints. A killed training run loses at most this much "
        "work; 0: save after every update",
    )


NO_PART_OF_THE_RESULT = {"label", "seeds", "test_sets", "resources", "figures"}
"""Keys of an experiment that change neither weights nor history."""


class BaseExperiment(Settings):
    """Settings of experiments of every task; one run per random seed."""

    test_sets: tuple[Literal["dev", "test"], ...] = Field(
        ("test",), min_length=1, strict=False, description="splits that runs are evaluated on"
    )
    training: Training = Field(Training(), description="optimiser, learning rate, epochs and so on")
    resources: Resources = Field(Resources(), description="what a training job requests")
    seeds: tuple[Seed, ...] = Field(
        (1,), min_length=1, strict=False, description="random seeds; there is one run for each"
    )
    label: str = Field("", description="name in tables and plots; empty: the experiment's key")
    compare_with: Name | None = Field(
        None,
        description="another experiment of the same task and dataset, or a baseline of the task "
        "(translation and bash: `nearest`; frames: `nearest`, `features`; chat: `fixed`, "
        "`nearest`; questions: `fixed`, `beginning`, `nearest`; tagging and entities: "
        "`most-frequent`, `hmm`, `features`). The report gives the difference between their "
        "scores with an interval and a p value, over the random seeds and test sets that both have",
    )

    trains_on_several_gpus: ClassVar[bool] = True
    """Whether batches can be divided among processes."""
    predicts_sentences: ClassVar[bool] = True
    """Whether runs predict something for each sentence, so that two of them can be compared."""
    baseline_settings: ClassVar[Mapping[str, str]] = {}
    """The settings that a comparison needs to score a baseline's predictions.

    For experiments, `comparison_settings` has the same purpose."""

    @property
    def vocabulary_name(self) -> str:
        """The vocabulary of the config that runs share; empty if each run makes its own."""
        return ""

    def starts_from(self, seed: int) -> str | None:
        """The folder of the run whose weights training starts from, if any."""
        return None

    def decodes_with(self, seed: int) -> tuple[str, ...]:
        """The folders of other runs that a run under this random seed is evaluated with."""
        return ()

    @property
    def test_corpora(self) -> tuple[str, ...]:
        """Corpora of the registry that runs are evaluated on, beside their test sets."""
        return ()

    @property
    def comparison_settings(self) -> dict[str, str]:
        """Settings of the experiment that a comparison of predictions needs."""
        return {}

    @model_validator(mode="after")
    def _possible_gpus(self) -> Self:
        if self.resources.gpu > 1:
            if not self.trains_on_several_gpus:
                raise ValueError(
                    "resources.gpu: this task trains on one GPU at most: set it to 0 or 1, not "
                    f"{self.resources.gpu}"
                )
            if self.training.device == "cpu":
                raise ValueError(
                    f"resources.gpu: training.device is 'cpu': set it to 'auto' to train on "
                    f"{self.resources.gpu} GPUs"
                )
        return self

    @model_validator(mode="after")
    def _no_repeats(self) -> Self:
        for key in ("seeds", "test_sets"):
            values = getattr(self, key)
            if len(set(values)) < len(values):
                raise ValueError(f"{key}: {list(values)} has a value twice")
        return self
