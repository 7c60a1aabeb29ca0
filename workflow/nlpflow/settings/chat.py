"""Settings of the experiments that respond in a dialogue."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from nlpflow.settings.translation import Seq2SeqExperiment


class ChatExperiment(Seq2SeqExperiment):
    """A response to the last two turns of a dialogue."""

    normalisations: ClassVar = ("cased", "cased_words")
    kept_text: ClassVar = "the marks between turns, names and numbers"
    task: Literal["chat"] = Field(description="what is learnt")

    @model_validator(mode="after")
    def _one_network(self) -> Self:
        # Contexts are scored with the likelihoods of one network.
        if self.decoding.ensemble:
            raise ValueError("decoding.ensemble: not possible with task 'chat'; remove it")
        return self
