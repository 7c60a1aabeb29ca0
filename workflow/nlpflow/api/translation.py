"""Runs that turn one text into another: translation, commands, chat and questions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

from nlpflow.api.texts import check_list
from nlpflow.errors import UserError
from nlpflow.settings.chat import ChatExperiment
from nlpflow.settings.checks import checked
from nlpflow.settings.commands import BashExperiment, FramesExperiment
from nlpflow.settings.questions import QuestionsExperiment
from nlpflow.settings.translation import (
    Decoding,
    Sampling,
    Seq2SeqExperiment,
    TranslationExperiment,
)
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.translator import Translation, normalise_sentences
from nlpflow.text.dialogues import context
from nlpflow.text.frames import Frame, parse

NOTHING = Translation("", [], [], [], np.zeros((0, 0), np.float32))
"""The output for a text that is empty after normalisation."""


class Seq2SeqRun:
    """What these runs have in common.

    Args:
        folder: of the run
        others: folders of further runs that decode together with it; None: those that its settings
            name
        beam: number of hypotheses of beam search; None: as the run was evaluated
    """

    kinds: ClassVar[tuple[type[Seq2SeqExperiment], ...]]

    def __init__(
        self,
        folder: str | Path,
        others: Sequence[str | Path] | None = None,
        beam: int | None = None,
    ):
        paths = None if others is None else [Path(other) for other in others]
        self.folder = Path(folder)
        self.translator, self.run = load_translator(
            self.folder, beam=beam, others=paths, kinds=self.kinds
        )

    def outputs(self, texts: Sequence[str]) -> list[Translation]:
        """The output for each raw text, found with the settings' search."""
        sentences, filled = self._filled(texts)
        found = iter(self.translator.translate(filled))
        return [next(found) if sentence else NOTHING for sentence in sentences]

    def n_best(self, texts: Sequence[str], count: int) -> list[list[Translation]]:
        """The best outputs for each raw text, best first; none for an empty one.

        Args:
            texts: raw
            count: at most the beam

        Raises:
            UserError: the beam is smaller
        """
        beam = self.translator.decoding.beam
        if count < 1:
            raise UserError(f"count: {count} outputs; ask for 1 or more")
        if count > beam:
            raise UserError(f"{count} outputs need a beam of {count} or more, not {beam}")
        sentences, filled = self._filled(texts)
        found = iter(self.translator.n_best(filled, count))
        return [next(found) if sentence else [] for sentence in sentences]

    def search_with(self, beam: int) -> None:
        """Search with this beam from now on; 1: greedy search.

        Raises:
            UserError: there is no such beam
        """
        self._decode_with({"beam": beam, "sampling": None})

    def sample_with(self, sampling: Sampling) -> None:
        """Draw outputs at random from now on."""
        self._decode_with({"beam": 1, "sampling": sampling.model_dump()})

    def _decode_with(self, changed: dict[str, Any]) -> None:
        values = self.translator.decoding.model_dump() | changed
        self.translator.decoding = checked(Decoding, values, "decoding")

    def _filled(self, texts: Sequence[str]) -> tuple[list[str], list[str]]:
        check_list(texts)
        sentences = normalise_sentences(texts, self.run.normalisation)
        return sentences, [sentence for sentence in sentences if sentence]


class TranslationRun(Seq2SeqRun):
    """A run of task `translation`."""

    kinds = (TranslationExperiment,)

    def translate(self, texts: Sequence[str], beam: int | None = None) -> list[Translation]:
        """Translate raw sentences; an empty one gives an empty translation.

        Args:
            texts: raw
            beam: number of hypotheses, from now on; None: no change
        """
        if beam is not None:
            self.search_with(beam)
        return self.outputs(texts)


class Command(NamedTuple):
    """A command that a request asks for."""

    text: str
    frame: Frame | None
    """Intent and slots; None for a shell, or if the text does not have the form of a command."""
    parses: bool | None
    """Whether a shell command has no syntax error; None for an assistant."""


class CommandRun(Seq2SeqRun):
    """A run of task `bash` or `frames`."""

    kinds = (BashExperiment, FramesExperiment)

    def command(self, requests: Sequence[str]) -> list[Command]:
        """The command that each request asks for; nothing is executed."""
        return [self.described(output.text) for output in self.outputs(requests)]

    def described(self, text: str) -> Command:
        """What is known of the text of a command."""
        if self.run.settings["task"] == "frames":
            return Command(text, parse(text), None)
        from nlpflow.metrics.shell import parses

        return Command(text, None, parses(text))


class QuestionsRun(Seq2SeqRun):
    """A run of task `questions`."""

    kinds = (QuestionsExperiment,)

    def answer(self, questions: Sequence[str]) -> list[str]:
        """An answer to each question."""
        return [output.text for output in self.outputs(questions)]


class ChatRun(Seq2SeqRun):
    """A run of task `chat`."""

    kinds = (ChatExperiment,)

    def respond(self, turns: Sequence[str]) -> str:
        """The response to the last turns of a dialogue, the newest last.

        Draws at random differ from turn to turn.
        """
        check_list(turns)
        sampling = self.translator.decoding.sampling
        if sampling is None:
            return self.outputs([context(turns)])[0].text
        self.sample_with(sampling.model_copy(update={"seed": (sampling.seed + len(turns)) % 2**32}))
        (output,) = self.outputs([context(turns)])
        self.sample_with(sampling)
        return output.text
