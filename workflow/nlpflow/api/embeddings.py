"""Runs that learn word vectors."""

from collections.abc import Sequence
from pathlib import Path

from nlpflow.errors import UserError
from nlpflow.tasks.embeddings.trained import load_vectors, normalise_asked_words


class EmbeddingsRun:
    """A run of task `embeddings`."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self.vectors, self.normalisation = load_vectors(self.folder)

    def asked(self, words: Sequence[str], count: int) -> list[str]:
        """Words as the run's training set has them; UserError if there are not `count` of them."""
        found = normalise_asked_words(words, self.normalisation)
        if len(found) != count:
            raise UserError(f"{len(found)} words instead of {count}")
        return found

    def neighbours(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """The nearest words with their cosines, nearest first; UserError for an unknown word."""
        (asked,) = self.asked([word], 1)
        return self.vectors.neighbours(asked, count)

    def analogy(self, a: str, b: str, c: str, count: int = 5) -> list[tuple[str, float]]:
        """The words that are to `c` as `b` is to `a`, with their cosines.

        Raises:
            UserError: a word is unknown
        """
        one, two, three = self.asked([a, b, c], 3)
        return self.vectors.analogy(one, two, three, count)
