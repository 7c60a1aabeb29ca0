"""Settings of the training of networks that turn one side of a pair into the other."""

from typing import Self

from pydantic import Field, model_validator

from nlpflow.settings.base import Settings
from nlpflow.settings.training import Training

SEED = "{seed}"


def of_seed(folder: str, seed: int) -> str:
    """The folder of a run that settings name, for a run under this random seed."""
    return folder.replace(SEED, str(seed))


class Noise(Settings):
    """Changes of each source in training (Lample et al. 2018, section 2.2.1)."""

    drop: float = Field(0.0, ge=0, lt=1, description="share of the words that are left out")
    swap: int = Field(
        0, ge=0, le=20, description="words change places by at most about this many positions"
    )


class TranslationTraining(Training):
    """How a translation model is trained."""

    teacher_forcing: float = Field(
        1.0,
        ge=0,
        le=1,
        description="share of the batches in which the decoder gets the words of the reference "
        "translation (teacher-forced); in the others it gets its own words (free-running). The "
        "tutorial: 0.5",
    )
    teacher_forcing_end: float | None = Field(
        None,
        ge=0,
        le=1,
        description="`teacher_forcing` in the last epoch, if it should change linearly during "
        "training; null: it does not change",
    )
    batch_tokens: int | None = Field(
        None,
        ge=1,
        description="tokens per batch, including padding, counted on the longer side; replaces "
        "`batch_size`",
    )
    label_smoothing: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="share of the probability of each target word that is spread over all words "
        "in training; the dev loss is computed without smoothing",
    )
    word_dropout: float = Field(
        0.0,
        ge=0,
        description="the number a: in training, a source word that occurs n times is read as the "
        "unknown word with probability a / (a + n) (Kiperwasser & Goldberg 2016), so that the "
        "network learns to copy words or to do without them; 0: no word is",
    )
    noise: Noise = Field(
        Noise(), description="changes of the source in training, for a denoising autoencoder"
    )
    freeze: tuple[str, ...] = Field(
        (),
        strict=False,
        description="parts whose weights do not change in training, such as `encoder`",
    )
    guided_alignment: float = Field(
        0.0,
        ge=0,
        le=100,
        description="weight of the loss that pulls the attention towards gold word alignments "
        "(Chen et al. 2016); needs a corpus with alignments and a vocabulary of words; 0: the "
        "attention is learnt from the translations alone",
    )
    initialise_from: str | None = Field(
        None,
        description="folder of another run whose weights training starts from (warm start); "
        f"`{SEED}` in it stands for the run's own random seed",
    )
    initialise_parts: tuple[str, ...] = Field(
        (),
        strict=False,
        description="use only these parts of the other run, such as `encoder`; empty: all",
    )

    @property
    def plans_its_end(self) -> bool:
        """See `Training.plans_its_end`."""
        return super().plans_its_end or self.teacher_forcing_end is not None

    @model_validator(mode="after")
    def _parts_of_a_run(self) -> Self:
        if self.initialise_parts and self.initialise_from is None:
            raise ValueError("initialise_parts needs initialise_from")
        return self
