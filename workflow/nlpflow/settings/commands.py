"""Settings of the experiments whose output is a command: for a shell, or for an assistant."""

from typing import Literal

from pydantic import Field

from nlpflow.errors import UserError
from nlpflow.settings.data import PairDataset
from nlpflow.settings.names import Names
from nlpflow.settings.translation import Seq2SeqExperiment


class CommandExperiment(Seq2SeqExperiment):
    """Settings of both tasks."""

    def check_names(self, where: str, names: Names) -> None:
        """See `Seq2SeqExperiment.check_names`; a command must keep all of its signs."""
        super().check_names(where, names)
        name = names.vocabularies[self.vocabulary].dataset
        dataset = names.datasets[name]
        assert isinstance(dataset, PairDataset)  # checked before
        if dataset.normalisation != "cased":
            raise UserError(
                f"{where}: dataset '{name}' has normalisation '{dataset.normalisation}', which "
                "changes the signs of commands; set it to cased"
            )


class BashExperiment(CommandExperiment):
    """The bash command that a request asks for."""

    task: Literal["bash"] = Field(description="what is learnt")


class FramesExperiment(CommandExperiment):
    """What a request to an assistant means: an intent with its slots."""

    task: Literal["frames"] = Field(description="what is learnt")
