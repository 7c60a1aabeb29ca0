"""`nlpflow neighbours` and `nlpflow analogy`: questions to the vectors of a trained run."""

from collections.abc import Sequence
from pathlib import Path

from nlpflow.errors import UserError
from nlpflow.tasks.embeddings.trained import load_vectors, normalise_words
from nlpflow.text.streams import decodable


def neighbours(run: str, words: Sequence[str], top: int) -> int:
    """Print a line a word: the word, then its neighbours with their cosines, all between tabs."""
    _check_top(top)
    vectors, normalisation = load_vectors(Path(run))
    words = normalise_words(map(decodable, words), normalisation)
    found = [(word, vectors.neighbours(word, top)) for word in words]
    for word, best in found:
        print("\t".join([word, *_cells(best)]))
    return 0


def analogy(run: str, words: Sequence[str], top: int) -> int:
    """Print what is to the third word as the second is to the first: a line an answer."""
    _check_top(top)
    vectors, normalisation = load_vectors(Path(run))
    a, b, c = normalise_words(map(decodable, words), normalisation)
    for answer in _cells(vectors.analogy(a, b, c, top)):
        print(answer)
    return 0


def _cells(found: list[tuple[str, float]]) -> list[str]:
    return [f"{word} {cosine:.3f}" for word, cosine in found]


def _check_top(top: int) -> None:
    if top < 1:
        raise UserError(f"--top {top}: at least one word is needed")
