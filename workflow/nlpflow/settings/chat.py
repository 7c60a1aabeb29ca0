"""Settings of the experiments that respond in a dialogue."""

from typing import Literal

from pydantic import Field

from nlpflow.settings.translation import Seq2SeqExperiment


class ChatExperiment(Seq2SeqExperiment):
    """A response to the last two turns of a dialogue."""

    task: Literal["chat"] = Field(description="what is learnt")
