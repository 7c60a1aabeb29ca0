"""Settings that experiments of every task share: training, resources, seeds."""

from typing import Literal, Self

from pydantic import Field, model_validator

from nlpflow.settings.base import Name, Seed, Settings


class Training(Settings):
    """The optimisation of any task's model."""

    optimiser: Literal["sgd", "rmsprop", "adam"] = Field("adam", description="update rule")
    learning_rate: float = Field(0.001, gt=0, le=10, description="step size")
    weight_decay: float = Field(
        0.0, ge=0, description="pull of the weights towards zero (L2 penalty; decoupled for adam)"
    )
    batch_size: int = Field(64, ge=1, description="sentences in a batch, all of like length")
    epochs: int = Field(30, ge=1, description="at most this many passes over the training set")
    patience: int = Field(
        5, ge=1, description="stop after this many epochs without a better dev score"
    )
    clip_norm: float | None = Field(
        1.0, gt=0, description="largest norm of the gradient; null: no clipping"
    )
    threads: int = Field(
        1,
        ge=1,
        description="torch threads; changes the last digits of results, so it is no resource",
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="`auto`: the GPU when there is one"
    )


class Resources(Settings):
    """What one training job asks of the machine. Changes no result."""

    threads: int = Field(1, ge=1, description="cores")
    mem_mb: int = Field(2000, ge=100, description="memory, in MB")
    runtime: int = Field(60, ge=1, description="time limit, in minutes")
    gpu: int = Field(0, ge=0, le=1, description="GPUs")


class BaseExperiment(Settings):
    """What experiments of every task have: one run a random seed."""

    test_sets: tuple[Name, ...] = Field(
        ("test",),
        min_length=1,
        strict=False,
        description="what runs are evaluated on: `dev`, `test`, test sets of the config",
    )
    resources: Resources = Field(Resources(), description="what a job asks for")
    seeds: tuple[Seed, ...] = Field(
        (1,), min_length=1, strict=False, description="random seeds; one run each"
    )
    label: str = Field("", description="name in tables and figures; empty: the experiment's key")

    @model_validator(mode="after")
    def _no_repeats(self) -> Self:
        for key in ("seeds", "test_sets"):
            values = getattr(self, key)
            if len(set(values)) < len(values):
                raise ValueError(f"{key}: {list(values)} names one twice")
        return self
