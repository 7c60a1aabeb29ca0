"""Settings of the experiments that answer questions."""

from typing import Literal

from pydantic import Field

from nlpflow.settings.translation import Seq2SeqExperiment


class QuestionsExperiment(Seq2SeqExperiment):
    """An answer to a question, without a source of knowledge beside the training set."""

    task: Literal["questions"] = Field(description="what is learnt")
