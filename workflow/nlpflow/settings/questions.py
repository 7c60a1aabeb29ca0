"""Settings of the experiments that answer questions."""

from typing import ClassVar, Literal

from pydantic import Field

from nlpflow.settings.translation import Seq2SeqExperiment


class QuestionsExperiment(Seq2SeqExperiment):
    """An answer to a question, without a source of knowledge beside the training set."""

    normalisations: ClassVar = ("cased", "cased_words")
    kept_text: ClassVar = "numbers and names in answers"
    task: Literal["questions"] = Field(description="what is learnt")
