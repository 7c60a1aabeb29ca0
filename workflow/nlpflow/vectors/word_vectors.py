"""Words and their vectors: neighbours, analogies, and files that other programs read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from nlpflow.errors import UserError
from nlpflow.text.streams import shortened

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class WordVectors:
    """One vector per word, the most frequent word first."""

    words: tuple[str, ...]
    matrix: Matrix
    """(words, dimension)"""

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or len(self.words) != len(self.matrix):
            raise ValueError(f"{len(self.words)} words but vectors of shape {self.matrix.shape}")

    def __contains__(self, word: str) -> bool:
        return word in self._ids

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: index for index, word in enumerate(self.words)}

    @cached_property
    def unit(self) -> Matrix:
        """The vectors at length 1; a zero vector stays one: (words, dimension)."""
        lengths = np.linalg.norm(self.matrix, axis=1, keepdims=True)
        return np.asarray(self.matrix / np.where(lengths > 0, lengths, 1), np.float32)

    def index(self, word: str) -> int:
        """The row of a word; for an unknown word, a UserError with the nearest known spelling."""
        if word in self._ids:
            return self._ids[word]
        close = get_close_matches(word, self.words, n=1, cutoff=0.5)
        nearest = (
            f"the nearest known spelling is '{close[0]}'"
            if close
            else "no known word has a similar spelling"
        )
        raise UserError(f"word '{shortened(word)}' is unknown: {nearest}")

    def neighbours(self, word: str, count: int) -> list[tuple[str, float]]:
        """The words with the most similar vectors, by cosine; the word itself is left out."""
        row = self.index(word)
        return self._nearest(self.unit[row], count, [row])

    def analogy(self, a: str, b: str, c: str, count: int) -> list[tuple[str, float]]:
        """What is to `c` as `b` is to `a`, best first; the three words are left out.

        3CosAdd: the words whose vectors are nearest to `b - a + c`, where all vectors have length 1
        (Mikolov et al. 2013b, "Linguistic Regularities in Continuous Space Word Representations",
        section 4).
        """
        rows = [self.index(word) for word in (a, b, c)]
        target = self.unit[rows[1]] - self.unit[rows[0]] + self.unit[rows[2]]
        return self._nearest(target / (np.linalg.norm(target) or 1.0), count, rows)

    def _nearest(
        self, vector: Matrix, count: int, without: Sequence[int]
    ) -> list[tuple[str, float]]:
        similarity = self.unit @ vector
        similarity[list(without)] = -np.inf
        count = min(count, len(self.words) - len(set(without)))
        best = np.argsort(-similarity, kind="stable")[:count]
        return [(self.words[row], float(similarity[row])) for row in best]


def on_plane(vectors: Matrix) -> Matrix:
    """The vectors on their first two principal components.

    The largest weight of each component is made positive, so equal input gives the same picture.

    Args:
        vectors: (words, dimension)

    Returns:
        (words, 2); zeros where there are fewer words or dimensions than components
    """
    centred = vectors - vectors.mean(axis=0, keepdims=True)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    heaviest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    points = centred @ (axes * np.sign(heaviest)).T
    return np.pad(points, [(0, 0), (0, 2 - points.shape[1])])


def write_text(path: Path, vectors: WordVectors) -> None:
    """Write the text format of word2vec: a line with both sizes, then one word per line.

    The format does not allow words with white space; a ValueError names the first one.
    """
    for word in vectors.words:
        if len(word.split()) != 1:
            raise ValueError(f"{word!r} cannot be written: white space separates the columns")
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{len(vectors.words)} {vectors.matrix.shape[1]}\n")
        for word, row in zip(vectors.words, vectors.matrix.tolist(), strict=True):
            stream.write(f"{word} {' '.join(f'{value:.7g}' for value in row)}\n")


def write_safetensors(path: Path, vectors: WordVectors) -> None:
    """Write the tensor `vectors` (words, dimension), and the metadata `words`, a JSON list."""
    words = json.dumps(vectors.words, ensure_ascii=False)
    save_file({"vectors": np.ascontiguousarray(vectors.matrix)}, path, metadata={"words": words})
