"""Runs that identify languages."""

from collections.abc import Sequence
from pathlib import Path

from nlpflow.api.texts import check_list
from nlpflow.tasks.language_id.identifier import Answer, load_identifier


class LanguageRun:
    """A run of task `language_id`."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self.identifier, self.run = load_identifier(self.folder)

    def identify(
        self, texts: Sequence[str], top: int = 1, threshold: float = 0.0
    ) -> list[list[Answer]]:
        """The most probable languages of raw texts; see `Identifier.identify`."""
        check_list(texts)
        return self.identifier.identify(texts, top, threshold)
