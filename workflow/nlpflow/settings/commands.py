"""Settings of the experiments whose output is a command: for a shell, or for an assistant."""

from typing import ClassVar, Literal

from pydantic import Field

from nlpflow.settings.translation import Seq2SeqExperiment


class BashExperiment(Seq2SeqExperiment):
    """The bash command that a request asks for."""

    normalisations: ClassVar = ("cased",)
    kept_text: ClassVar = "the signs of commands"
    task: Literal["bash"] = Field(description="what is learnt")


class FramesExperiment(Seq2SeqExperiment):
    """What a request to an assistant means: an intent with its slots."""

    normalisations: ClassVar = BashExperiment.normalisations
    kept_text: ClassVar = BashExperiment.kept_text
    task: Literal["frames"] = Field(description="what is learnt")
